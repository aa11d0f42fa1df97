// Pipelines with a stage whose effect outside must not happen twice by itself, over each runner, with a site that keeps its own record.
import { expect } from 'vitest';
import { type AuditView, activityPageSchema } from '../../src/domain/audit/activity.ts';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import type { SettingChanges } from '../harness/settings.ts';
import { type EffectFault, type EffectsSite, startEffectsSite } from './effects-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';

const BRIEF = { 'brief.md': 'Sea.' };
const text = (name: string) => ({ name, media_type: 'text/markdown' });

/** A program that asks the site; `path` is what it asks. */
const asks = (url: string, path: 'make' | 'look') => [
  'node',
  '-e',
  `let s='';process.stdin.on('data',d=>s+=d).on('end',async()=>{const told=JSON.parse(s);` +
    (path === 'make'
      ? `const a=await fetch('${url}/make',{method:'POST',body:s});`
      : `const a=await fetch('${url}/look?key='+told.stage.key);if(!a.ok)process.exit(1);`) +
    `console.log(await a.text())})`,
];

export const RUNNERS = ['http', 'mcp', 'command'] as const;
type Runner = (typeof RUNNERS)[number];

/** As temporal.yaml writes the stage. */
function stageOf(runner: Runner, site: EffectsSite, { looks }: { readonly looks: boolean }): object {
  switch (runner) {
    case 'http':
      return {
        url: `${site.url}/make`,
        private_address: true,
        ...(looks ? { lookup_url: `${site.url}/look` } : {}),
      };
    case 'mcp':
      return { server: 'effects', tool: 'make', ...(looks ? { lookup: { server: 'effects', tool: 'was_made' } } : {}) };
    case 'command':
      return { command: asks(site.url, 'make'), ...(looks ? { lookup: asks(site.url, 'look') } : {}) };
  }
}

interface Kind {
  readonly effect: string;
  readonly looks: boolean;
  readonly timeout: string;
}

function pipeline(runner: Runner, site: EffectsSite, { effect, looks, timeout }: Kind) {
  return {
    inputs: [text('brief.md')],
    stages: [
      {
        id: 'write',
        runner: 'human',
        inputs: ['brief.md'],
        artifacts: [text('draft.md')],
      },
      {
        id: 'make',
        runner,
        ...stageOf(runner, site, { looks }),
        effect,
        timeout,
        inputs: ['draft.md'],
        artifacts: [text('made.md')],
      },
      { id: 'read', runner: 'human', inputs: ['made.md'], artifacts: [text('read.md')], terminal: 'read' },
    ],
  };
}

export interface EffectsPlace {
  readonly site: EffectsSite;
  readonly place: PipelinePlace;
  /** A run whose author has not written yet. */
  begin(pipeline: string): Promise<string>;
  /** A run that has come to the stage, with what its first call meets chosen before. */
  start(pipeline: string, fault: EffectFault | null): Promise<string>;
  write(id: string): Promise<void>;
  say(id: string, word: string, json: object): Promise<void>;
  /** Once the stage has made what it makes. */
  untilMade(id: string): Promise<RunView>;
  untilAsked(id: string): Promise<RunView>;
  /** Once it has looked, could not tell, and will look again. */
  untilLooksAgain(id: string): Promise<RunView>;
  /** What the audit trail says of its calls, oldest first. */
  auditOf(id: string): Promise<readonly AuditView[]>;
  /** Only of what type each row is. */
  audited(id: string): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** With a worker; `timeout`: of the stage. Pipelines: each runner with `-looks`, `-blind` (nobody can be asked) and `-keyed` (its repeat is harmless). */
export async function openEffectsPlace(settings: SettingChanges = {}, timeout = '3s'): Promise<EffectsPlace> {
  const site = await startEffectsSite();
  const pipelines = Object.fromEntries(
    RUNNERS.flatMap((runner) => [
      [`${runner}-looks`, pipeline(runner, site, { effect: 'once', looks: true, timeout })],
      [`${runner}-blind`, pipeline(runner, site, { effect: 'once', looks: false, timeout })],
      [`${runner}-keyed`, pipeline(runner, site, { effect: 'idempotent', looks: false, timeout })],
    ]),
  );
  const place = await openPipelinePlace(pipelines, {
    mcp_servers: { effects: { url: site.mcpUrl } },
    'timeouts.send_window': '500ms',
    'timeouts.answer': '1s',
    'task_queues.stages.max_concurrent_stages': 40,
    ...settings,
  });
  await place.startWorker();
  let count = 0;
  const say = async (id: string, word: string, json: object) =>
    expect(await place.api.ask('POST', `/api/runs/${id}/${word}`, { json })).toMatchObject({ status: 200 });
  const begin = (name: string) => {
    count += 1;
    return place.start({ pipeline: name, slug: `${name}-${count}`, files: BRIEF });
  };
  const write = (id: string) => say(id, 'submit', { stage: 'write', files: { 'draft.md': 'Waves.' } });
  const auditOf = async (id: string) => {
    const { run } = await place.look(id);
    const { body } = await place.api.ask('GET', `/api/activity?trace=${run.traceId}&limit=100`);
    const { events } = activityPageSchema.parse(body);
    return events.filter(({ type }) => type.startsWith('tool_call.')).toReversed();
  };
  return {
    site,
    place,
    begin,
    async start(name, fault) {
      const id = await begin(name);
      if (fault) site.fault(fault, id);
      await write(id);
      return id;
    },
    write,
    say,
    untilMade: (id) => place.untilRun(id, 'has come to read', ({ run }) => run.stage === 'read'),
    untilAsked: (id) => place.untilRun(id, 'is blocked', ({ run }) => run.state === 'blocked'),
    untilLooksAgain: (id) =>
      place.untilRun(id, 'waits for a look', ({ run }) => run.state === 'waiting' && run.stage === 'make'),
    audited: async (id) => (await auditOf(id)).map(({ type }) => type),
    auditOf,
    async close() {
      await place.close();
      await site.close();
    },
  };
}

/** State, tries and by what its end is known, of each call. */
export const callsOf = ({ toolCalls }: RunView) =>
  toolCalls.map(({ state, tries, settledBy }) => [state, tries, settledBy] as const);

/** Number and outcome of each attempt of the stage. */
export const attemptsOf = ({ attempts }: RunView) =>
  attempts.filter(({ stage }) => stage === 'make').map(({ number, outcome }) => [number, outcome] as const);
