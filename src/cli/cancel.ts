// `oncepost cancel`: a publish that is not to go out any more.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

export function cancelCommand(env: Env): Command {
  return new Command('cancel')
    .description('cancel a publish, unless it may already be live')
    .argument('<id>', "the schedule's id")
    .option('--note <text>', 'why, for the record')
    .option('--json', 'print the answer as JSON')
    .action((id: string, { note, json }: { readonly note?: string; readonly json?: true }) =>
      withClient(env, async (client) => {
        const answer = await client.send('cancel', id, note === undefined ? {} : { note });
        print(answer, json, () => 'Canceled.');
      }),
    );
}
