// The workflow that drops stored files no post names, started by a Temporal schedule.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Looks once and answers how many were dropped; the next firing is the retry. */
export async function dropUnusedMedia(): Promise<number> {
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '1h',
    retry: { maximumAttempts: 1 },
  });
  return activities.dropUnusedMedia();
}
