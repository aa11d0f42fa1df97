// `oncepost runs accept`: says that what stands found wrong of a published post is meant so.
import { Command } from 'commander';
import type { Env } from '../../runtime/env.ts';
import { CommandRefused } from '../command-refused.ts';
import { print, withClient } from '../with-client.ts';

interface Options {
  readonly note?: string;
  readonly json?: true;
}

export function acceptCommand(env: Env): Command {
  return new Command('accept')
    .description('say that what stands found wrong of a published post is meant so')
    .argument('<id>', "the run's id")
    .option('--note <text>', 'why, for the record')
    .option('--json', 'print the answer as JSON')
    .action((id: string, { note, json }: Options) =>
      withClient(env, async ({ runs }) => {
        const { finding } = (await runs.get(id)).run;
        if (finding === null)
          throw new CommandRefused(`Nothing stands found wrong of ${id}, so there is nothing to accept.`);
        const answer = await runs.accept(id, finding.recheckId, note === undefined ? {} : { note });
        print(answer, json, () => `Accepted; it is found wrong no more while it stays ${finding.verdict} exactly so.`);
      }),
    );
}
