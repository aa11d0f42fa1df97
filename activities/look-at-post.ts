// The activity `lookAtPost`: one look at a published post that is checked again.
import { Context } from '@temporalio/activity';
import type { RecheckKey, RecheckStep } from '../src/domain/pipeline/recheck.ts';
import type { StageDoors } from '../src/pipeline/context.ts';
import { lookAtPost } from '../src/pipeline/recheck/look-at-post.ts';
import type { PublishingContext } from '../src/publishing/context.ts';

const BEATS = 4;

/** Makes the activity. It may run twice; of two who look at once, one saves. */
export function lookAtPostActivity(context: PublishingContext, stages: StageDoors) {
  return async function lookAtPublishedPost(key: RecheckKey): Promise<RecheckStep> {
    const { client, heartbeat, cancellationSignal: withdrawn } = Context.current();
    const beats = setInterval(() => heartbeat(), context.settings.timeouts.heartbeatMs / BEATS);
    try {
      return await lookAtPost({ ...context, ...stages, client }, key, { withdrawn });
    } finally {
      clearInterval(beats);
    }
  };
}
