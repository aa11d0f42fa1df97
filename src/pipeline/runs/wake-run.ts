// Says to the run that waits for a publish that something became of it. Best effort: a run that does not hear it looks by itself.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { runIdOfSchedule } from '../../domain/pipeline/run-id.ts';
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { isRunning } from '../../domain/schedules/states.ts';
import { LOOK_AGAIN } from '../../domain/temporal/look-again.ts';
import { findRun } from '../../ledger/runs/runs.ts';
import type { PipelineContext } from '../context.ts';

const TOLD_WITHIN_MS = 2_000;

/** Nothing is done for a publish that no run waits for, or that goes on by itself. */
export async function wakeRunOf(
  { ledger, log }: Pick<PipelineContext, 'ledger' | 'log'>,
  client: Client,
  { workspaceId, scheduleId }: ScheduleKey,
  { state }: Pick<PublishResult, 'state'>,
): Promise<void> {
  const runId = runIdOfSchedule(scheduleId);
  if (runId === null || isRunning(state)) return;
  try {
    const run = await findRun(ledger, { workspaceId, runId });
    // A stage that is worked on looks at its publish by itself.
    if (!run || run.state === 'running') return;
    const { workflowId } = run;
    const deadline = ledger.clock.machineNow().getTime() + TOLD_WITHIN_MS;
    await client.withDeadline(deadline, () => client.workflow.getHandle(workflowId).signal(LOOK_AGAIN));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return;
    log.warn({ why: String(error), runId }, 'a run could not be told that its publish stands; it looks by itself');
  }
}
