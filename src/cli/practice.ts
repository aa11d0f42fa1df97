// `oncepost practice`: fills the sandbox workspace, as the first start does.
import { Command } from 'commander';
import { openTemporalClient } from '../boot/temporal-connection.ts';
import { makePractice } from '../practice/make-practice.ts';
import type { Env } from '../runtime/env.ts';
import { withContext } from './with-context.ts';

export function practiceCommand(env: Env): Command {
  return new Command('practice').description('make the practice publishes of the sandbox workspace').action(() =>
    withContext(env, async (context) => {
      const temporal = openTemporalClient(context.settings.namespace.name);
      try {
        await makePractice(context, temporal.client, `http://127.0.0.1:${env.ONCEPOST_SANDBOX_PORT}`);
      } finally {
        await temporal.close();
      }
    }),
  );
}
