// The workflow of one channel: delivers what is due, waits until something is due again, and ends when nothing waits.
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { type DeliveryTarget, SOMETHING_DUE } from '../src/domain/temporal/notification-ids.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Runs until the channel has nothing left; one run per channel, so that its receiver keeps only itself waiting. */
export async function deliver(target: DeliveryTarget): Promise<void> {
  const activities = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '5m',
    // Longer than a receiver may take for one message.
    heartbeatTimeout: '15s',
    retry: { maximumInterval: '1m' },
  });
  let due = false;
  setHandler(defineSignal(SOMETHING_DUE), () => {
    due = true;
  });
  for (;;) {
    due = false;
    const { waitMs, away } = await activities.deliverDue(target);
    if (waitMs === null && !due) return;
    // Whoever is away is not asked sooner because there is more to tell.
    if (away && waitMs !== null) await sleep(waitMs);
    else if (!due) await condition(() => due, waitMs ?? 0);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof deliver>(target);
  }
}
