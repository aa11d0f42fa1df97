// Has the workflows of channels look for what is due; each channel has one, which ends when nothing waits any more.
import type { Client } from '@temporalio/client';
import { type DeliveryTarget, deliverWorkflowId, SOMETHING_DUE } from '../domain/temporal/notification-ids.ts';
import type { NotifyingContext } from './context.ts';

type Context = Pick<NotifyingContext, 'ledger' | 'settings' | 'log'>;

/** Nobody who waits for an answer waits longer for it. */
const WOKEN_WITHIN_MS = 2_000;

/** Starts the channel's workflow, or tells the one that runs. What fails is left to the next look. */
export async function wakeDelivery(
  { ledger, settings, log }: Context,
  client: Client,
  target: DeliveryTarget,
): Promise<void> {
  const { name: taskQueue } = settings.taskQueues.publish;
  try {
    const deadline = ledger.clock.machineNow().getTime() + WOKEN_WITHIN_MS;
    await client.withDeadline(deadline, () =>
      client.workflow.signalWithStart('deliver', {
        taskQueue,
        workflowId: deliverWorkflowId(taskQueue, target),
        args: [target],
        signal: SOMETHING_DUE,
      }),
    );
  } catch (error) {
    log.warn({ why: String(error), ...target }, 'a delivery could not be woken; the next look does it');
  }
}
