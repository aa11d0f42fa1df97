// `oncepost tonight`: what is due within a day, and what will stop it.
import { Command } from 'commander';
import type { Tonight } from '../domain/tonight/tonight.ts';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

interface Options {
  readonly fresh?: boolean;
  readonly limit?: string;
  readonly cursor?: string;
  readonly json?: true;
}

export function tonightCommand(env: Env): Command {
  return new Command('tonight')
    .description('show what is due within a day and what will stop it; exits with 1 when something will')
    .option('--fresh', 'have all of it looked at now, media included')
    .option('--limit <count>', 'at most so many, up to 200')
    .option('--cursor <cursor>', 'go on where the page before ended')
    .option('--json', 'print the page as JSON')
    .action(({ fresh = false, limit, cursor, json }: Options) =>
      withClient(env, async (client) => {
        const page = { ...(limit === undefined ? {} : { limit: Number(limit) }), ...(cursor ? { cursor } : {}) };
        const night = await client.tonight({ fresh, ...page });
        if (night.stopped > 0) process.exitCode = 1;
        print(night, json, () => wordsOf(night));
      }),
    );
}

function wordsOf({ due, stopped, unseen, looking, publishes, nextCursor }: Tonight): string {
  const unlooked = unseen === 0 ? '' : ` At ${unseen} nobody has looked yet.`;
  const found = publishes
    .filter(({ findings }) => findings.length > 0)
    .flatMap(({ item, findings }) => [
      `${item.publishAt}  ${item.id}  ${item.account.name} on ${item.platform}`,
      ...findings.map(({ text }) => `  ${text}`),
    ]);
  return [
    `${due} due within a day, ${stopped} will not go out as they stand.${unlooked}`,
    ...(looking ? ['All of it is being looked at; ask again in a minute.'] : []),
    ...found,
    ...(nextCursor === null ? [] : [`More: --cursor ${nextCursor}`]),
  ].join('\n');
}
