// `oncepost server`: the HTTP API.
import { Command } from 'commander';
import { assertUsable, buildContext, type Context } from '../boot/context.ts';
import { openTemporalClient } from '../boot/temporal-connection.ts';
import { untilThere } from '../boot/until-there.ts';
import type { Env } from '../runtime/env.ts';
import { stopRequested, tellReady } from '../runtime/process-manners.ts';
import { StartAgainLater } from '../runtime/start-refused.ts';
import { startServer } from '../web/server.ts';

export function serverCommand(env: Env): Command {
  return new Command('server').description('run the HTTP server').action(async () => {
    const stop = stopRequested();
    const context = await buildContext(env);
    try {
      await assertNotRefused(context);
      await serve(context, stop);
    } finally {
      await context.close();
    }
  });
}

/** What waiting does not mend is told before anything listens. @throws StartRefused */
async function assertNotRefused(context: Context): Promise<void> {
  try {
    await assertUsable(context);
  } catch (error) {
    if (!(error instanceof StartAgainLater)) throw error;
  }
}

/** Listens, unhealthy while a server it needs is away, and tells when it can do its work. */
async function serve(context: Context, stop: Promise<void>): Promise<void> {
  const { env, log, settings } = context;
  const temporal = openTemporalClient(settings.namespace.name, env.ONCEPOST_PAYLOAD_KEY);
  const { ONCEPOST_HOST: host, ONCEPOST_PORT: port } = env;
  const server = await startServer(context, { host, port, client: temporal.client });
  try {
    log.info({ url: server.url }, 'the HTTP server listens');
    if ((await untilThere({ log, stop }, () => assertUsable(context))) === null) return;
    tellReady();
    await stop;
  } finally {
    await server.close();
    await temporal.close();
  }
}
