// `oncepost replay`: one publish, or the failures of one account for one cause together.
import { Command } from 'commander';
import type { Batch, OncepostClient } from '../client/client.ts';
import { CAUSES } from '../domain/causes/causes.ts';
import type { Pace } from '../domain/schedules/pace.ts';
import type { Env } from '../runtime/env.ts';
import { oneOf } from './choices.ts';
import { CommandRefused } from './command-refused.ts';
import { print, withClient } from './with-client.ts';

interface Options {
  readonly account?: string;
  readonly cause?: string;
  readonly every?: string;
  readonly until?: string;
  readonly skipOlder?: string;
  readonly note?: string;
  readonly follow?: true;
  readonly json?: true;
}

export function replayCommand(env: Env): Command {
  return new Command('replay')
    .description('replay one publish, or with --account and --cause every failure of an incident')
    .argument('[id]', "the schedule's id")
    .option('--account <account>', 'the account of the incident, by name or id')
    .option('--cause <code>', 'the cause of the incident')
    .option('--every <minutes>', 'one after another, for example 5m; at once without it')
    .option('--until <instant>', 'spread until then, as ISO 8601 with an offset')
    .option('--skip-older <instant>', 'leave what was due before then as it is')
    .option('--note <text>', 'why, for the record')
    .option('--follow', 'wait until the batch has ended')
    .option('--json', 'print the answer as JSON')
    .action((id: string | undefined, options: Options) =>
      withClient(env, (client) => (id === undefined ? together(client, options) : one(client, id, options))),
    );
}

async function one(client: OncepostClient, scheduleId: string, { account, cause, note, json }: Options): Promise<void> {
  if (account !== undefined || cause !== undefined) {
    throw new CommandRefused('Name one publish, or an incident by --account and --cause, not both; nothing was sent.');
  }
  const answer = await client.replay({ scheduleId, ...(note === undefined ? {} : { note }) });
  print(answer, json, () => answer.message);
}

async function together(client: OncepostClient, options: Options): Promise<void> {
  const { account, cause, skipOlder, note, follow, json } = options;
  if (account === undefined || cause === undefined) {
    throw new CommandRefused('Name a publish by its id, or an incident by --account and --cause; nothing was sent.');
  }
  const asked = await client.startBatch({
    account,
    cause: oneOf('--cause', CAUSES, cause),
    pace: paceOf(options),
    ...(skipOlder === undefined ? {} : { skipOlder }),
    ...(note === undefined ? {} : { note }),
  });
  if (!follow) {
    print(
      asked,
      json,
      () => `Batch ${asked.id}: ${asked.members} members, ${asked.tooOld} of them too old. It runs on its own.`,
    );
    return;
  }
  const batch = await untilEnded(client, asked.id);
  print(batch, json, () => wordsOf(batch));
}

function paceOf({ every, until }: Options): Pace {
  if (every !== undefined && until !== undefined) {
    throw new CommandRefused('Give --every or --until, not both; nothing was sent.');
  }
  if (until !== undefined) return { kind: 'until', at: until };
  if (every === undefined) return { kind: 'at_once' };
  const minutes = /^(\d{1,5})m?$/.exec(every)?.[1];
  if (minutes === undefined) throw new CommandRefused('--every takes minutes, like 5m; nothing was sent.');
  return { kind: 'every', minutes: Number(minutes) };
}

const LOOK_MS = 1_000;

async function untilEnded(client: OncepostClient, id: string): Promise<Batch> {
  for (;;) {
    const batch = await client.batch(id);
    if (batch.endedAt !== null) return batch;
    console.error(`${batch.members - (batch.counts.waiting ?? 0)} of ${batch.members}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function wordsOf({ counts, report }: Batch): string {
  const totals = Object.entries(counts).flatMap(([verdict, count]) => (count > 0 ? [`${verdict}: ${count}`] : []));
  const lines = report.map(({ scheduleId, verdict, says }) => `${scheduleId}  ${verdict}  ${says}`);
  return [totals.join(', '), ...lines].join('\n');
}
