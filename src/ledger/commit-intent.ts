// Commits the permission to make the point-of-no-return call, before a byte of it leaves (law 2).
import { eq } from 'drizzle-orm';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { OTHER_AUDIT } from '../domain/audit.ts';
import { newId } from '../runtime/ids.ts';
import { appendAudit } from './audit.ts';
import type { Ledger } from './ledger.ts';
import type { Attempt } from './open-attempt.ts';
import { leases } from './schema/accounts.ts';
import { intents, schedules } from './schema/schedules.ts';

/** Something overtook the attempt: a cancel, a newer attempt, or a post found by another. It must stop, quietly. */
export class AttemptSuperseded extends Error {
  override readonly name = 'AttemptSuperseded';
}

export interface NewIntent {
  readonly scheduleId: string;
  readonly attempt: Attempt;
  /** How long from now the call may still leave, in ms. */
  readonly sendWindowMs: number;
  readonly markers: Readonly<Record<string, unknown>>;
}

export interface CommittedIntent {
  readonly id: string;
  readonly sentAt: Date;
  readonly sendDeadline: Date;
}

/** What decides whether the attempt may still make its call, read under lock. */
const DECISIVE = {
  workspaceId: schedules.workspaceId,
  traceId: schedules.traceId,
  accountId: schedules.accountId,
  fingerprint: schedules.fingerprint,
  state: schedules.state,
  attemptsMade: schedules.attemptsMade,
  fence: leases.fence,
};

/**
 * Writes the intent as `sent`, if the attempt still is the schedule's newest and holds the account.
 * @throws AttemptSuperseded, with nothing written.
 */
export async function commitIntent(ledger: Ledger, wanted: NewIntent): Promise<CommittedIntent> {
  return ledger.db.transaction(async (tx) => {
    const [schedule] = await tx
      .select(DECISIVE)
      .from(schedules)
      .innerJoin(leases, eq(leases.accountId, schedules.accountId))
      .where(eq(schedules.id, wanted.scheduleId))
      .for('update');
    const { attempt } = wanted;
    const newest = schedule?.state === 'posting' && schedule.attemptsMade === attempt.number;
    if (!newest || schedule.fence !== attempt.fence) {
      throw new AttemptSuperseded(`Attempt ${attempt.number} of ${wanted.scheduleId} was overtaken before its call.`);
    }
    const sentAt = ledger.clock.now();
    const intent = { id: newId(), sentAt, sendDeadline: new Date(sentAt.getTime() + wanted.sendWindowMs) };
    const inserted = tx
      .insert(intents)
      .values({
        ...intent,
        scheduleId: wanted.scheduleId,
        accountId: schedule.accountId,
        fingerprint: schedule.fingerprint,
        attemptNumber: attempt.number,
        fence: attempt.fence,
        state: 'sent',
        markers: { ...wanted.markers },
      })
      .then(() => {});
    const event = {
      workspaceId: schedule.workspaceId,
      traceId: schedule.traceId,
      type: OTHER_AUDIT.intentSent,
      scheduleId: wanted.scheduleId,
      actor: SYSTEM_ACTOR,
      payload: { attempt: attempt.number, intent: intent.id, sendDeadline: intent.sendDeadline.toISOString() },
      at: sentAt,
    };
    // Sent together; the database runs them in this order.
    await Promise.all([inserted, appendAudit(tx, [event])]);
    return intent;
  });
}
