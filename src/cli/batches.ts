// `oncepost batches`: the replays of incidents that are under way, or that have ended.
import { Command } from 'commander';
import type { BatchSummary } from '../client/client.ts';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

interface Options {
  readonly ended?: true;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: true;
}

export function batchesCommand(env: Env): Command {
  return new Command('batches')
    .description('list the batches that are under way, the newest first')
    .option('--ended', 'those that have ended instead')
    .option('--limit <count>', 'at most so many, up to 200')
    .option('--cursor <cursor>', 'go on where the page before ended')
    .option('--json', 'print the page as JSON')
    .action(({ ended, limit, cursor, json }: Options) =>
      withClient(env, async (client) => {
        const page = await client.batches({
          ...(ended ? { state: 'ended' } : {}),
          ...(limit === undefined ? {} : { limit: Number(limit) }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        const more = page.nextCursor === null ? [] : [`More: --cursor ${page.nextCursor}`];
        print(page, json, () => [...page.batches.map(line), ...more].join('\n') || 'None.');
      }),
    );
}

function line({ id, account, cause, members, askedBy, askedAt, canceledAt, endedAt }: BatchSummary): string {
  const stands = endedAt === null ? 'under way' : canceledAt === null ? `ended ${endedAt}` : `canceled ${canceledAt}`;
  return `${id}  ${account.name}  ${cause}  ${members} members  ${stands}  asked for by ${askedBy} ${askedAt}`;
}
