// The activity `lookForNews`: one look through the audit trails for what people are to be told.
import { Context } from '@temporalio/activity';
import type { NotifyingContext } from '../src/notifications/context.ts';
import { lookForNews } from '../src/notifications/look.ts';

/** Makes the activity; it wakes deliveries over the worker's own connection. */
export function lookForNewsActivity(context: NotifyingContext) {
  return async function lookForNewsOnce(): Promise<void> {
    const { client, cancellationSignal: withdrawn, heartbeat } = Context.current();
    await lookForNews(context, { client, beat: () => heartbeat(), withdrawn });
  };
}
