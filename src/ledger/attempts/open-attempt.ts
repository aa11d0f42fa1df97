// Opens an attempt: loads the facts, lets the pure opening rule decide, takes the account's lease, and leaves a row
// whatever was decided.
import type { Cause } from '../../domain/causes/causes.ts';
import type { BlockedReason } from '../../domain/gate/gate.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { type AttemptOutcome, transition } from '../../domain/schedules/states.ts';
import { newId } from '../../runtime/ids.ts';
import { joinQueue, leaveQueue } from '../accounts/account-queue.ts';
import { claimFirst, takeLease } from '../accounts/leases.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { lockFacts, readFacts, type ScheduleFacts } from '../schedules/facts.ts';
import { MoveRefused, move } from '../schedules/transitions.ts';
import { attempts } from '../schema/schedules.ts';
import { closeInterrupted, interruptedInARow } from './interrupted.ts';

/** The caller named a schedule that does not exist. */
export class UnknownSchedule extends Error {
  override readonly name = 'UnknownSchedule';
  constructor(scheduleId: string) {
    super(
      `There is no schedule ${scheduleId}; nothing was published. Take the post in first, then start its workflow as publish/<workspace>/<id>.`,
    );
  }
}

/** What the opening rule decides from the facts. */
export type Opening =
  | { readonly kind: 'go' }
  /** Nothing is left to do: published, canceled or completed by hand. */
  | { readonly kind: 'over' }
  /** Another task queue is the one for it: nothing is done here. */
  | { readonly kind: 'elsewhere' }
  | {
      readonly kind: 'stop';
      readonly event: 'gate_blocked' | 'target_repair' | 'refused' | 'rate_limited' | 'outcome_unknown' | 'unconfirmed';
      readonly outcome: AttemptOutcome;
      readonly cause: Cause | null;
      readonly blockedReason: BlockedReason | null;
      readonly wakeAt: Date | null;
    }
  /** Nothing is attempted; only the state must say why: a person publishes it by hand, it is on hold, or it is too late. */
  | { readonly kind: 'set_aside'; readonly event: 'handed_off' | 'held' | 'missed' };

/** A numbered pass of the publish activity, with the fence under which it may act. */
export interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly fence: number;
}

export type Opened =
  | { readonly kind: 'open'; readonly attempt: Attempt; readonly facts: ScheduleFacts }
  | { readonly kind: 'closed' | 'elsewhere'; readonly facts: ScheduleFacts }
  /** Another publish holds the account. `queued`: this one stands in its queue now; otherwise nothing was changed. */
  | { readonly kind: 'busy'; readonly accountId: string; readonly queued: boolean };

export interface OpenRequest {
  readonly schedule: ScheduleKey;
  /** Who runs it, for people: host and process. */
  readonly worker: string;
  /** `lostInARow`: as many attempts before this one never came to an end. */
  readonly decide: (facts: ScheduleFacts, now: Date, lostInARow: number) => Opening;
  /** How long to stand in the queue of an account that is held; null: not yet. */
  readonly queueForMs: number | null;
}

/** Opens the next attempt, unless another publish holds the account. @throws UnknownSchedule */
export async function openAttempt(ledger: Ledger, request: OpenRequest): Promise<Opened> {
  try {
    return (await openFirst(ledger, request)) ?? (await openLocked(ledger, request));
  } catch (error) {
    if (!(error instanceof AccountBusy)) throw error;
    return { kind: 'busy', accountId: error.accountId, queued: false };
  }
}

/** Undoes what the pass has written so far: another publish holds the account. */
class AccountBusy extends Error {
  override readonly name = 'AccountBusy';
  readonly accountId: string;
  constructor(accountId: string) {
    super(`Account ${accountId} is held by another publish.`);
    this.accountId = accountId;
  }
}

/**
 * The first attempt, which nothing stands in the way of: begun without a lock, if the schedule still is as it was seen.
 * Null, with nothing changed, for everything else.
 */
async function openFirst(ledger: Ledger, { schedule, worker, decide }: OpenRequest): Promise<Opened | null> {
  const facts = await readFacts(ledger.db, schedule);
  const now = ledger.clock.now();
  if (!facts || facts.schedule.attemptsMade > 0 || decide(facts, now, 0).kind !== 'go') return null;
  const { version } = facts;
  const attempt = { id: newId(), number: 1 };
  const fence = await takeLease(ledger.db, ledger, { schedule, version, worker, now, attempt });
  return fence === null ? null : { kind: 'open', attempt: { ...attempt, fence }, facts };
}

