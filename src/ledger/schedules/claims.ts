// Keeps who has claimed an item.
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { type ClaimDecision, type ClaimWish, decideClaim } from '../../domain/people/claim.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { isSchedule } from '../schema/keys.ts';
import { schedules } from '../schema/schedules.ts';
import { lockFacts, type ScheduleRow } from './facts.ts';

export interface ClaimWanted extends ScheduleKey {
  readonly actor: Actor;
  readonly wish: ClaimWish;
}

/** Claims an item for the actor, or gives it back; null when the workspace has no such schedule. */
export async function claimItem(ledger: Ledger, wanted: ClaimWanted): Promise<ClaimDecision | null> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, wanted);
    if (!facts) return null;
    const { recoveryOwner: owner, state } = facts.schedule;
    const decision = decideClaim({ owner, ended: SCHEDULE_STATES[state].ended }, wanted);
    if ('owner' in decision && owner?.id !== decision.owner?.id) {
      await keepOwner(tx, facts.schedule, { owner: decision.owner, actor: wanted.actor, at: ledger.clock.now() });
    }
    return decision;
  });
}

async function keepOwner(
  tx: Tx,
  schedule: ScheduleRow,
  { owner, actor, at }: { readonly owner: Actor | null; readonly actor: Actor; readonly at: Date },
): Promise<void> {
  const { workspaceId, id: scheduleId, traceId, recoveryOwner } = schedule;
  await tx
    .update(schedules)
    .set({ recoveryOwner: owner, updatedAt: at })
    .where(isSchedule({ workspaceId, scheduleId }));
  const type = owner === null ? OTHER_AUDIT.claimReleased : OTHER_AUDIT.claimed;
  const payload = { before: recoveryOwner?.label ?? null };
  await appendAudit(tx, [{ workspaceId, traceId, type, scheduleId, actor, payload, at }]);
}
