// The workflow that has the address of a completed handoff looked at.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { AddressCheck } from '../src/domain/handoff/completion.ts';
import type { ScheduleKey } from '../src/domain/schedules/schedule-key.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Asks once and answers what was found; only a fault of ours is tried again, a few times. */
export async function checkHandoff(key: ScheduleKey): Promise<AddressCheck | null> {
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '1m',
    retry: { maximumAttempts: 5 },
  });
  return activities.checkHandoff(key);
}
