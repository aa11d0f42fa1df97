// Commands of a person work on the servers of `npm start` where no others are named.
import type { Context } from '../boot/context.ts';
import { secretKeyOf } from '../local/data-folder.ts';
import { embeddedDatabaseUrl } from '../local/postgres/postgres.ts';
import { type Env, readEnv } from '../runtime/env.ts';
import { withContext } from './with-context.ts';

/** As `withContext`, on the database that is named or else on that of the data folder. */
export async function withLocalContext(env: Env, work: (context: Context) => Promise<void>): Promise<void> {
  await withContext(await withLocalServers(env), work);
}

/** The environment, with the database and the key of the data folder where DATABASE_URL is not set. */
async function withLocalServers(env: Env): Promise<Env> {
  if (env.DATABASE_URL !== undefined) return env;
  const DATABASE_URL = await embeddedDatabaseUrl(env.ONCEPOST_DATA, env.ONCEPOST_POSTGRES_PORT);
  if (DATABASE_URL === undefined) return env;
  const { ONCEPOST_SECRET_KEY } = readEnv({ ONCEPOST_SECRET_KEY: await secretKeyOf(env.ONCEPOST_DATA) });
  return { ...env, DATABASE_URL, ONCEPOST_SECRET_KEY: env.ONCEPOST_SECRET_KEY ?? ONCEPOST_SECRET_KEY };
}
