// The workflow of a re-check: looks at a published post, some time apart, until the ledger says what they come to.
import { proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { RecheckKey, RecheckVerdict } from '../src/domain/pipeline/recheck.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';
import { policy } from './policy.ts';

/** Longer than one look may take, saving it included. */
const LOOK = '5m';
/** Between two looks at least, whatever the clocks say. */
const PAUSE_MS = 100;

/** Answers the verdict; null: there is no such re-check. */
export async function recheck(key: RecheckKey): Promise<RecheckVerdict | null> {
  const { lookAtPost } = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: LOOK,
    heartbeatTimeout: policy.heartbeat,
    retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '15s' },
  });
  for (;;) {
    const { verdict, againInMs } = await lookAtPost(key);
    if (againInMs === null) return verdict;
    await sleep(Math.max(againInMs, PAUSE_MS), { summary: 'until the next look' });
  }
}
