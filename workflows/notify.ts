// The workflow of one look for news, started by a Temporal schedule.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Looks once; the next firing is the retry. */
export async function notify(): Promise<void> {
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '10m',
    heartbeatTimeout: '1m',
    retry: { maximumAttempts: 1 },
  });
  await activities.lookForNews();
}
