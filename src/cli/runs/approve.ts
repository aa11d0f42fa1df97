// `oncepost runs approve`: decides on the content that a run waits with.
import { Command } from 'commander';
import type { Env } from '../../runtime/env.ts';
import { print, withClient } from '../with-client.ts';

interface Options {
  readonly fingerprint: string;
  readonly reject?: true;
  readonly note?: string;
  readonly json?: true;
}

export function approveRunCommand(env: Env): Command {
  return new Command('approve')
    .description('approve, or reject, exactly the content that you looked at')
    .argument('<id>', "the run's id")
    .requiredOption('--fingerprint <fingerprint>', 'of the content, as "oncepost runs show" tells it')
    .option('--reject', 'reject it instead')
    .option('--note <text>', 'what stands beside it in the record')
    .option('--json', 'print the answer as JSON')
    .action((id: string, { fingerprint, reject, note, json }: Options) =>
      withClient(env, async (client) => {
        const decided = await client.runs.decide(id, {
          verdict: reject ? 'rejected' : 'approved',
          expectedFingerprint: fingerprint,
          ...(note === undefined ? {} : { note }),
        });
        print(decided, json, () => (decided.verdict === 'approved' ? 'Approved; the run goes on.' : 'Rejected.'));
      }),
    );
}
