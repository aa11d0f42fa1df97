// `oncepost resume`: a publish that waits for a platform which could not be reached tries again now.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

export function resumeCommand(env: Env): Command {
  return new Command('resume')
    .description('try again now instead of waiting for a platform that could not be reached')
    .argument('<id>', "the schedule's id")
    .option('--note <text>', 'why, for the record')
    .option('--json', 'print the answer as JSON')
    .action((id: string, { note, json }: { readonly note?: string; readonly json?: true }) =>
      withClient(env, async (client) => {
        const answer = await client.send('resume', id, note === undefined ? {} : { note });
        print(answer, json, () => 'It tries again now.');
      }),
    );
}
