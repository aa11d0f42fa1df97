// `oncepost server`: the HTTP API.
import { Command } from 'commander';
import { startServer } from '../api/server.ts';
import { openTemporalClient } from '../boot/temporal-connection.ts';
import type { Env } from '../runtime/env.ts';
import { stopRequested, tellReady } from '../runtime/process-manners.ts';
import { withContext } from './with-context.ts';

export function serverCommand(env: Env): Command {
  return new Command('server').description('run the HTTP server').action(() =>
    withContext(env, async (context) => {
      const temporal = openTemporalClient(context.settings.namespace.name);
      const { ONCEPOST_HOST: host, ONCEPOST_PORT: port } = env;
      const server = await startServer(context, { host, port, client: temporal.client });
      tellReady();
      context.log.info({ url: server.url }, 'the HTTP server listens');
      await stopRequested();
      await server.close();
      await temporal.close();
    }),
  );
}
