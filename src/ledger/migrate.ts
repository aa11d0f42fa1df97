// Brings a database to the present schema; any number of processes may call it at once.
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';

const LOCK = 7_326_001;
const FOLDER = new URL('./migrations', import.meta.url).pathname;

/** Applies what is missing, one process at a time, under an advisory lock of the session. */
export async function migrate(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  const db = drizzle(client);
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK})`);
    await applyMigrations(db, { migrationsFolder: FOLDER });
  } finally {
    await client.end({ timeout: 5 });
  }
}
