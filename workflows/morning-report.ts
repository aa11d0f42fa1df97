// The workflow of one morning report, started by a Temporal schedule in the workspace's own time zone.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Composes the report and has it delivered; its id carries the hour it was due, so that it is told once. */
export async function morningReport(workspace: string): Promise<void> {
  const { taskQueue, workflowId } = workflowInfo();
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(taskQueue),
    startToCloseTimeout: '5m',
    scheduleToCloseTimeout: '12h',
    retry: { maximumInterval: '5m' },
  });
  await activities.sendReport({ workspace, key: workflowId });
}
