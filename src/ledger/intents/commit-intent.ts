// Commits the permission to make the point-of-no-return call, before a byte of it leaves (law 2).
import { sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { SentCall } from '../../domain/schedules/create-record.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { newId } from '../../runtime/ids.ts';
import type { Attempt } from '../attempts/open-attempt.ts';
import { insertAuditRow, instant, json } from '../audit/audit-row.ts';
import { IS_HELD } from '../holds/held.ts';
import type { Ledger } from '../ledger.ts';

/** Something overtook the attempt: a cancel, a newer attempt, or a post found by another. It must stop, quietly. */
export class AttemptSuperseded extends Error {
  override readonly name = 'AttemptSuperseded';
}

export interface NewIntent {
  readonly schedule: ScheduleKey;
  readonly attempt: Attempt;
  /** How long from now the call may still leave, in ms. */
  readonly sendWindowMs: number;
  readonly markers: Readonly<Record<string, unknown>>;
  readonly sentCall: SentCall;
}

export interface CommittedIntent {
  readonly id: string;
  readonly sentAt: Date;
  readonly sendDeadline: Date;
}

/**
 * Writes the intent as `sent`, if the attempt still is the schedule's newest and holds the account, and nobody has put it
 * on hold: one statement, so that nothing can come between the question and the answer.
 * @throws AttemptSuperseded, with nothing written.
 */
export async function commitIntent(ledger: Ledger, wanted: NewIntent): Promise<CommittedIntent> {
  const { attempt, markers, sentCall } = wanted;
  const { workspaceId, scheduleId } = wanted.schedule;
  const sentAt = ledger.clock.now();
  const intent = { id: newId(), sentAt, sendDeadline: new Date(sentAt.getTime() + wanted.sendWindowMs) };
  const audit = insertAuditRow({
    type: OTHER_AUDIT.intentSent,
    actor: SYSTEM_ACTOR,
    payload: { attempt: attempt.number, intent: intent.id, sendDeadline: intent.sendDeadline.toISOString() },
    at: sentAt,
    from: sql`schedule`,
  });
  const written = await ledger.db.execute(sql`
    with schedule as (
      select schedules.* from schedules join leases on leases.account_id = schedules.account_id
      where schedules.workspace_id = ${workspaceId} and schedules.id = ${scheduleId} and schedules.state = 'posting'
        and schedules.attempts_made = ${attempt.number} and leases.fence = ${attempt.fence}
        and not ${IS_HELD}
      for update
    ), intent as (
      insert into intents
        (id, workspace_id, schedule_id, account_id, fingerprint, attempt_number, fence, state, sent_at, send_deadline, markers,
         sent_call)
      select ${intent.id}::uuid, workspace_id, id, account_id, fingerprint, ${attempt.number}, ${attempt.fence}, 'sent',
        ${instant(intent.sentAt)}, ${instant(intent.sendDeadline)}, ${json(markers)}, ${json(sentCall)}
      from schedule
    )
    ${audit}`);
  if (written.length === 1) return intent;
  throw new AttemptSuperseded(`Attempt ${attempt.number} of ${scheduleId} was overtaken before its call.`);
}
