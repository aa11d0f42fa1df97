// Ends the open attempt of a run, in the transaction of whoever holds the run's row.
import { and, eq, isNull } from 'drizzle-orm';
import type { StageCause } from '../../domain/pipeline/stage-causes.ts';
import type { StageOutcome } from '../../domain/pipeline/states.ts';
import type { Tx } from '../database/database.ts';
import { stageAttempts } from '../schema/pipelines.ts';
import { type RunFacts, runKeyOf } from './run-facts.ts';

export interface EndOfAttempt {
  readonly outcome: StageOutcome;
  readonly cause: StageCause | null;
  readonly at: Date;
}

/** Nothing is changed where none is open. */
export async function endAttempt(
  tx: Tx,
  { run }: Pick<RunFacts, 'run'>,
  { outcome, cause, at }: EndOfAttempt,
): Promise<void> {
  const { workspaceId, runId } = runKeyOf(run);
  await tx
    .update(stageAttempts)
    .set({ outcome, cause, endedAt: at })
    .where(
      and(eq(stageAttempts.workspaceId, workspaceId), eq(stageAttempts.runId, runId), isNull(stageAttempts.endedAt)),
    );
}
