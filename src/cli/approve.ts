// `oncepost approve`: decides on one version of a post.
import { Command } from 'commander';
import { decidedSentence } from '../domain/reviews/decision.ts';
import type { Env } from '../runtime/env.ts';
import { withClient } from './with-client.ts';

interface ApproveOptions {
  readonly fingerprint: string;
  readonly reject?: true;
  readonly note?: string;
  readonly json?: true;
}

export function approveCommand(env: Env): Command {
  return new Command('approve')
    .description('approve, or reject, exactly the version of a post that you looked at')
    .argument('<id>', "the schedule's id")
    .requiredOption('--fingerprint <fingerprint>', 'the version, as the record of the schedule shows it')
    .option('--reject', 'reject it instead')
    .option('--note <text>', 'what stands beside it in the record')
    .option('--json', 'as JSON')
    .action((id: string, options: ApproveOptions) =>
      withClient(env, async (client) => {
        const decided = await client.decide(id, {
          verdict: options.reject ? 'rejected' : 'approved',
          expectedFingerprint: options.fingerprint,
          ...(options.note === undefined ? {} : { note: options.note }),
        });
        if (options.json) return console.log(JSON.stringify(decided, null, 2));
        console.log(decidedSentence(decided));
      }),
    );
}
