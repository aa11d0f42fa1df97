// Writes the audit trail. Always the last statement of its transaction: the chain's head is locked until commit, and
// what cannot be audited does not happen (law 11).
//
// Every transaction of the ledger takes its locks in one order, so that no two can wait for each other: the schedule's
// row -> the account's lease -> the account's row -> everything else -> the head of the workspace's audit trail, last.
// A statement that writes a whole step keeps to it too: what it audits is read from the parts that lock before it.
import { sql } from 'drizzle-orm';
import type { AuditType } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { Database, Tx } from '../database/database.ts';
import { auditEvents } from '../schema/records.ts';

export interface AuditEvent {
  readonly workspaceId: string;
  readonly traceId: string;
  readonly type: AuditType;
  readonly scheduleId?: string | undefined;
  readonly actor: Actor;
  /** Facts for whoever reads the trail later; never a secret. */
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

const NOT_YET = new Uint8Array();

/** Appends events in order; position and hashes are filled in by the database. What changed nothing has none. */
export async function appendAudit(tx: Tx, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  await tx
    .insert(auditEvents)
    .values(events.map((event) => ({ ...event, position: 0, previousHash: NOT_YET, hash: NOT_YET })));
}

/** The first position at which a workspace's chain does not hold, or null when it is whole. */
export async function firstAuditBreak(db: Database, workspaceId: string): Promise<number | null> {
  const rows = await db.execute<{ broken_at: string }>(sql`select broken_at from audit_first_break(${workspaceId})`);
  const [row] = rows;
  return row ? Number(row.broken_at) : null;
}
