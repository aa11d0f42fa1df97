// The activity `sweep`: one look for publishes that nobody drives any more.
import { Context } from '@temporalio/activity';
import type { SweepReport } from '../src/domain/sweep-report.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { sweepOnce } from '../src/publishing/sweep.ts';

/** Makes the activity; it asks Temporal over the worker's own connection. */
export function sweepActivity(context: PublishingContext) {
  return async function sweep(): Promise<SweepReport> {
    const activity = Context.current();
    return sweepOnce(context, activity.client, () => activity.heartbeat());
  };
}
