// Opens an attempt: loads the facts, lets the pure opening rule decide, takes the account's lease, and leaves a row
// whatever was decided.
import { and, eq, isNull } from 'drizzle-orm';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { OTHER_AUDIT } from '../domain/audit.ts';
import type { Cause } from '../domain/causes.ts';
import type { BlockedReason } from '../domain/gate.ts';
import type { AttemptOutcome } from '../domain/states.ts';
import { newId } from '../runtime/ids.ts';
import { type AuditEvent, appendAudit } from './audit.ts';
import type { Tx } from './database.ts';
import { lockFacts, type ScheduleFacts, type ScheduleRow } from './facts.ts';
import { takeLease } from './leases.ts';
import type { Ledger } from './ledger.ts';
import { attempts } from './schema/schedules.ts';
import { move } from './transitions.ts';

/** The caller named a schedule that does not exist. */
export class UnknownSchedule extends Error {
  override readonly name = 'UnknownSchedule';
  constructor(scheduleId: string) {
    super(
      `There is no schedule ${scheduleId}; nothing was published. Take the post in first, then start its workflow.`,
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
      readonly event: 'gate_blocked' | 'target_repair' | 'refused' | 'rate_limited';
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
  readonly scheduleId: string;
  /** Who runs it, for people: host and process. */
  readonly worker: string;
  readonly decide: (facts: ScheduleFacts, now: Date) => Opening;
}

/**
 * Opens the next attempt. @throws UnknownSchedule; AccountBusy when another publish holds the account, with nothing
 * changed.
 */
export async function openAttempt(ledger: Ledger, request: OpenRequest): Promise<Opened> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, request.scheduleId);
    if (!facts) throw new UnknownSchedule(request.scheduleId);
    const now = ledger.clock.now();
    const opening = request.decide(facts, now);
    const events: AuditEvent[] = [];
    if (facts.schedule.state === 'posting') events.push(...(await closeInterrupted(tx, facts.schedule, now)));
    const result = await open(tx, ledger, { facts, opening, now, worker: request.worker, events });
    if (events.length > 0) await appendAudit(tx, events);
    return result;
  });
}

interface Step {
  readonly facts: ScheduleFacts;
  readonly opening: Opening;
  readonly now: Date;
  readonly worker: string;
  readonly events: AuditEvent[];
}

async function open(tx: Tx, ledger: Ledger, { facts, opening, now, worker, events }: Step): Promise<Opened> {
  const { schedule } = facts;
  if (opening.kind === 'over') return { kind: 'closed', facts };
  if (opening.kind === 'handoff') {
    if (schedule.state !== 'handoff_pending') {
      const handoff = schedule.handoff ?? { owner: null, reason: 'the schedule is meant for a person' };
      events.push(await move(tx, schedule, { event: 'handed_off', at: now, changes: { handoff } }));
    }
    return { kind: 'closed', facts };
  }
  const number = schedule.attemptsMade + 1;
  const row = { id: newId(), scheduleId: schedule.id, number, worker, startedAt: now };
  if (opening.kind === 'stop') {
    const { event, outcome, cause, blockedReason, wakeAt } = opening;
    await tx.insert(attempts).values({ ...row, fence: 0, endedAt: now, outcome, cause });
    const changes = { attemptsMade: number, cause, blockedReason, failedAt: now, wakeAt };
    const posting = { ...schedule, state: 'posting' } as const;
    events.push(
      await move(tx, posting, {
        event,
        at: now,
        changes,
        payload: { attempt: number, blockedReason, cause: cause?.code },
      }),
    );
    return { kind: 'closed', facts };
  }
  const fence = await takeLease(tx, ledger, schedule.accountId, schedule.id);
  await tx.insert(attempts).values({ ...row, fence });
  events.push(
    await move(tx, schedule, {
      event: 'attempt_started',
      at: now,
      changes: { attemptsMade: number, blockedReason: null },
      payload: { attempt: number, worker },
    }),
  );
  return { kind: 'open', attempt: { id: row.id, number, fence }, facts };
}

/** The attempt of a worker that died, or was overtaken, ends as a record of its own (law 8). */
async function closeInterrupted(tx: Tx, schedule: ScheduleRow, now: Date): Promise<AuditEvent[]> {
  const ended = await tx
    .update(attempts)
    .set({ endedAt: now, outcome: 'interrupted' })
    .where(and(eq(attempts.scheduleId, schedule.id), isNull(attempts.endedAt)))
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
