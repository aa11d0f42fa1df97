// `oncepost runs list` and `oncepost runs show`.
import { Command } from 'commander';
import { actorName } from '../../domain/people/actor.ts';
import type { Recheck } from '../../domain/pipeline/recheck-view.ts';
import type { RunSummary, RunView } from '../../domain/pipeline/run-view.ts';
import { RUN_STATES } from '../../domain/pipeline/states.ts';
import type { Env } from '../../runtime/env.ts';
import { oneOf } from '../choices.ts';
import { print, withClient } from '../with-client.ts';

interface ListOptions {
  readonly pipeline?: string;
  readonly state?: string;
  readonly finding?: true;
  readonly after?: string;
  readonly json?: true;
}

export function listRunsCommand(env: Env): Command {
  return new Command('list')
    .description('list runs, the newest first')
    .option('--pipeline <name>', 'of this pipeline')
    .option('--state <state>', `one of ${RUN_STATES.join(', ')}`)
    .option('--finding', 'only those whose post was found changed or gone since it was published')
    .option('--after <id>', 'the last run of the page before')
    .option('--json', 'print the answer as JSON')
    .action(({ pipeline, state, finding, after, json }: ListOptions) =>
      withClient(env, async (client) => {
        const page = await client.runs.list({
          ...(pipeline === undefined ? {} : { pipeline }),
          ...(state === undefined ? {} : { state: oneOf('--state', STATES, state) }),
          ...(finding === undefined ? {} : { finding }),
          ...(after === undefined ? {} : { after }),
        });
        const more = page.next === null ? [] : [`More: --after ${page.next}`];
        print(page, json, () => [...page.runs.map(line), ...more].join('\n') || 'No runs.');
      }),
    );
}

const STATES = { running: 1, waiting: 1, failed: 1, blocked: 1, canceled: 1, ended: 1 } as const;

const line = ({ id, pipeline, state, stage, terminal, finding }: RunSummary): string =>
  `${id}  ${pipeline}  ${terminal ?? state}  ${stage}${finding === null ? '' : `  found ${finding.verdict}`}`;

export function showRunCommand(env: Env): Command {
  return new Command('show')
    .description('show where a run stands, its attempts and its artifacts')
    .argument('<id>', "the run's id")
    .option('--json', 'print the answer as JSON')
    .action((id: string, { json }: { json?: true }) =>
      withClient(env, async (client) => {
        const view = await client.runs.get(id);
        print(view, json, () => wordsOf(view));
      }),
    );
}

function wordsOf({ run, stages, artifacts, toolCalls, messages, asks, conflict, rechecks }: RunView): string {
  const head = `${run.id}  ${run.pipeline}  ${run.terminal ?? run.state}`;
  const rows = stages.map(({ id, state, attempts, cause, says }) => {
    const why = cause ? `  ${cause.code}: ${cause.text}` : says === null ? '' : `  ${says}`;
    return `  ${id}  ${state}${attempts > 1 ? ` (attempt ${attempts})` : ''}${why}`;
  });
  const made = artifacts.map(({ name, version, sizeBytes, sha256 }) => {
    return `  ${name}${version > 1 ? ` v${version}` : ''}  ${sizeBytes} bytes  ${sha256.slice(0, 12)}`;
  });
  const calls = toolCalls.map(({ stage, action, state, tries, settledBy }) => {
    const how = settledBy === null ? '' : ` (by ${settledBy})`;
    return `  ${stage}  ${action}  ${state}${how}${tries > 1 ? `  ${tries} tries` : ''}`;
  });
  const said = messages.map(({ name, stage, at, by, accepted, text }) => {
    const where = stage === null ? '' : ` at ${stage}`;
    return `  ${name}${where}  ${at}  by ${actorName(by)}  ${accepted ? 'accepted' : `refused: ${text}`}`;
  });
  const question =
    asks === null
      ? []
      : [`Asks to approve "${asks.title}": oncepost runs approve ${run.id} --fingerprint ${asks.fingerprint}`];
  return [
    head,
    ...rows,
    ...(made.length > 0 ? ['Artifacts', ...made] : []),
    ...(calls.length > 0 ? ['Calls outside', ...calls] : []),
    ...(said.length > 0 ? ['Messages', ...said] : []),
    ...(rechecks.length > 0 ? ['Checked again', ...rechecks.map(lookedLine)] : []),
    ...(run.finding === null ? [] : [`${run.finding.cause.code}: ${run.finding.nextStep}`]),
    ...question,
    ...inTheWay(run.id, conflict),
  ].join('\n');
}

const lookedLine = ({ verdict, says, endedAt, askedAt }: Recheck): string =>
  verdict === null ? `  under way since ${askedAt}` : `  ${endedAt}  ${verdict}  ${says ?? ''}`;

function inTheWay(runId: string, conflict: RunView['conflict']): readonly string[] {
  if (conflict === null) return [];
  const { pageId, url, why, differences } = conflict;
  return [
    `In the way: page ${pageId}${url === null ? '' : ` at ${url}`}. ${why}.`,
    ...differences.map(({ what, planned, seen }) => `  ${what}: planned "${planned}", seen "${seen}"`),
    `Take it for the post: oncepost runs adopt ${runId} ${pageId}`,
    `Choose another slug: oncepost runs rename ${runId} SLUG`,
  ];
}
