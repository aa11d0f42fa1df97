// The workflow that makes one bundle of proof. A worker that dies is followed by another, which begins anew.
import { ActivityFailure, isCancellation, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { ProofExportKey } from '../src/domain/proof/export-request.ts';
import { recoveryQueueOf } from '../src/domain/temporal/task-queues.ts';

/** Makes the bundle; when that fails again and again, the export says why. */
export async function exportProof(key: ProofExportKey): Promise<void> {
  const taskQueue = recoveryQueueOf(workflowInfo().taskQueue);
  const activities = proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '24h',
    heartbeatTimeout: '15s',
    retry: { maximumAttempts: 8, maximumInterval: '1m' },
  });
  const { giveUpProof } = proxyActivities<Activities>({ taskQueue, startToCloseTimeout: '1m' });
  try {
    await activities.exportProof(key);
  } catch (error) {
    if (!(error instanceof ActivityFailure) || isCancellation(error)) throw error;
    await giveUpProof(key, error.cause?.message ?? error.message);
  }
}
