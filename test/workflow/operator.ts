// What an operator can click in the Temporal UI, as the calls it makes.
import { randomUUID } from 'node:crypto';
import { signal } from '../../workflows/messages.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE, workflowIdOf } from '../harness/workflow-id.ts';

const namespace = 'default';

/** Resets a run to its first or its last workflow task, signals and updates applied again; answers the new run's id. */
export async function resetRun({ temporal }: Stage, scheduleId: string, to: 'first' | 'last'): Promise<string> {
  const handle = temporal.workflow.getHandle(workflowIdOf(scheduleId));
  const task = await until('a workflow task has completed', async () => {
    const { events } = await handle.fetchHistory();
    const tasks = (events ?? []).filter(
      ({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes,
    );
    return to === 'first' ? tasks.at(0) : tasks.at(-1);
  });
  const { runId } = await handle.describe();
  const answer = await temporal.workflowService.resetWorkflowExecution({
    namespace,
    workflowExecution: { workflowId: workflowIdOf(scheduleId), runId },
    reason: 'an operator resets it',
    workflowTaskFinishEventId: task.eventId ?? null,
    requestId: randomUUID(),
  });
  return answer.runId;
}

export function terminateRun({ temporal }: Stage, scheduleId: string): Promise<unknown> {
  return temporal.workflow.getHandle(workflowIdOf(scheduleId)).terminate('an operator terminates it');
}

/** Starts the workflow again under the same id, with the post or with the schedule's id alone. */
export async function startAgain(stage: Stage, scheduleId: string, post?: Readonly<Record<string, unknown>>) {
  const input = post ? { schedule: { workspace: WORKSPACE, ...post } } : { scheduleId };
  return stage.temporal.workflow.start('publish', {
    workflowId: workflowIdOf(scheduleId),
    taskQueue: stage.taskQueue,
    args: [input],
  });
}

/** Starts the workflow with a message in its mailbox, as a client does that must not care whether it runs. */
export function startWithSignal({ temporal, taskQueue }: Stage, scheduleId: string, name: string, body?: unknown) {
  return temporal.workflow.signalWithStart('publish', {
    workflowId: workflowIdOf(scheduleId),
    taskQueue,
    args: [{ scheduleId }],
    signal: signal(name),
    signalArgs: [body],
  });
}

const ACTIVITY = { type: 'publish' } as const;

export async function resetActivity({ temporal }: Stage, scheduleId: string): Promise<void> {
  await temporal.workflowService.resetActivity({
    namespace,
    execution: { workflowId: workflowIdOf(scheduleId) },
    ...ACTIVITY,
  });
}

export async function pauseActivity({ temporal }: Stage, scheduleId: string): Promise<void> {
  await temporal.workflowService.pauseActivity({
    namespace,
    execution: { workflowId: workflowIdOf(scheduleId) },
    ...ACTIVITY,
  });
}

export async function unpauseActivity({ temporal }: Stage, scheduleId: string): Promise<void> {
  await temporal.workflowService.unpauseActivity({
    namespace,
    execution: { workflowId: workflowIdOf(scheduleId) },
    ...ACTIVITY,
  });
}

/** `temporal activity complete`: the activity's result as somebody typed it. */
export async function completeActivity(stage: Stage, scheduleId: string, result: unknown): Promise<void> {
  const data = new TextEncoder().encode(JSON.stringify(result));
  await stage.temporal.workflowService.respondActivityTaskCompletedById({
    ...(await pendingActivity(stage, scheduleId)),
    result: { payloads: [{ metadata: { encoding: new TextEncoder().encode('json/plain') }, data }] },
  });
}

/** `temporal activity fail`. */
export async function failActivity(stage: Stage, scheduleId: string): Promise<void> {
  await stage.temporal.workflowService.respondActivityTaskFailedById({
    ...(await pendingActivity(stage, scheduleId)),
    failure: { message: 'an operator fails it', applicationFailureInfo: { type: 'ByHand', nonRetryable: true } },
  });
}

async function pendingActivity({ temporal }: Stage, scheduleId: string) {
  const workflowId = workflowIdOf(scheduleId);
  const { raw, runId } = await temporal.workflow.getHandle(workflowId).describe();
  return { namespace, workflowId, runId, activityId: raw.pendingActivities?.[0]?.activityId ?? '' };
}
