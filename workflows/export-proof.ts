// The workflow that makes one bundle of proof. A worker that dies is followed by another, which begins anew.
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { ProofExportKey } from '../src/domain/proof/export-request.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Makes the bundle; when that fails again and again, or is canceled, the export says why. */
export async function exportProof(key: ProofExportKey): Promise<void> {
  const taskQueue = recoveryQueueOf(workflowInfo().taskQueue);
  const activities = proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '24h',
    heartbeatTimeout: '15s',
    retry: { maximumAttempts: 20, maximumInterval: '1m' },
    // The attempt sees for itself that its export has ended.
    cancellationType: ActivityCancellationType.TRY_CANCEL,
  });
  const { giveUpProof } = proxyActivities<Activities>({ taskQueue, startToCloseTimeout: '1m' });
  try {
    await activities.exportProof(key);
  } catch (error) {
    await CancellationScope.nonCancellable(() => giveUpProof(key, whyOf(error)));
    if (isCancellation(error)) throw error;
  }
}

function whyOf(error: unknown): string {
  if (isCancellation(error)) return 'It was canceled in Temporal; ask for a new one.';
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof Error ? cause.message : 'It failed for a reason that nobody told; ask for a new one.';
}
