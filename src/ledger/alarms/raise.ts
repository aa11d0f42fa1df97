// Opens alarms and closes them, in the transaction of whatever was seen or proved. A condition that lasts is one alarm, however often it is
// seen.
import { and, eq, ne, sql } from 'drizzle-orm';
import { ALARM_KINDS, type AlarmKindName } from '../../domain/alarms/alarm.ts';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { newId } from '../../runtime/ids.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { alarms } from '../schema/alarms.ts';

/** A condition that was seen. */
export interface Seen {
  readonly workspaceId: string;
  readonly kind: AlarmKindName;
  readonly subject: string;
  /** In one sentence, without any secret. */
  readonly says: string;
  readonly traceId: string;
  readonly at: Date;
}

/**
 * Opens an alarm, or counts the one that stands, in the transaction of whatever was seen. Answers what the caller appends to the audit
 * trail, last: opening is on record, being seen again is not.
 */
export async function raiseAlarm(
  tx: Tx,
  { workspaceId, kind, subject, says, traceId, at }: Seen,
): Promise<AuditEvent[]> {
  const { severity, mode } = ALARM_KINDS[kind];
  const row = { id: newId(), workspaceId, kind, subject, severity, says, traceId, count: 1, firstAt: at, lastAt: at };
  const [stands] = await tx
    .insert(alarms)
    .values({ ...row, state: 'open', words: [] })
    .onConflictDoUpdate({
      target: [alarms.workspaceId, alarms.kind, alarms.subject],
      targetWhere: sql`state <> 'resolved'`,
      set: {
        count: sql`${alarms.count} + 1`,
        says,
        traceId,
        lastAt: sql`greatest(${alarms.lastAt}, excluded.last_at)`,
      },
    })
    .returning({ id: alarms.id, count: alarms.count });
  if (!stands || stands.count > 1) return [];
  const payload = { alarmId: stands.id, kind, mode, subject, severity, says };
  return [{ workspaceId, traceId, type: OTHER_AUDIT.alarmOpened, actor: SYSTEM_ACTOR, payload, at }];
}

/** What is proved to be over. `by`: what proved it, in one sentence. */
export interface Over extends Pick<Seen, 'workspaceId' | 'kind' | 'subject' | 'at'> {
  readonly by: string;
}

/** Closes the alarm that stands, where its kind can be proved over. Answers what the caller appends to the audit trail, last. */
export async function endAlarm(tx: Tx, { workspaceId, kind, subject, by, at }: Over): Promise<AuditEvent[]> {
  if (!ALARM_KINDS[kind].closesItself) return [];
  const about = and(eq(alarms.workspaceId, workspaceId), eq(alarms.kind, kind), eq(alarms.subject, subject));
  const [ended] = await tx
    .update(alarms)
    .set({ state: 'resolved', resolvedAt: at, endedBy: by })
    .where(and(about, ne(alarms.state, 'resolved')))
    .returning({ id: alarms.id, traceId: alarms.traceId });
  if (!ended) return [];
  const payload = { alarmId: ended.id, kind, subject, by };
  return [{ workspaceId, traceId: ended.traceId, type: OTHER_AUDIT.alarmResolved, actor: SYSTEM_ACTOR, payload, at }];
}
