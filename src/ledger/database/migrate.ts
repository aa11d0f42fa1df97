// Brings a database to the present schema; any number of processes may call it at once.
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { refusingDatabase } from './database-refused.ts';
import { assertNotNewer, MIGRATIONS_FOLDER } from './schema-version.ts';

const LOCK = 7_326_001;

/**
 * Applies what is missing, one process at a time, under an advisory lock of the session.
 * @throws StartRefused when the database cannot be used or is of a newer version, StartAgainLater when it does not answer
 */
export function migrate(url: string): Promise<void> {
  return refusingDatabase(url, () => applyMissing(url));
}

async function applyMissing(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connect_timeout: 10, onnotice: () => {} });
  const db = drizzle(client);
  try {
    await db.execute(sql`select pg_advisory_lock(${LOCK})`);
    await assertNotNewer(db);
    await applyMigrations(db, { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    await client.end({ timeout: 5 });
  }
}
