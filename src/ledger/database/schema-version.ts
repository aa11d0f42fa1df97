// Whether the database and this program speak of the same tables: what the database records of its migrations, against
// the migrations that came with this program.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { sql } from 'drizzle-orm';
import { z } from 'zod';
import { StartRefused } from '../../runtime/start-refused.ts';
import type { Database } from './database.ts';

export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

const journalSchema = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });

/** @throws StartRefused when the database was prepared by a newer version */
export async function assertNotNewer(db: Pick<Database, 'execute'>): Promise<void> {
  const known = new Set(ownMigrations().map(({ when }) => when));
  if ((await recordedMigrations(db)).every((when) => known.has(when))) return;
  throw new StartRefused(
    'The database was prepared by a newer version of Oncepost: it records a migration that this version does not know; nothing in it was changed; start the version that prepared it, or name another database in DATABASE_URL.',
  );
}

/** @throws StartRefused when the database is newer, or was not brought to this version yet */
export async function assertPrepared(db: Pick<Database, 'execute'>): Promise<void> {
  await assertNotNewer(db);
  const recorded = new Set(await recordedMigrations(db));
  const [missing] = ownMigrations().filter(({ when }) => !recorded.has(when));
  if (missing === undefined) return;
  const what =
    recorded.size === 0 ? 'is not prepared for Oncepost' : `lacks the migration ${missing.tag} of this version`;
  throw new StartRefused(
    `The database ${what}; nothing was started and nothing in it was changed; run "oncepost migrate" with the same DATABASE_URL, then start again.`,
  );
}

function ownMigrations(): z.infer<typeof journalSchema>['entries'] {
  return journalSchema.parse(JSON.parse(readFileSync(`${MIGRATIONS_FOLDER}/meta/_journal.json`, 'utf8'))).entries;
}

/** The instants by which the database names what was applied to it; none when nothing ever was. */
async function recordedMigrations(db: Pick<Database, 'execute'>): Promise<number[]> {
  const [there] = await db.execute<{ found: boolean }>(
    sql`select to_regclass('drizzle.__drizzle_migrations') is not null as found`,
  );
  if (!there?.found) return [];
  const rows = await db.execute<{ created_at: string }>(sql`select created_at from drizzle.__drizzle_migrations`);
  return rows.map((row) => Number(row.created_at));
}
