// The activity `deliverDue`: one pass over what is due to one channel.
import { ApplicationFailure, Context } from '@temporalio/activity';
import { z } from 'zod';
import type { DeliveryTarget } from '../src/domain/temporal/notification-ids.ts';
import type { NotifyingContext } from '../src/notifications/context.ts';
import { deliverDue, type Pass } from '../src/notifications/deliver.ts';

/** Whoever starts the workflow by hand may give it anything. */
const targetSchema = z.object({ workspaceId: z.uuid(), channel: z.string() });

/** Makes the activity. Error: `InvalidTarget` (final). */
export function deliverDueActivity(context: NotifyingContext) {
  return async function deliverDueOnce(given: DeliveryTarget): Promise<Pass> {
    const target = targetSchema.safeParse(given);
    if (!target.success)
      throw ApplicationFailure.nonRetryable('This names no channel of a workspace.', 'InvalidTarget');
    const { cancellationSignal: withdrawn, heartbeat } = Context.current();
    return deliverDue(context, target.data, { beat: () => heartbeat(), withdrawn });
  };
}