async function openLocked(ledger: Ledger, request: OpenRequest): Promise<Opened> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, request.schedule);
    if (!facts) throw new UnknownSchedule(request.schedule.scheduleId);
    const now = ledger.clock.now();
    const interrupted = await closeInterrupted(tx, facts.schedule, now);
    const lostInARow = interrupted.length > 0 ? await interruptedInARow(tx, request.schedule) : 0;
    const opening = request.decide(facts, now, lostInARow);
    const step = { tx, ledger, facts, now, interrupted, worker: request.worker };
    if (opening.kind === 'go') return startOrQueue(step, request.queueForMs);
    await leave(step, opening);
    return { kind: opening.kind === 'elsewhere' ? 'elsewhere' : 'closed', facts };
  });
}

/** @throws AccountBusy when the account is held, and the publish is not to stand in its queue yet */
async function startOrQueue(step: Step, queueForMs: number | null): Promise<Opened> {
  const { tx, facts, now, interrupted } = step;
  const { schedule } = facts;
  for (;;) {
    const attempt = await start(step);
    if (attempt) return { kind: 'open', attempt, facts };
    if (queueForMs === null) throw new AccountBusy(schedule.accountId);
    // The account may have been given back since.
    if (await joinQueue(tx, schedule, now, queueForMs)) break;
  }
  if (interrupted.length > 0) await appendAudit(tx, interrupted);
  return { kind: 'busy', accountId: schedule.accountId, queued: true };
}

interface Step {
  readonly tx: Tx;
  readonly ledger: Ledger;
  readonly facts: ScheduleFacts;
  readonly now: Date;
  readonly worker: string;
  /** What became of the attempt before this one, for the audit trail. */
  readonly interrupted: readonly AuditEvent[];
}

/** Null, with nothing written, when another publish holds the account. */
async function start({ tx, ledger, facts, now, worker, interrupted }: Step): Promise<Attempt | null> {
  const { schedule } = facts;
  if (transition(schedule.state, 'attempt_started') === null) throw new MoveRefused(schedule, 'attempt_started');
  // Both write to the audit trail, and the lease comes before its head: see audit.ts.
  if (interrupted.length > 0) {
    if (!(await claimFirst(tx, ledger, schedule))) return null;
    await appendAudit(tx, interrupted);
  }
  const attempt = { id: newId(), number: schedule.attemptsMade + 1 };
  const fence = await takeLease(tx, ledger, { schedule: keyOf(schedule), version: null, worker, now, attempt });
  return fence === null ? null : { ...attempt, fence };
}

/** The pass ends here: with a row of its own where something was decided, without one where nothing is left to do. */
async function leave(step: Step, opening: Exclude<Opening, { kind: 'go' }>): Promise<void> {
  await leaveQueue(step.tx, step.facts.schedule);
  const decided =
    opening.kind === 'stop'
      ? await stop(step, opening)
      : opening.kind === 'set_aside'
        ? await setAside(step, opening)
        : null;
  const events = [...step.interrupted, ...(decided ? [decided] : [])];
  if (events.length > 0) await appendAudit(step.tx, events);
}

async function setAside(
  { tx, facts: { schedule }, now }: Step,
  { event }: Extract<Opening, { kind: 'set_aside' }>,
): Promise<AuditEvent | null> {
  // It stands there already.
  if (transition(schedule.state, event) === null) return null;
  const handoff = schedule.handoff ?? { owner: null, reason: 'the schedule is meant for a person' };
  const changes = { handed_off: { handoff }, held: {}, missed: { failedAt: now } }[event];
  return move(tx, schedule, { event, at: now, changes });
}

async function stop(
  { tx, facts: { schedule }, now, worker }: Step,
  { event, outcome, cause, blockedReason, wakeAt }: Extract<Opening, { kind: 'stop' }>,
): Promise<AuditEvent> {
  const number = schedule.attemptsMade + 1;
  const times = { startedAt: now, endedAt: now };
  await tx
    .insert(attempts)
    .values({ id: newId(), ...keyOf(schedule), number, worker, fence: 0, outcome, cause, ...times });
  // The pass is an attempt that began and ended in one transaction.
  return move(
    tx,
    { ...schedule, state: 'posting' },
    {
      event,
      at: now,
      changes: { attemptsMade: number, cause, blockedReason, failedAt: now, wakeAt },
      payload: { attempt: number, blockedReason, cause: cause?.code ?? null },
    },
  );
}
