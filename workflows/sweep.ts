// The workflow of one sweep, started by a Temporal schedule.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { SweepReport } from '../src/domain/temporal/sweep-report.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Sweeps once and answers what was found; the next firing is the retry. */
export async function sweep(): Promise<SweepReport> {
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '1m',
    retry: { maximumAttempts: 1 },
  });
  return activities.sweep();
}
