// The activity `tellRuns`: says to every run that its schedule was changed from outside it.
import { Context } from '@temporalio/activity';
import type { PublishingContext } from '../src/publishing/context.ts';
import { tellRuns } from '../src/publishing/workflows/tell-run.ts';

/** Makes the activity; it asks Temporal over the worker's own connection. */
export function tellRunsActivity(context: PublishingContext) {
  return async function tellRunsOnce(): Promise<number> {
    const { client, heartbeat } = Context.current();
    return tellRuns(context, client, (at) => heartbeat(at));
  };
}
