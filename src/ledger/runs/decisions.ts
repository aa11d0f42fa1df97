// Decisions on the content of a run: each bound to the fingerprint it was shown, and committed only while that is the present one.
import { and, desc, eq, gt, inArray, max } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import { hasEnded } from '../../domain/pipeline/states.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Database, Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { runDecisions, runs, stageAttempts } from '../schema/pipelines.ts';
import { runEvent } from './move-stage.ts';
import { isRun, lockRun } from './run-facts.ts';

export type RunDecisionRow = typeof runDecisions.$inferSelect;

export interface NewRunDecision {
  readonly key: RunKey;
  readonly verdict: 'approved' | 'rejected';
  readonly fingerprint: string;
  readonly note: string | null;
  readonly actor: Actor;
}

/**
 * `decided`, and whether somebody is at the stage, who will see it; `unknown`: there is no such run; `not_asked`: it waits for no decision; `superseded`: the content is another by now,
 * and `present` is its fingerprint.
 */
export type RunDecided =
  | { readonly kind: 'decided'; readonly id: string; readonly atWork: boolean }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'not_asked' }
  | { readonly kind: 'superseded'; readonly present: string };

/** The fingerprint under which a stage that waits for a decision keeps what it asks about. */
export const ASKED_FINGERPRINT = 'fingerprint';

export async function decideRun(ledger: Ledger, decision: NewRunDecision): Promise<RunDecided> {
  const { key, verdict, fingerprint, note, actor } = decision;
  return ledger.db.transaction(async (tx) => {
    const facts = await lockRun(tx, key);
    if (!facts) return { kind: 'unknown' };
    const { run, stage, spec, open } = facts;
    const asks =
      spec.runner === 'builtin' && spec.uses === 'approve' && (stage.state === 'waiting' || stage.state === 'running');
    const present = open?.evidence[ASKED_FINGERPRINT];
    if (hasEnded(run.state) || !asks || typeof present !== 'string') return { kind: 'not_asked' };
    if (present !== fingerprint) return { kind: 'superseded', present };
    const at = ledger.clock.now();
    const id = newId();
    const row = { id, ...key, stageId: stage.stageId, fingerprint, verdict, decidedBy: actor, decidedAt: at, note };
    await tx.insert(runDecisions).values(row);
    await tx.update(runs).set({ runToTell: true, wakeAt: at, lastActor: actor, updatedAt: at }).where(isRun(key));
    const payload = { stage: stage.stageId, verdict, fingerprint, ...(note === null ? {} : { note }) };
    await appendAudit(tx, [runEvent(facts, OTHER_AUDIT.runDecided, at, actor, payload)]);
    return { kind: 'decided', id, atWork: stage.state === 'running' };
  });
}

/** The newest decision on exactly this content, or null. `after`: only one that was made later. */
export async function decisionOn(
  db: Database | Tx,
  { workspaceId, runId }: RunKey,
  fingerprint: string,
  after: Date | null = null,
): Promise<RunDecisionRow | null> {
  const [row] = await db
    .select()
    .from(runDecisions)
    .where(
      and(
        eq(runDecisions.workspaceId, workspaceId),
        eq(runDecisions.runId, runId),
        eq(runDecisions.fingerprint, fingerprint),
        ...(after === null ? [] : [gt(runDecisions.decidedAt, after)]),
      ),
    )
    .orderBy(desc(runDecisions.decidedAt))
    .limit(1);
  return row ?? null;
}

/** When an attempt of the stage last ended by a decision, or null: a stage that is done again is decided on again. */
export async function lastDecidedAt(
  db: Database | Tx,
  { workspaceId, runId }: RunKey,
  stageId: string,
): Promise<Date | null> {
  const [row] = await db
    .select({ at: max(stageAttempts.endedAt) })
    .from(stageAttempts)
    .where(
      and(
        eq(stageAttempts.workspaceId, workspaceId),
        eq(stageAttempts.runId, runId),
        eq(stageAttempts.stageId, stageId),
        inArray(stageAttempts.outcome, ['succeeded', 'blocked']),
      ),
    );
  return row?.at ?? null;
}
