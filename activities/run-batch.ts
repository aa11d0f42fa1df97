// The activity `runBatch`: asks the members of a batch whose turn it is.
import { Context } from '@temporalio/activity';
import type { BatchKey } from '../src/domain/batches/batch.ts';
import { runBatch } from '../src/publishing/batches/run-batch.ts';
import type { PublishingContext } from '../src/publishing/context.ts';

/** Makes the activity; it asks Temporal over the worker's own connection. */
export function runBatchActivity(context: PublishingContext) {
  return async function runBatchPage(key: BatchKey): Promise<string | null> {
    const { client, heartbeat, cancellationSignal } = Context.current();
    return runBatch(context, client, key, { heartbeat: (place) => heartbeat(place), withdrawn: cancellationSignal });
  };
}
