// `oncepost resolve`: a person's answer whether an unconfirmed post is live.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { CommandRefused } from './command-refused.ts';
import { print, withClient } from './with-client.ts';

interface Options {
  readonly live?: string;
  readonly url?: string;
  readonly notLive?: true;
  readonly evidence: string;
  readonly json?: true;
}

export function resolveCommand(env: Env): Command {
  return new Command('resolve')
    .description('decide whether an unconfirmed post is live')
    .argument('<id>', "the schedule's id")
    .option('--live <post>', "it is live, as the platform's post of that id")
    .option('--url <url>', 'and is found there')
    .option('--not-live', 'it is not live')
    .requiredOption('--evidence <text>', 'what you saw and where')
    .option('--json', 'print the answer as JSON')
    .action((id: string, options: Options) =>
      withClient(env, async (client) => {
        const answer = await client.send('resolve', id, bodyOf(options));
        print(answer, options.json, () => `Recorded; it is ${answer.state}.`);
      }),
    );
}

function bodyOf({ live, url, notLive, evidence }: Options) {
  if ((live === undefined) === (notLive === undefined)) {
    throw new CommandRefused('Say --live with the id of the post, or --not-live; nothing was sent.');
  }
  if (live === undefined) return { verdict: 'not_live', evidence } as const;
  return { verdict: 'live', platformPostId: live, evidence, ...(url === undefined ? {} : { url }) } as const;
}
