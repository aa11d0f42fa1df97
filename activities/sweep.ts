// The activity `sweep`: one look for publishes, batches, exports and re-checks that nobody drives any more, for handoffs whose address
// nobody asked, for events that nobody brings on, and for grants that nobody renews.
import { Context } from '@temporalio/activity';
import type { Heartbeat } from '../src/domain/reconcile/remembered.ts';
import type { SweepReport } from '../src/domain/temporal/sweep-report.ts';
import { askForOwedChecks } from '../src/handoff/ask-for-check.ts';
import { routeLeftEvents } from '../src/operations/routing/route-event.ts';
import { startOpenRechecks } from '../src/pipeline/recheck/ask-recheck.ts';
import { findLostRuns } from '../src/pipeline/runs/lost-runs.ts';
import { sweepRuns } from '../src/pipeline/runs/tell-runs.ts';
import { startOpenExports } from '../src/proof/export/request-export.ts';
import { startOpenBatches } from '../src/publishing/batches/start-batch.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { renewIdleGrants } from '../src/publishing/grants/renew-idle.ts';
import { callNext } from '../src/publishing/workflows/call-next.ts';
import { sweepOnce } from '../src/publishing/workflows/sweep.ts';

/** Makes the activity; it asks Temporal over the worker's own connection. */
export function sweepActivity(context: PublishingContext) {
  return async function sweep(): Promise<SweepReport> {
    const activity = Context.current();
    const control = {
      heartbeat: (beat: Heartbeat) => activity.heartbeat(beat),
      callNext: (accountId: string) => callNext(context, activity.client, accountId),
      withdrawn: activity.cancellationSignal,
    };
    const publishes = await sweepOnce(context, activity.client, control);
    await askForOwedChecks(context, activity.client);
    await startOpenBatches(context, activity.client);
    await startOpenExports({ ...context, client: activity.client });
    await startOpenRechecks(context, activity.client);
    await findLostRuns(context, activity.client);
    await sweepRuns(context, activity.client);
    await routeLeftEvents({ ...context, client: activity.client });
    return { ...publishes, ...(await renewIdleGrants(context, control)) };
  };
}
