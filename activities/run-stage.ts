// The activities of runs: one takes a run in, one works on its present stage, one answers a message.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { type RunKey, readPipelineWorkflowId } from '../src/domain/pipeline/run-id.ts';
import type { RunStep } from '../src/domain/pipeline/run-step.ts';
import { workspaceIdOf } from '../src/ledger/workspaces/workspaces.ts';
import type { StageDoors } from '../src/pipeline/context.ts';
import { runStage, stepOf, UnknownRun } from '../src/pipeline/runs/run-stage.ts';
import { StageBusy } from '../src/pipeline/runs/stage-busy.ts';
import type { PublishingContext } from '../src/publishing/context.ts';

/** Another worker's silence is soon known; until then it is left alone. */
const BUSY_AGAIN_MS = 1_000;

/** Makes the activity that works on the present stage of the run whose workflow asks. */
export function runStageActivity(context: PublishingContext, stages: StageDoors) {
  return async function runStageOfRun({ runId }: { readonly runId: string }): Promise<RunStep> {
    const { client, heartbeat, cancellationSignal } = Context.current();
    try {
      const key = await runOf(context, runId);
      return await runStage({ ...context, ...stages, client }, key, {
        heartbeat: (stageId) => heartbeat({ stage: stageId }),
        withdrawn: cancellationSignal,
      });
    } catch (error) {
      throw asFailure(error);
    }
  };
}

/** Makes the activity that reads where a run stands. */
export function readRunActivity(context: PublishingContext) {
  return async function readRun({ runId }: { readonly runId: string }): Promise<RunStep> {
    try {
      return await stepOf(context, await runOf(context, runId));
    } catch (error) {
      throw asFailure(error);
    }
  };
}

/** The run of this id in the workspace that the running workflow's id names. @throws UnknownRun */
export async function runOf({ ledger }: Pick<PublishingContext, 'ledger'>, runId: string): Promise<RunKey> {
  const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
  const named = readPipelineWorkflowId(workflowId);
  const workspaceId = named?.runId === runId ? await workspaceIdOf(ledger, named.workspaceName) : null;
  if (workspaceId === null) throw new UnknownRun(`The workflow "${workflowId}" is not that of a run "${runId}".`);
  return { workspaceId, runId };
}

function asFailure(error: unknown): unknown {
  if (error instanceof UnknownRun) return ApplicationFailure.nonRetryable(error.message, 'UnknownRun');
  if (!(error instanceof StageBusy)) return error;
  const { message } = error;
  return ApplicationFailure.create({ message, type: 'StageBusy', category: 'BENIGN', nextRetryDelay: BUSY_AGAIN_MS });
}
