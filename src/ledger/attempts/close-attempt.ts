// Ends an attempt: the intent, the post, the attempt's row, the schedule's state, the lease and the audit row commit
// together or not at all (law 11).
import { and, eq, inArray, isNull } from 'drizzle-orm';
import { OTHER_AUDIT, SCHEDULE_AUDIT } from '../../domain/audit/audit.ts';
import type { Cause } from '../../domain/causes/causes.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { CallAnswer } from '../../domain/schedules/create-record.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import type { AttemptOutcome, IntentState } from '../../domain/schedules/states.ts';
import { markAccount } from '../accounts/account-health.ts';
import { releaseLease } from '../accounts/leases.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { keepAnswer } from '../intents/keep-answer.ts';
import type { Ledger } from '../ledger.ts';
import { type Saved, savePublished } from '../posts/save-published.ts';
import type { ScheduleRow } from '../schedules/facts.ts';
import { move } from '../schedules/transitions.ts';
import { isSchedule } from '../schema/keys.ts';
import { attempts, intents, schedules } from '../schema/schedules.ts';
import type { AttemptEnd } from './attempt-end.ts';
import { lateAnswer } from './late-answer.ts';
import type { Attempt } from './open-attempt.ts';

export interface Closing {
  readonly schedule: ScheduleKey;
  readonly attempt: Attempt;
  /** The intent this end is about: the attempt's own, or the open one it reconciled. */
  readonly intentId: string | null;
  readonly end: AttemptEnd;
  /** For an unclear answer: the failure to record should the post prove absent. */
  readonly ifAbsent?: Cause | undefined;
  /** For an unclear answer: the platform called the create a duplicate of a post that is live. */
  readonly duplicate?: true | undefined;
  /** What came back on the create of this very attempt. */
  readonly answer?: CallAnswer | undefined;
  /** What was refused is made anew at once, a grant or media: the attempt ends, and the publish goes on. */
  readonly again: boolean;
}

const INTENT_AFTER: Record<NotPublished['kind'], IntentState> = {
  refused: 'refused',
  rate_limited: 'refused',
  not_sent: 'not_sent',
  outcome_unknown: 'unknown',
  unconfirmed: 'unknown',
};

/** The columns that decide how an end is saved. */
const CLOSING = {
  id: schedules.id,
  workspaceId: schedules.workspaceId,
  traceId: schedules.traceId,
  accountId: schedules.accountId,
  state: schedules.state,
  attemptsMade: schedules.attemptsMade,
  unsentTries: schedules.unsentTries,
  lastActor: schedules.lastActor,
  updatedAt: schedules.updatedAt,
};
type ClosingSchedule = Pick<ScheduleRow, keyof typeof CLOSING>;

/**
 * Saves how the attempt ended. A live post is always saved, whoever found it, and it is said how it met the ledger; any
 * other end only if it is current.
 */
export async function closeAttempt(ledger: Ledger, closing: Closing): Promise<Saved | null> {
  const { schedule, attempt, intentId, end, answer = null } = closing;
  if (end.kind === 'published') return savePublished(ledger, { schedule, attempt, intentId, post: end.post, answer });
  await saveEnd(ledger, { ...closing, end });
  return null;
}

type NotPublished = Exclude<AttemptEnd, { kind: 'published' }>;
type EndedClosing = Closing & { readonly end: NotPublished };

async function saveEnd(ledger: Ledger, closing: EndedClosing): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const [schedule] = await tx.select(CLOSING).from(schedules).where(isSchedule(closing.schedule)).for('update');
    if (!schedule) return;
    const now = ledger.clock.now();
    const { attempt, end } = closing;
    const current = schedule.state === 'posting' && schedule.attemptsMade === attempt.number;
    // A save whose answer was lost is saved again.
    if ((await outcomeOf(tx, attempt)) === end.kind) return;
    await keepAnswer(tx, closing);
    await settleIntent(tx, closing, now);
    await endAttempt(tx, closing, now);
    if (current && closing.again) {
      await appendAudit(tx, [attemptRefused(schedule, closing, now)]);
      return;
    }
    await releaseLease(tx, schedule.accountId, attempt.fence);
    if (!current) {
      await appendAudit(tx, [lateAnswer(schedule, { attempt: attempt.number, outcome: end.kind }, now)]);
      return;
    }
    const marked = [...appFault(schedule, end, now), ...(await markAccount(tx, schedule, end, now))];
    const moved = await move(tx, schedule, {
      event: end.kind,
      at: now,
      ...changesOf(schedule, end, now, attempt),
    });
    await appendAudit(tx, [moved, ...marked]);
  });
}

