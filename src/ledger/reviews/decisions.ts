// Commits a decision on a version, together with the match of that version: what changed meanwhile is not approved (law 7).
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { SupersessionReason, Verdict } from '../../domain/reviews/decision.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { versionChanges } from '../../domain/schedules/version-changes.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { lockFacts, type ScheduleFacts, type ScheduleRow } from '../schedules/facts.ts';
import { move } from '../schedules/transitions.ts';
import { findVersion } from '../schedules/versions.ts';
import { approvals } from '../schema/schedules.ts';

export interface DecisionWanted {
  readonly schedule: ScheduleKey;
  readonly verdict: Verdict;
  readonly expectedFingerprint: string;
  readonly note: string | null;
  readonly actor: Actor;
  /** How long after its due time a blocked publish still goes on by itself, in ms. */
  readonly lateAfterMs: number;
}

/** What an approval does to a publish that had been stopped for want of it: it runs now, or is too late for that. */
export interface Effect {
  readonly goesOn: boolean;
  readonly tooLate: boolean;
}

export type DecisionReply =
  | ({ readonly kind: 'decided' } & Effect)
  | { readonly kind: 'superseded'; readonly reason: SupersessionReason; readonly schedule: ScheduleRow };

/** Null when there is no such schedule. Of two decisions on one version the later counts. */
export async function decide(ledger: Ledger, wanted: DecisionWanted): Promise<DecisionReply | null> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, wanted.schedule);
    if (!facts) return null;
    const superseded = await supersession(tx, facts.schedule, wanted.expectedFingerprint);
    if (superseded) return { kind: 'superseded', reason: superseded, schedule: facts.schedule };
    const { events, ...effect } = await keepDecision(tx, facts, {
      ...wanted,
      at: ledger.clock.now(),
      reviewLinkId: null,
    });
    await appendAudit(tx, events);
    return { kind: 'decided', ...effect };
  });
}

/** Why a decision on the version would no longer count, or null while it does. */
export async function supersession(
  tx: Database | Tx,
  schedule: ScheduleRow,
  fingerprint: string,
): Promise<SupersessionReason | null> {
  if (SCHEDULE_STATES[schedule.state].ended) return 'schedule_ended';
  if (schedule.fingerprint === fingerprint) return null;
  const shown = await findVersion(tx, schedule, fingerprint);
  return (shown && versionChanges(shown, schedule)[0]) ?? 'content_changed';
}

interface Deciding extends Pick<DecisionWanted, 'verdict' | 'note' | 'actor' | 'lateAfterMs'> {
  readonly at: Date;
  readonly reviewLinkId: string | null;
}

/** Writes the decision on the present version; answers what is to be audited at the end of the same transaction. */
export async function keepDecision(
  tx: Tx,
  facts: ScheduleFacts,
  deciding: Deciding,
): Promise<Effect & { readonly events: AuditEvent[] }> {
  const { schedule } = facts;
  const { verdict, note, actor, at, reviewLinkId } = deciding;
  const { workspaceId, id: scheduleId, traceId, fingerprint } = schedule;
  const row = { id: newId(), ...keyOf(schedule), fingerprint, verdict, note, reviewLinkId };
  await tx.insert(approvals).values({ ...row, decidedBy: actor, decidedAt: at });
  const payload = { verdict, fingerprint, note, reviewLinkId };
  const event = { workspaceId, traceId, type: OTHER_AUDIT.decided, scheduleId, actor, payload, at };
  const effect = effectOn(schedule, deciding);
  if (!effect.goesOn) return { events: [event], ...effect };
  const changes = { wakeAt: at, blockedReason: null, failedAt: null, cause: null, runToTell: true };
  const moved = await move(tx, schedule, { event: 'approved', at, actor, changes });
  return { events: [event, moved], ...effect };
}

/** What is too old by now waits for a person who says that it still goes out. */
function effectOn({ state, blockedReason, publishAt }: ScheduleRow, { verdict, at, lateAfterMs }: Deciding): Effect {
  const waited = verdict === 'approved' && state === 'blocked' && blockedReason === 'review_not_approved';
  const isLate = publishAt.getTime() < at.getTime() - lateAfterMs;
  return { goesOn: waited && !isLate, tooLate: waited && isLate };
}
