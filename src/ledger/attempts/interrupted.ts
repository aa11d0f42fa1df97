// Ends the attempt that somebody overtook: a worker that died, a run that is gone, a cancel, another attempt. No attempt
// is left without an end (law 8).
import { and, isNull, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { releaseLease } from '../accounts/leases.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import type { ScheduleRow } from '../schedules/facts.ts';
import { belongsTo, isSchedule } from '../schema/keys.ts';
import { attempts, schedules } from '../schema/schedules.ts';

/** Ends what still runs of the locked schedule and answers the audit events to append in the same transaction. */
export async function closeInterrupted(tx: Tx, schedule: ScheduleRow, now: Date): Promise<AuditEvent[]> {
  const ended = await tx
    .update(attempts)
    .set({ endedAt: now, outcome: 'interrupted' })
    .where(and(belongsTo(attempts, keyOf(schedule)), isNull(attempts.endedAt)))
    .returning({ number: attempts.number, worker: attempts.worker });
  return ended.map(({ number, worker }) => ({
    workspaceId: schedule.workspaceId,
    traceId: schedule.traceId,
    type: OTHER_AUDIT.attemptInterrupted,
    scheduleId: schedule.id,
    actor: SYSTEM_ACTOR,
    payload: { attempt: number, worker },
    at: now,
  }));
}

/** How many of the newest attempts were interrupted, without one that came to an end between them. */
export async function interruptedInARow(tx: Tx, { workspaceId, scheduleId }: ScheduleKey): Promise<number> {
  const mine = sql`workspace_id = ${workspaceId} and schedule_id = ${scheduleId}`;
  const [row] = await tx.execute<{ count: number }>(sql`
    select count(*)::int as count from attempts
    where ${mine} and number > (
      select coalesce(max(number), 0) from attempts where ${mine} and outcome <> 'interrupted'
    )`);
  return row?.count ?? 0;
}

/** An attempt that was overtaken or withdrawn before its call does nothing more: it ends, and gives the account back. */
export async function endOvertaken(ledger: Ledger, key: ScheduleKey, fence: number): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const [schedule] = await tx.select().from(schedules).where(isSchedule(key)).for('update');
    if (!schedule) return;
    await releaseLease(tx, schedule.accountId, fence);
    // While the schedule is being posted, what still runs is the newer attempt, or ends with it.
    if (schedule.state === 'posting') return;
    const interrupted = await closeInterrupted(tx, schedule, ledger.clock.now());
    if (interrupted.length > 0) await appendAudit(tx, interrupted);
  });
}
