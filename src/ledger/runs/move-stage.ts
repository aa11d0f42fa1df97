// The one way in which a stage, and its run with it, changes its state.
import { eq } from 'drizzle-orm';
import { type AuditType, OTHER_AUDIT } from '../../domain/audit/audit.ts';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { StageCause } from '../../domain/pipeline/stage-causes.ts';
import { runStateOf, type StageEvent, stageTransition } from '../../domain/pipeline/states.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import { runStages, runs } from '../schema/pipelines.ts';
import { endAttempt } from './end-attempt.ts';
import { isRun, isStage, type RunFacts, runKeyOf } from './run-facts.ts';

/** The event is not allowed from where the stage stands: whoever sent it looked at an older state. */
class StageMoveRefused extends Error {
  override readonly name = 'StageMoveRefused';
}

export interface StageMove {
  readonly event: StageEvent;
  readonly audit: AuditType;
  readonly at: Date;
  readonly actor?: Actor | undefined;
  readonly cause?: StageCause | null | undefined;
  readonly says?: string | null | undefined;
  readonly wakeAt?: Date | null | undefined;
  readonly attempts?: number | undefined;
  readonly triesInARow?: number | undefined;
  readonly payload?: Readonly<Record<string, unknown>> | undefined;
  /** The run was changed from outside its workflow, which must be told. */
  readonly fromOutside?: boolean | undefined;
}

/** Moves the locked run's present stage and answers the audit event to append last. @throws StageMoveRefused */
export async function moveStage(tx: Tx, facts: RunFacts, move: StageMove): Promise<AuditEvent> {
  const { run, stage } = facts;
  const state = stageTransition(stage.state, move.event);
  if (state === null) {
    throw new StageMoveRefused(
      `The stage ${stage.stageId} of ${run.id} is ${stage.state}, which ${move.event} does not follow.`,
    );
  }
  const key = runKeyOf(run);
  const { at, cause = null, says = null, wakeAt = null, attempts, triesInARow } = move;
  await tx
    .update(runStages)
    .set({
      state,
      cause,
      says,
      updatedAt: at,
      ...(attempts === undefined ? {} : { attempts }),
      ...(triesInARow === undefined ? {} : { triesInARow }),
    })
    .where(isStage(key, stage.stageId));
  await tx
    .update(runs)
    .set({
      state: runStateOf(state),
      wakeAt,
      updatedAt: at,
      ...(move.actor ? { lastActor: move.actor } : {}),
      // Whoever takes a stage up reads what was changed before.
      ...(move.fromOutside ? { runToTell: true } : move.event === 'opened' ? { runToTell: false } : {}),
    })
    .where(isRun(key));
  return runEvent(facts, move.audit, at, move.actor, {
    stage: stage.stageId,
    from: stage.state,
    to: state,
    ...move.payload,
  });
}

/** An audit event about a run: all that is said of it is said under its trace. */
export function runEvent(
  { run }: Pick<RunFacts, 'run'>,
  type: AuditType,
  at: Date,
  actor: Actor | undefined,
  payload: Readonly<Record<string, unknown>>,
): AuditEvent {
  const { workspaceId, traceId, id: runId } = run;
  return { workspaceId, traceId, type, actor: actor ?? SYSTEM_ACTOR, payload: { runId, ...payload }, at };
}

/** The run goes on to the next stage. */
export async function enterStage(tx: Tx, { run }: Pick<RunFacts, 'run'>, stageId: string): Promise<void> {
  await tx
    .update(runs)
    .set({ stageId })
    .where(isRun(runKeyOf(run)));
}

/** The run goes back to an earlier stage: that one and all after it are to come again. Answers what is to be audited last. */
export async function returnTo(
  tx: Tx,
  facts: RunFacts,
  stageId: string,
  { at, actor, fromOutside, note }: { at: Date; actor: Actor; fromOutside: boolean; note?: string | undefined },
): Promise<AuditEvent> {
  const { run, stage, stages } = facts;
  const key = runKeyOf(run);
  await endAttempt(tx, facts, { outcome: 'canceled', cause: null, at });
  const from = stages.find((one) => one.stageId === stageId)?.place ?? 0;
  const again = stages.filter(({ place }) => place >= from && place <= stage.place);
  for (const one of again) {
    const fresh = { state: 'pending', cause: null, says: null, triesInARow: 0, updatedAt: at } as const;
    await tx.update(runStages).set(fresh).where(isStage(key, one.stageId));
  }
  await tx
    .update(runs)
    .set({
      stageId,
      state: 'running',
      wakeAt: null,
      updatedAt: at,
      lastActor: actor,
      ...(fromOutside ? { runToTell: true } : {}),
    })
    .where(isRun(key));
  const payload = { stage: stage.stageId, to: stageId, ...(note === undefined ? {} : { note }) };
  return runEvent(facts, OTHER_AUDIT.stageRetried, at, actor, payload);
}

export interface EndOfRun {
  readonly state: 'ended' | 'canceled';
  readonly terminal: string | null;
  readonly at: Date;
  readonly actor?: Actor | undefined;
  readonly fromOutside?: boolean | undefined;
}

/** The run goes on no more. */
export async function endRun(tx: Tx, { run }: Pick<RunFacts, 'run'>, end: EndOfRun): Promise<void> {
  const { state, terminal, at, actor, fromOutside } = end;
  await tx
    .update(runs)
    .set({
      state,
      terminal,
      endedAt: at,
      wakeAt: null,
      updatedAt: at,
      ...(actor ? { lastActor: actor } : {}),
      ...(fromOutside ? { runToTell: true } : {}),
    })
    .where(eq(runs.workflowId, run.workflowId));
}
