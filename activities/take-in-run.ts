// The activity `takeInRun`: a run that was started as a bare workflow is taken in whole, like one through any other door.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { SYSTEM_ACTOR } from '../src/domain/people/actor.ts';
import { readPipelineWorkflowId } from '../src/domain/pipeline/run-id.ts';
import type { RunStep } from '../src/domain/pipeline/run-step.ts';
import { markRunStarted } from '../src/ledger/runs/runs.ts';
import { workspaceIdOf } from '../src/ledger/workspaces/workspaces.ts';
import { stepOf } from '../src/pipeline/runs/run-stage.ts';
import { takeInRun } from '../src/pipeline/runs/start-run.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { IntakeRefused } from '../src/publishing/intake/intake-refused.ts';

/** Makes the activity. Errors: `InvalidStart` and `RunRefused`, both final, with what is wrong. */
export function takeInRunActivity(context: PublishingContext) {
  return async function takeInRunOf({ run }: { readonly run: unknown }): Promise<RunStep & { readonly runId: string }> {
    const workflowId = Context.current().info.workflowExecution?.workflowId ?? '';
    const named = readPipelineWorkflowId(workflowId);
    const workspaceId = named && (await workspaceIdOf(context.ledger, named.workspaceName));
    if (!named || workspaceId === null) {
      throw ApplicationFailure.nonRetryable(
        `The workflow id "${workflowId}" names no workspace and run; start it as pipeline/<workspace>/<YYYYMMDD-HHMMSS-slug>. Nothing was started.`,
        'InvalidStart',
      );
    }
    try {
      const request = typeof run === 'object' && run !== null ? { id: named.runId, ...run } : run;
      const actor = { ...SYSTEM_ACTOR, id: 'temporal', label: 'a workflow start' };
      const taken = await takeInRun(context, { workspaceId, actor }, request);
      if (taken.runId !== named.runId) {
        throw ApplicationFailure.nonRetryable(
          `The run's id must equal the last part of the workflow id, ${named.runId}. Nothing was started.`,
          'InvalidStart',
        );
      }
      await markRunStarted(context.ledger, taken);
      return { ...(await stepOf(context, taken)), runId: taken.runId };
    } catch (error) {
      if (!(error instanceof IntakeRefused)) throw error;
      throw ApplicationFailure.nonRetryable(error.message, 'RunRefused');
    }
  };
}
