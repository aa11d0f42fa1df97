// `oncepost practice`: fills the sandbox workspace, as the first start does.
import { Command } from 'commander';
import { openTemporalClient } from '../boot/temporal-connection.ts';
import { makePractice } from '../practice/make-practice.ts';
import { makePracticeRuns } from '../practice/make-runs.ts';
import { sandboxUrlOf } from '../practice/pipeline.ts';
import type { Env } from '../runtime/env.ts';
import { withContext } from './with-context.ts';

export function practiceCommand(env: Env): Command {
  return new Command('practice')
    .description('make the practice publishes of the sandbox workspace')
    .option('--runs', 'make the practice runs instead')
    .action(({ runs }: { runs?: true }) =>
      withContext({ ...env, ONCEPOST_PRACTICE: true }, async (context) => {
        const temporal = openTemporalClient(context.settings.namespace.name, env.ONCEPOST_PAYLOAD_KEY);
        // Whoever started it was killed: the next start makes what is missing, and no two may be at it at once.
        const orphaned = () => process.exit(1);
        process.once('disconnect', orphaned);
        try {
          await (runs ? makePracticeRuns : makePractice)(context, temporal.client, sandboxUrlOf(env));
        } finally {
          process.off('disconnect', orphaned);
          await temporal.close();
        }
      }),
    );
}
