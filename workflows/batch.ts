// The workflow of a batch: one page of members after another, each when its turn comes. What each comes to stands in the ledger.
import {
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { BatchKey } from '../src/domain/batches/batch.ts';
import { LOOK_AGAIN } from '../src/domain/temporal/look-again.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Turns of one run; a longer batch goes on in another, so that no history grows without end. */
const TURNS_PER_RUN = 500;

/** Runs a batch to its end. */
export async function batch(key: BatchKey): Promise<void> {
  const { runBatch } = proxyActivities<Activities>({
    taskQueue: recoveryQueueOf(workflowInfo().taskQueue),
    startToCloseTimeout: '15m',
    heartbeatTimeout: '2m',
    retry: { maximumInterval: '1m' },
  });
  let woken = false;
  setHandler(defineSignal(LOOK_AGAIN), () => {
    woken = true;
  });
  for (let turn = 0; turn < TURNS_PER_RUN && !workflowInfo().continueAsNewSuggested; turn += 1) {
    woken = false;
    const nextAt = await runBatch(key);
    if (nextAt === null) return;
    const waitMs = Date.parse(nextAt) - Date.now();
    if (waitMs > 0) await condition(() => woken, waitMs);
  }
  await continueAsNew<typeof batch>(key);
}
