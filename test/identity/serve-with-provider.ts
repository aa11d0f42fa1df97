// The HTTP server of a stage behind a sign-in provider. Its address must be known before, since it is registered there.
import { randomBytes } from 'node:crypto';
import { readEnv } from '../../src/runtime/env.ts';
import { type RunningServer, startServer } from '../../src/web/server.ts';
import type { Stage } from '../harness/stage.ts';

export const CLIENT = { id: 'oncepost', secret: randomBytes(16).toString('hex') } as const;

/** Serves on that port of loopback, with people signing in at that issuer. */
export function serveWithProvider(
  stage: Stage,
  {
    port,
    issuer,
    env = {},
  }: { readonly port: number; readonly issuer: string; readonly env?: Readonly<Record<string, string>> },
): Promise<RunningServer> {
  const context = {
    ...stage.context,
    // What a lying provider says is warned of each time.
    log: stage.context.log.child({}, { level: 'silent' }),
    env: readEnv({
      ...stage.env,
      ONCEPOST_PUBLIC_URL: `http://127.0.0.1:${port}`,
      ONCEPOST_OIDC_ISSUER: issuer,
      ONCEPOST_OIDC_CLIENT_ID: CLIENT.id,
      ONCEPOST_OIDC_CLIENT_SECRET: CLIENT.secret,
      ...env,
    }),
  };
  return startServer(context, { host: '127.0.0.1', port, client: stage.temporal });
}
