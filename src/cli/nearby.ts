// `oncepost nearby`: what the platform lists around a create whose outcome nobody knows.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

export function nearbyCommand(env: Env): Command {
  return new Command('nearby')
    .description('ask the platform what it lists around the time of a post, before you resolve it')
    .argument('<id>', "the schedule's id")
    .option('--json', 'print the answer as JSON')
    .action((id: string, { json }: { json?: true }) =>
      withClient(env, async (client) => {
        const { around, posts, unread } = await client.nearby(id);
        print({ around, posts, unread }, json, () => {
          if (posts === null) return unread ?? '';
          if (posts.length === 0) return `The platform lists nothing around ${around}. A post may still appear later.`;
          return posts
            .map(({ id: post, at, url, text }) => `${at ?? 'unknown time'}  ${url ?? post}\n  ${text}`)
            .join('\n');
        });
        if (posts === null) process.exitCode = 1;
      }),
    );
}
