// The activity `foreseeTonight`: looks at everything that is due within a day, before it can fail.
import { Context } from '@temporalio/activity';
import { dueTonight, forgetOldChecks } from '../src/ledger/tonight/tonight.ts';
import type { PublishingContext } from '../src/publishing/context.ts';
import { checkTonight } from '../src/publishing/tonight/foresee.ts';

const PAGE = 100;
/** Looked at beside each other: most of the time is spent waiting for media hosts. */
const AT_ONCE = 5;

/** Makes the activity. It answers how many were looked at; one that cannot be looked at keeps no other waiting. */
export function foreseeTonightActivity(context: PublishingContext) {
  return async function foreseeTonight(): Promise<number> {
    const activity = Context.current();
    let looked = 0;
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: Awaited<ReturnType<typeof dueTonight>> = await dueTonight(context.ledger, { after, limit: PAGE });
      for (let at = 0; at < page.length; at += AT_ONCE) {
        activity.cancellationSignal.throwIfAborted();
        await Promise.all(page.slice(at, at + AT_ONCE).map((key) => look(context, key)));
        activity.heartbeat(looked);
      }
      looked += page.length;
      after = page.length < PAGE ? undefined : page.at(-1)?.workflowId;
    }
    await forgetOldChecks(context.ledger);
    return looked;
  };
}

async function look(context: PublishingContext, key: Parameters<typeof checkTonight>[1]): Promise<void> {
  try {
    await checkTonight(context, key);
  } catch (error) {
    context.log.warn(
      { err: error, scheduleId: key.scheduleId },
      'a publish that is due tonight could not be looked at',
    );
  }
}
