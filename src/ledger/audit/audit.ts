// Writes the audit trail. Always the last statement of its transaction: the chain's head is locked until commit, and
// what cannot be audited does not happen (law 11).
//
// Every transaction of the ledger takes its locks in one order, so that no two can wait for each other: the schedule's
// row -> the account's lease -> the account's row -> everything else -> the head of the workspace's audit trail, last.
// A statement that writes a whole step keeps to it too: what it audits is read from the parts that lock before it.
import { sql } from 'drizzle-orm';
import { raiseAlarm, type Seen } from '../alarms/raise.ts';
import type { Database, Tx } from '../database/database.ts';
import { auditEvents } from '../schema/records.ts';
import type { AuditEvent } from './audit-event.ts';
import { type Leak, masked } from './leaks.ts';

const NOT_YET = new Uint8Array();

/**
 * Appends events in order; position and hashes are filled in by the database. What changed nothing has none. A secret in one is masked, and
 * an alarm tells of its place.
 */
export async function appendAudit(tx: Tx, events: readonly AuditEvent[]): Promise<void> {
  if (events.length === 0) return;
  const safe: AuditEvent[] = [];
  for (const event of events) {
    const { payload, leaks } = await masked(event.payload);
    safe.push({ ...event, payload });
    for (const leak of leaks) safe.push(...(await raiseAlarm(tx, seenLeak(event, leak))));
  }
  await tx
    .insert(auditEvents)
    .values(safe.map((event) => ({ ...event, position: 0, previousHash: NOT_YET, hash: NOT_YET })));
}

/** What was about to be recorded, and is masked. */
export function seenLeak(
  { workspaceId, traceId, type, at }: Pick<AuditEvent, 'workspaceId' | 'traceId' | 'type' | 'at'>,
  { path, kind }: Leak,
): Seen {
  const subject = `${path} of ${type}`;
  const says = `${kind} stood in ${subject}. It was masked before it was stored; replace the secret, wherever it came from.`;
  return { workspaceId, kind: 'secret_leak_detected', subject, says, traceId, at };
}

/** The first position at which a workspace's chain does not hold, or null when it is whole. */
export async function firstAuditBreak(db: Database, workspaceId: string): Promise<number | null> {
  const rows = await db.execute<{ broken_at: string }>(sql`select broken_at from audit_first_break(${workspaceId})`);
  const [row] = rows;
  return row ? Number(row.broken_at) : null;
}
