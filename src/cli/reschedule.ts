// `oncepost reschedule`: another time for a publish.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

export function rescheduleCommand(env: Env): Command {
  return new Command('reschedule')
    .description('give a publish another time')
    .argument('<id>', "the schedule's id")
    .requiredOption('--at <instant>', 'when, as ISO 8601 with an offset')
    .option('--json', 'print the answer as JSON')
    .action((id: string, { at, json }: { readonly at: string; readonly json?: true }) =>
      withClient(env, async (client) => {
        const answer = await client.send('reschedule', id, { publishAt: at });
        print(answer, json, () => `It goes out ${answer.wakeAt ?? at}.`);
      }),
    );
}
