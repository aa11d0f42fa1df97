// What the ledger says to a replay before it is sent: the gate's answer, and the record of who asked, in one transaction.
import type { Actor } from '../domain/actor.ts';
import { OTHER_AUDIT } from '../domain/audit.ts';
import { gate } from '../domain/gate.ts';
import { decideMessage, type MessageDecision } from '../domain/messages.ts';
import { SCHEDULE_STATES } from '../domain/states.ts';
import { appendAudit } from './audit.ts';
import { gateFacts, lockFacts, type ScheduleFacts, type ScheduleRow } from './facts.ts';
import type { Ledger } from './ledger.ts';

export interface ReplayWanted {
  readonly workspaceId: string;
  readonly scheduleId: string;
  /** The proven caller. */
  readonly actor: Actor;
  readonly note: string | null;
  readonly expectedAttempt: number | undefined;
  /** When the request arrived: what failed after that, its caller cannot have seen. */
  readonly arrivedAt: Date;
}

export interface ReplayChecked {
  readonly schedule: ScheduleRow;
  readonly accountName: string;
  readonly decision: MessageDecision;
}

/** Records the request and answers whether it may be sent; null when the schedule is not this workspace's. */
export async function recordReplayRequest(ledger: Ledger, wanted: ReplayWanted): Promise<ReplayChecked | null> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, wanted.scheduleId);
    if (facts?.schedule.workspaceId !== wanted.workspaceId) return null;
    const { schedule, account } = facts;
    const now = ledger.clock.now();
    const decision = decide(facts, wanted, now);
    await appendAudit(tx, [
      {
        workspaceId: schedule.workspaceId,
        traceId: schedule.traceId,
        type: OTHER_AUDIT.replayRequested,
        scheduleId: schedule.id,
        actor: wanted.actor,
        payload: {
          note: wanted.note,
          attempts: schedule.attemptsMade,
          refusedFor: decision.accepted ? null : decision.reason,
        },
        at: now,
      },
    ]);
    return { schedule, accountName: account?.name ?? schedule.accountId, decision };
  });
}

function decide(facts: ScheduleFacts, wanted: ReplayWanted, now: Date): MessageDecision {
  const { schedule } = facts;
  const { ended, waitsForPerson } = SCHEDULE_STATES[schedule.state];
  const decision = decideMessage(
    {
      name: 'requestReplay',
      body: wanted.expectedAttempt === undefined ? {} : { expectedAttempt: wanted.expectedAttempt },
    },
    {
      state: schedule.state,
      intentOpen: facts.openIntent !== null,
      attemptsMade: schedule.attemptsMade,
      gate: gate(gateFacts(facts, !ended && !waitsForPerson)),
      nowMs: now.getTime(),
    },
  );
  const failedMeanwhile = schedule.failedAt !== null && schedule.failedAt > wanted.arrivedAt;
  return decision.accepted && failedMeanwhile ? { accepted: false, reason: 'attempt_mismatch', reasons: [] } : decision;
}
