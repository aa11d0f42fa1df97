// The activity `foreseeTonight`: looks at everything that is due within a day, before it can fail.
import { Context } from '@temporalio/activity';
import { forgetOldChecks } from '../src/ledger/tonight/tonight.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { lookAtAll } from '../src/publishing/tonight/look-at-all.ts';

/** Makes the activity. It answers at how many it looked, of every workspace or of the one that is named. */
export function foreseeTonightActivity(context: PublishingContext) {
  return async function foreseeTonight({ workspaceId }: { readonly workspaceId?: string } = {}): Promise<number> {
    const activity = Context.current();
    const goOn = (looked: number) => {
      activity.cancellationSignal.throwIfAborted();
      activity.heartbeat(looked);
    };
    const looked = await lookAtAll(context, { workspaceId, goOn });
    if (workspaceId === undefined) await forgetOldChecks(context.ledger);
    return looked;
  };
}
