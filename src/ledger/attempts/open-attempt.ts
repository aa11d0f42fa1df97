// Opens an attempt: loads the facts, lets the pure opening rule decide, takes the account's lease, and leaves a row
// whatever was decided.
import type { Cause } from '../../domain/causes/causes.ts';
import type { BlockedReason } from '../../domain/gate/gate.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { type AttemptOutcome, transition } from '../../domain/schedules/states.ts';
import { newId } from '../../runtime/ids.ts';
import { AccountBusy, takeLease } from '../accounts/leases.ts';
import { type AuditEvent, appendAudit } from '../audit/audit.ts';
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
  | {
      readonly kind: 'stop';
      readonly event: 'gate_blocked' | 'target_repair' | 'refused' | 'rate_limited' | 'outcome_unknown' | 'unconfirmed';
      readonly outcome: AttemptOutcome;
      readonly cause: Cause | null;
      readonly blockedReason: BlockedReason | null;
      readonly wakeAt: Date | null;
    }
  /** A person publishes it by hand; only the state must say so. */
  | { readonly kind: 'handoff' };

/** A numbered pass of the publish activity, with the fence under which it may act. */
export interface Attempt {
  readonly id: string;
  readonly number: number;
  readonly fence: number;
}

export type Opened =
  | { readonly kind: 'open'; readonly attempt: Attempt; readonly facts: ScheduleFacts }
  | { readonly kind: 'closed'; readonly facts: ScheduleFacts };

export interface OpenRequest {
  readonly schedule: ScheduleKey;
  /** Who runs it, for people: host and process. */
  readonly worker: string;
  /** `lostInARow`: as many attempts before this one never came to an end. */
  readonly decide: (facts: ScheduleFacts, now: Date, lostInARow: number) => Opening;
}

/**
 * Opens the next attempt. @throws UnknownSchedule; AccountBusy when another publish holds the account, with nothing
 * changed.
 */
export async function openAttempt(ledger: Ledger, request: OpenRequest): Promise<Opened> {
  return (await openFirst(ledger, request)) ?? openLocked(ledger, request);
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
    const attempt = opening.kind === 'go' ? await start(step) : await leave(step, opening);
    return attempt ? { kind: 'open', attempt, facts } : { kind: 'closed', facts };
  });
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

async function start({ tx, ledger, facts, now, worker, interrupted }: Step): Promise<Attempt> {
  const { schedule } = facts;
  if (transition(schedule.state, 'attempt_started') === null) throw new MoveRefused(schedule, 'attempt_started');
  if (interrupted.length > 0) await appendAudit(tx, interrupted);
  const attempt = { id: newId(), number: schedule.attemptsMade + 1 };
  const fence = await takeLease(tx, ledger, { schedule: keyOf(schedule), version: null, worker, now, attempt });
  if (fence === null) throw new AccountBusy(`Account ${schedule.accountId} is held by another publish.`);
  return { ...attempt, fence };
}

/** The pass ends here: with a row of its own where something was decided, without one where nothing is left to do. */
async function leave(step: Step, opening: Exclude<Opening, { kind: 'go' }>): Promise<null> {
  const decided =
    opening.kind === 'stop' ? await stop(step, opening) : opening.kind === 'handoff' ? await handOff(step) : null;
  const events = [...step.interrupted, ...(decided ? [decided] : [])];
  if (events.length > 0) await appendAudit(step.tx, events);
  return null;
}

async function handOff({ tx, facts: { schedule }, now }: Step): Promise<AuditEvent | null> {
  if (schedule.state === 'handoff_pending') return null;
  const handoff = schedule.handoff ?? { owner: null, reason: 'the schedule is meant for a person' };
  return move(tx, schedule, { event: 'handed_off', at: now, changes: { handoff } });
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
