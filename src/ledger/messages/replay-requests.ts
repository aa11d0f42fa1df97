// What the ledger says to a replay before it is sent: the gate's answer, and the record of who asked, in one transaction.
import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { gate } from '../../domain/gate/gate.ts';
import type { TargetProblem } from '../../domain/gate/target.ts';
import { decideMessage, type MessageDecision } from '../../domain/messages/messages.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { isRunning, SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { brokenTarget, gateFacts, lockFacts, type ScheduleFacts, type ScheduleRow } from '../schedules/facts.ts';
import { auditEvents } from '../schema/records.ts';

/** Requests that are looked at to find one that is under way. */
const LOOKED_AT = 20;

export interface ReplayWanted extends ScheduleKey {
  /** The proven caller. */
  readonly actor: Actor;
  readonly note: string | null;
  readonly expectedAttempt: number | undefined;
  /** When the request arrived: what failed after that, its caller cannot have seen. */
  readonly arrivedAt: Date;
  /** The same for every try of one call. */
  readonly callId: string;
  /** A call that was sent this recently is still waiting for its verdict. */
  readonly underWayMs: number;
}

export interface ReplayChecked {
  readonly schedule: ScheduleRow;
  readonly accountName: string;
  readonly decision: MessageDecision;
  /** What is wrong with the account the schedule is meant for. */
  readonly targetProblem: TargetProblem | null;
  /** The number of attempts the replay is meant for. */
  readonly attempt: number;
}

/** Records the request and answers whether it may be sent; null when the schedule is not this workspace's. */
export async function recordReplayRequest(ledger: Ledger, wanted: ReplayWanted): Promise<ReplayChecked | null> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, wanted);
    if (!facts) return null;
    const { schedule, account } = facts;
    const now = ledger.clock.now();
    const sent = await sentBefore(tx, schedule);
    const mine = sent.find(({ callId }) => callId === wanted.callId);
    // A call whose answer was lost is sent again as it was: its verdict stands already, or comes now.
    const again = mine !== undefined && !SCHEDULE_STATES[schedule.state].ended;
    const decision: MessageDecision = again ? REPLAY : decide(facts, wanted, sent, now);
    const attempt = again ? mine.attempts : schedule.attemptsMade;
    await appendAudit(tx, [
      {
        workspaceId: schedule.workspaceId,
        traceId: schedule.traceId,
        type: OTHER_AUDIT.replayRequested,
        scheduleId: schedule.id,
        actor: wanted.actor,
        payload: {
          callId: wanted.callId,
          note: wanted.note,
          attempts: attempt,
          refusedFor: decision.accepted ? null : decision.reason,
        },
        at: now,
      },
    ]);
    const accountName = account?.name ?? schedule.accountId;
    return { schedule, accountName, decision, attempt, targetProblem: brokenTarget(facts) };
  });
}

const REPLAY: MessageDecision = { accepted: true, event: 'replayed', effect: 'publish' };
const STILL_RUNNING: MessageDecision = { accepted: false, reason: 'still-running', reasons: ['still-running'] };

function decide(facts: ScheduleFacts, wanted: ReplayWanted, sent: readonly SentRequest[], now: Date): MessageDecision {
  const { schedule } = facts;
  const { expectedAttempt } = wanted;
  const decision = decideMessage(
    { name: 'requestReplay', body: expectedAttempt === undefined ? {} : { expectedAttempt } },
    {
      state: schedule.state,
      intentOpen: facts.openIntent !== null,
      attemptsMade: schedule.attemptsMade,
      causeCode: schedule.cause?.code ?? null,
      gate: gate(gateFacts(facts, isRunning(schedule.state))),
      nowMs: now.getTime(),
    },
  );
  if (!decision.accepted) return decision;
  if (schedule.failedAt !== null && schedule.failedAt > wanted.arrivedAt) {
    return { accepted: false, reason: 'attempt_mismatch', reasons: [] };
  }
  // Of many that ask at once, one is sent: the others need no workflow to learn that it runs.
  const since = now.getTime() - wanted.underWayMs;
  const underWay = sent.some(({ attempts, at }) => attempts === schedule.attemptsMade && at.getTime() > since);
  return underWay ? STILL_RUNNING : decision;
}

const payloadSchema = z.object({ callId: z.string(), attempts: z.int(), refusedFor: z.null() });

interface SentRequest {
  readonly callId: string;
  readonly attempts: number;
  readonly at: Date;
}

/** The newest requests of a schedule that were sent on to its workflow. */
async function sentBefore(tx: Tx, { workspaceId, traceId }: ScheduleRow): Promise<SentRequest[]> {
  const rows = await tx
    .select({ payload: auditEvents.payload, at: auditEvents.at })
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, workspaceId),
        eq(auditEvents.traceId, traceId),
        eq(auditEvents.type, OTHER_AUDIT.replayRequested),
        sql`${auditEvents.payload} ->> 'refusedFor' is null`,
      ),
    )
    .orderBy(desc(auditEvents.position))
    .limit(LOOKED_AT);
  return rows.flatMap(({ payload, at }) => {
    const parsed = payloadSchema.safeParse(payload);
    return parsed.success ? [{ callId: parsed.data.callId, attempts: parsed.data.attempts, at }] : [];
  });
}
