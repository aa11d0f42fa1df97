// `oncepost claim`: who looks after an item.
import { Command } from 'commander';
import type { Env } from '../runtime/env.ts';
import { print, withClient } from './with-client.ts';

interface Options {
  readonly takeOver?: true;
  readonly release?: true;
  readonly json?: true;
}

export function claimCommand(env: Env): Command {
  return new Command('claim')
    .description('claim an item, take it over from somebody, or give it back')
    .argument('<id>', "the schedule's id")
    .option('--take-over', 'also when somebody else has claimed it')
    .option('--release', 'give it back')
    .option('--json', 'print the answer as JSON')
    .action((id: string, { takeOver, release, json }: Options) =>
      withClient(env, async (client) => {
        const claimed = await client.claim(id, release ? 'release' : takeOver ? 'take_over' : 'claim');
        print(claimed, json, () =>
          claimed.claimedBy === null ? 'Nobody has claimed it any more.' : `Claimed by ${claimed.claimedBy}.`,
        );
      }),
    );
}
