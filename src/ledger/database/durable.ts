// Whether a commit that was answered stays committed, whatever becomes of the server: an intent that is lost would let a
// create be sent twice (law 2).
import { sql } from 'drizzle-orm';
import { StartRefused } from '../../runtime/start-refused.ts';
import type { Database } from './database.ts';

/** @throws StartRefused when sessions of ours get `synchronous_commit = off` in spite of what they ask for */
export async function assertDurable(db: Pick<Database, 'execute'>): Promise<void> {
  const [session] = await db.execute<{ synchronous_commit: string }>(sql`show synchronous_commit`);
  if (session?.synchronous_commit !== 'off') return;
  throw new StartRefused(
    'PostgreSQL may lose commits that it has answered (synchronous_commit is off for our sessions), and a lost one could publish a second time; nothing was started; take it out of DATABASE_URL, let the pooler pass it on, or set it on for the user in DATABASE_URL, then start again.',
  );
}
