// The workflow that looks at what is due within a day, started by a Temporal schedule, or by a person for one workspace.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Looks once and answers at how many; the next firing is the retry. */
export async function tonight(only?: { readonly workspaceId: string }): Promise<number> {
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '2m',
    retry: { maximumAttempts: 1 },
  });
  return only === undefined ? activities.foreseeTonight() : activities.foreseeTonight(only);
}