/** The audit row that an alarm is raised from: the platform refuses our app. */
function appFault(schedule: ClosingSchedule, end: NotPublished, at: Date): AuditEvent[] {
  if (!('appFault' in end && end.appFault)) return [];
  const { id, workspaceId, traceId } = schedule;
  const { platform, code, externalText } = end.cause;
  const payload = { platform, cause: code, text: externalText };
  return [{ workspaceId, traceId, scheduleId: id, type: OTHER_AUDIT.appFault, actor: SYSTEM_ACTOR, payload, at }];
}

/** The attempt ended and the publish goes on: the next attempt, with a new grant or media, follows in the same run. */
function attemptRefused(schedule: ClosingSchedule, { attempt, end }: EndedClosing, at: Date): AuditEvent {
  const { id, workspaceId, traceId, state } = schedule;
  const payload = { from: state, to: state, attempt: attempt.number, cause: end.cause.code };
  return { workspaceId, traceId, scheduleId: id, type: SCHEDULE_AUDIT.refused, actor: SYSTEM_ACTOR, payload, at };
}

function changesOf(schedule: ClosingSchedule, end: NotPublished, now: Date, attempt: Attempt) {
  const wakeAt = end.kind === 'rate_limited' ? end.resumeAt : 'wakeAt' in end ? end.wakeAt : null;
  return {
    changes: {
      cause: end.cause,
      failedAt: now,
      wakeAt,
      unsentTries: triesAfter(schedule.unsentTries, end.kind),
    },
    payload: { attempt: attempt.number, cause: end.cause.code, wakeAt: wakeAt?.toISOString() ?? null },
  };
}

/** An outcome that is still open says nothing about the tries; its absence does, when it is found. */
function triesAfter(tries: number, end: NotPublished['kind']): number {
  if (end === 'not_sent') return tries + 1;
  return end === 'outcome_unknown' ? tries : 0;
}

async function settleIntent(tx: Tx, { intentId, end, ifAbsent, duplicate }: EndedClosing, now: Date): Promise<void> {
  if (intentId === null) return;
  // A refused app was asked; it is only tried again as if it had not been.
  const state = 'appFault' in end && end.appFault ? 'refused' : INTENT_AFTER[end.kind];
  const look = end.kind === 'outcome_unknown' ? end.look : null;
  await tx
    .update(intents)
    .set({
      state,
      closedAt: state === 'unknown' ? null : now,
      ...(ifAbsent ? { ifAbsent } : {}),
      ...(duplicate ? { duplicate } : {}),
      ...(look ? { misses: look.misses, lastMissAt: look.lastMissAt, unreadableSince: look.unreadableSince } : {}),
    })
    .where(and(eq(intents.id, intentId), inArray(intents.state, ['sent', 'unknown'])));
}

async function outcomeOf(tx: Tx, { id }: Attempt): Promise<AttemptOutcome | null> {
  const [row] = await tx.select({ outcome: attempts.outcome }).from(attempts).where(eq(attempts.id, id));
  return row?.outcome ?? null;
}

async function endAttempt(tx: Tx, { attempt, end }: EndedClosing, now: Date): Promise<void> {
  const outcome: AttemptOutcome = end.kind;
  await tx
    .update(attempts)
    .set({ endedAt: now, outcome, cause: end.cause })
    .where(and(eq(attempts.id, attempt.id), isNull(attempts.endedAt)));
}
