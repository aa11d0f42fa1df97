// Whether the audit trail can be written: tried in truth, and taken back.
import { sql } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';

/** Another writer holds the chain's head just now: the trail is being written. */
const LOCK_NOT_AVAILABLE = '55P03';

/** True when an audit event could be written now (F-15): one is written in a transaction that is rolled back. */
export async function auditCanBeWritten({ db }: Ledger): Promise<boolean> {
  try {
    await db.transaction(async (tx) => {
      await tx.execute(sql`set local lock_timeout = '500ms'`);
      await tx.execute(sql`set local statement_timeout = '2s'`);
      await tx.execute(sql`
        insert into audit_events (workspace_id, position, trace_id, type, actor, payload, at, previous_hash, hash)
        select id, 0, gen_random_uuid(), 'health.probe', '{}', '{}', now(), '', '' from workspaces limit 1`);
      throw new TakenBack();
    });
    return false;
  } catch (error) {
    return error instanceof TakenBack || isLockTimeout(error);
  }
}

class TakenBack extends Error {
  override readonly name = 'TakenBack';
}

function isLockTimeout(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if ('code' in current && current.code === LOCK_NOT_AVAILABLE) return true;
  }
  return false;
}
