// The address of a completed handoff, and what it answered when it was asked.
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { AddressCheck } from '../../domain/handoff/completion.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { HANDOFF_TO_CHECK } from '../schema/columns.ts';
import { isSchedule } from '../schema/keys.ts';
import { schedules } from '../schema/schedules.ts';
import { lockFacts } from './facts.ts';
import { findSchedule } from './schedules.ts';

/** Where a completed handoff is said to be live; null when it is not completed or nobody said where. */
export async function handoffAddress(ledger: Ledger, { workspaceId, scheduleId }: ScheduleKey): Promise<string | null> {
  const schedule = await findSchedule(ledger, workspaceId, scheduleId);
  return schedule?.handoff?.completion?.url ?? null;
}

/** Completed handoffs whose address nobody has asked yet, at most `limit`. */
export async function uncheckedHandoffs({ db }: Ledger, limit: number): Promise<ScheduleKey[]> {
  return db
    .select({ workspaceId: schedules.workspaceId, scheduleId: schedules.id })
    .from(schedules)
    .where(HANDOFF_TO_CHECK)
    .orderBy(schedules.workflowId)
    .limit(limit);
}

/** Writes down what the address answered; false when another one stands there by now. */
export async function saveAddressCheck(
  ledger: Ledger,
  key: ScheduleKey,
  { url, check }: { readonly url: string; readonly check: AddressCheck },
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, key);
    const handoff = facts?.schedule.handoff;
    if (!facts || !handoff?.completion || handoff.completion.url !== url) return false;
    const completion = { ...handoff.completion, check };
    await tx
      .update(schedules)
      .set({ handoff: { ...handoff, completion } })
      .where(isSchedule(key));
    const { workspaceId, scheduleId } = key;
    const { traceId } = facts.schedule;
    const { verdict, status = null } = check;
    const type = OTHER_AUDIT.handoffChecked;
    const payload = { verdict, status };
    const at = ledger.clock.now();
    await appendAudit(tx, [{ workspaceId, traceId, type, scheduleId, actor: SYSTEM_ACTOR, payload, at }]);
    return true;
  });
}
