// `oncepost start`: everything on this machine, as `npm start` runs it.
import { Command } from 'commander';
import { settingsOf } from '../boot/context.ts';
import { temporalTarget } from '../boot/temporal-connection.ts';
import { runStart } from '../local/run-start.ts';
import { loadPlatforms } from '../platforms/registry.ts';
import type { Env } from '../runtime/env.ts';
import { isLoopback } from '../runtime/ports.ts';

export function startCommand(env: Env): Command {
  return new Command('start')
    .description('start PostgreSQL, Temporal, the worker, the HTTP server and the sandbox on this machine')
    .action(async () => {
      const settings = settingsOf(env, await loadPlatforms());
      const { options, namespace } = temporalTarget(settings.namespace.name);
      await runStart({
        dataFolder: env.ONCEPOST_DATA,
        host: env.ONCEPOST_HOST,
        signsInByLink: isLoopback(env.ONCEPOST_HOST) && env.ONCEPOST_OIDC_ISSUER === undefined,
        ports: {
          server: env.ONCEPOST_PORT,
          sandbox: env.ONCEPOST_SANDBOX_PORT,
          postgres: env.ONCEPOST_POSTGRES_PORT,
          temporal: env.ONCEPOST_TEMPORAL_PORT,
          temporalUi: env.ONCEPOST_TEMPORAL_UI_PORT,
        },
        namespace,
        retentionMs: settings.namespace.retentionMs,
        searchAttributes: settings.searchAttributes,
        databaseUrl: env.DATABASE_URL,
        temporalAddress: env.TEMPORAL_ADDRESS ?? options.address,
        temporalProgram: env.ONCEPOST_TEMPORAL_PROGRAM,
        cacheHome: env.XDG_CACHE_HOME,
        endsWithParent: env.npm_lifecycle_event !== undefined,
        secretKey: env.ONCEPOST_SECRET_KEY && Buffer.from(env.ONCEPOST_SECRET_KEY).toString('base64'),
        // The sandbox serves its media from loopback, and only here it is known where it is.
        environment: { ...process.env, ONCEPOST_ALLOW_PRIVATE_MEDIA: '1', ONCEPOST_PRACTICE: '1' },
      });
    });
}
