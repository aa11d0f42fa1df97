// The activity `publish` on the task queue that suits it: large media have one of their own, and between workspaces the
// server deals fairly.
import { proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { mediaQueueOf } from '../src/domain/temporal/task-queues.ts';
import { readPublishWorkflowId } from '../src/domain/temporal/workflow-id.ts';
import { policy } from './policy.ts';

const OPTIONS = {
  startToCloseTimeout: policy.attempt,
  heartbeatTimeout: policy.heartbeat,
  // The first of them follows the death of a worker, when every moment counts.
  retry: { initialInterval: '100ms', backoffCoefficient: 2, maximumInterval: '15s' },
} as const;

/** Temporal takes 64 bytes of key; a longer name shares its turn with those that begin alike. */
const KEY_BYTES = 64;

/**
 * Makes the caller of one run's activity. `largeMedia`: as far as the start knew. `attempts`: as many as the run remembers;
 * a ledger that knows fewer has lost its newest commits.
 */
export function publishCaller(largeMedia: boolean): (scheduleId: string, attempts: number) => Promise<PublishResult> {
  const { taskQueue, workflowId } = workflowInfo();
  const options = { ...OPTIONS, priority: { fairnessKey: fairnessKey(workflowId) } };
  const texts = proxyActivities<Activities>(options);
  const carriers = proxyActivities<Activities>({ ...options, taskQueue: mediaQueueOf(taskQueue) });
  let large = largeMedia;
  return async (scheduleId, attempts) => {
    const input = { scheduleId, knowsMediaQueue: true, ...(attempts > 0 ? { attempts } : {}) };
    const result = await (large ? carriers : texts).publish(input);
    if (large || !result?.largeMedia) return result;
    large = true;
    return carriers.publish(input);
  };
}

/** A publish's turn is its workspace's. */
function fairnessKey(workflowId: string): string {
  const bytes = new TextEncoder().encode(readPublishWorkflowId(workflowId)?.workspaceName ?? '');
  return new TextDecoder().decode(bytes.slice(0, KEY_BYTES)).replace(/\uFFFD+$/, '');
}
