// A run with its contract and its stages, as whoever changes it must see them.
import { and, asc, eq, sql } from 'drizzle-orm';
import { type PipelineContract, type StageSpec, stageOf } from '../../domain/pipeline/contract.ts';
import type { RunKey } from '../../domain/pipeline/run-id.ts';
import type { Database, Tx } from '../database/database.ts';
import { pipelineVersions, runStages, runs, stageAttempts } from '../schema/pipelines.ts';

export type RunRow = typeof runs.$inferSelect;
export type RunStageRow = typeof runStages.$inferSelect;
export type StageAttemptRow = typeof stageAttempts.$inferSelect;

export interface RunFacts {
  readonly run: RunRow;
  readonly contract: PipelineContract;
  readonly stages: readonly RunStageRow[];
  /** The present stage. */
  readonly stage: RunStageRow;
  readonly spec: StageSpec;
  /** The attempt that has not ended, of the present stage. */
  readonly open: StageAttemptRow | null;
}

/** The contract that a run keeps lacks a stage that it has: the rows were changed from outside. */
class BrokenRun extends Error {
  override readonly name = 'BrokenRun';
}

export const isRun = ({ workspaceId, runId }: RunKey) => and(eq(runs.workspaceId, workspaceId), eq(runs.id, runId));

export const isStage = ({ workspaceId, runId }: RunKey, stageId: string) =>
  and(eq(runStages.workspaceId, workspaceId), eq(runStages.runId, runId), eq(runStages.stageId, stageId));

/** The key of a run's row. */
export const runKeyOf = ({ workspaceId, id }: Pick<RunRow, 'workspaceId' | 'id'>): RunKey => ({
  workspaceId,
  runId: id,
});

/** The present stage, as its tool calls name it. */
export const stepOf = ({ run, stage }: Pick<RunFacts, 'run' | 'stage'>) => ({
  workspaceId: run.workspaceId,
  task: run.id,
  step: stage.stageId,
});

/** Locks the run's row first, as every change of a run does, and reads the rest. Null: the workspace has no such run. */
export async function lockRun(tx: Tx, key: RunKey): Promise<RunFacts | null> {
  const [run] = await tx.select().from(runs).where(isRun(key)).for('update');
  return run ? factsOf(tx, run) : null;
}

/** The same without a lock. */
export async function readRunFacts(db: Database, key: RunKey): Promise<RunFacts | null> {
  const [run] = await db.select().from(runs).where(isRun(key));
  return run ? factsOf(db, run) : null;
}

async function factsOf(db: Database | Tx, run: RunRow): Promise<RunFacts> {
  const key = runKeyOf(run);
  const [version] = await db.select().from(pipelineVersions).where(eq(pipelineVersions.version, run.version));
  const stages = await db
    .select()
    .from(runStages)
    .where(and(eq(runStages.workspaceId, key.workspaceId), eq(runStages.runId, key.runId)))
    .orderBy(asc(runStages.place));
  const [open] = await db
    .select()
    .from(stageAttempts)
    .where(
      and(
        eq(stageAttempts.workspaceId, key.workspaceId),
        eq(stageAttempts.runId, key.runId),
        sql`${stageAttempts.endedAt} is null`,
      ),
    );
  const stage = stages.find(({ stageId }) => stageId === run.stageId);
  const spec = version && stageOf(version.contract, run.stageId);
  if (!version || !stage || !spec) throw new BrokenRun(`The run ${run.id} stands at a stage that its contract lacks.`);
  return { run, contract: version.contract, stages, stage, spec, open: open ?? null };
}
