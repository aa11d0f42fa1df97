// The workflow that tells runs what changed in the ledger, when there may be many of them.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Tells every run that was not told yet; answers how many were. */
export async function tellRuns(): Promise<number> {
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '1m',
    retry: { maximumInterval: '1m' },
  });
  return activities.tellRuns();
}
