// Step 2, before anything is prepared: what became of an earlier create of this post, as the ledger left it open or as a
// person denied it.
import { causeSchema } from '../domain/causes.ts';
import type { IntentRow } from '../ledger/facts.ts';
import { closeAbsentIntent, confirmDenial, readDeniedIntent } from '../ledger/intents.ts';
import { type PlatformSession, StepRefused, StepUnanswered } from '../platforms/contract.ts';
import type { AttemptWork, Ended } from './attempt-work.ts';
import { endOfRefusal } from './ends.ts';
import { type GrantUse, openGrantUse } from './grant-use.ts';
import { asSent, endOfFailedLook, foundLive, type Reconciled, reconcile } from './reconcile.ts';
import { storedCredentials } from './renew.ts';

/** The end of the attempt; or, when another create may leave, the grant where it was opened for looking. */
export function settleEarlier(work: AttemptWork): Promise<Ended | GrantUse | null> {
  return work.openIntent ? settleIntent(work, work.openIntent) : checkDenial(work);
}

async function settleIntent(work: AttemptWork, intent: IntentRow): Promise<Ended | GrantUse | null> {
  const { context, schedule } = work;
  const asked = await askPlatform(work, intent);
  if (asked.outcome.kind === 'end') return { end: asked.outcome.end, intentId: intent.id, again: false };
  if (intent.ifAbsent) {
    return { end: endOfRefusal(context, causeSchema.parse(intent.ifAbsent)), intentId: intent.id, again: false };
  }
  await closeAbsentIntent(context.ledger, schedule, intent);
  return asked.grant;
}

/**
 * A person said that an earlier create made nothing live. What the platform shows outranks what anybody said, so it is
 * looked for once more; where it cannot be seen, the person's word stands (law 5).
 */
async function checkDenial(work: AttemptWork): Promise<Ended | GrantUse | null> {
  const { context, adapter, schedule } = work;
  const denied = schedule.attemptsMade > 0 ? await readDeniedIntent(context.ledger, schedule.id) : null;
  if (!denied) return null;
  try {
    const sent = await asSent(context, denied);
    const { seen, grant } = await looking(work, async (session) =>
      adapter.askability(session.post) === 'blind' ? null : adapter.look(session, sent),
    );
    await context.points.reach('reconcile_looked', schedule.id);
    if (seen?.kind === 'live') return { end: foundLive(seen), intentId: denied.id, again: false };
    if (seen) await confirmDenial(context.ledger, schedule, denied);
    return grant;
  } catch (error) {
    if (!(error instanceof StepRefused || error instanceof StepUnanswered)) throw error;
    return null;
  }
}

/** Looks with the account's grant, or with whatever is left of it where nobody asks for one. */
async function looking<Seen>(
  work: AttemptWork,
  look: (session: PlatformSession) => Promise<Seen>,
): Promise<{ readonly seen: Seen; readonly grant: GrantUse | null }> {
  if (work.adapter.looksWithoutGrant) {
    return { seen: await look(storedCredentials(work, work.account).session), grant: null };
  }
  const grant = await openGrantUse(work, work.account, false);
  return { seen: await grant.run(look), grant };
}

async function askPlatform(
  work: AttemptWork,
  intent: IntentRow,
): Promise<{ outcome: Reconciled; grant: GrantUse | null }> {
  try {
    const { seen, grant } = await looking(work, (session) => reconcile({ ...work, intent }, session));
    return { outcome: seen, grant };
  } catch (error) {
    if (!(error instanceof StepRefused || error instanceof StepUnanswered)) throw error;
    return { outcome: endOfFailedLook({ ...work, intent }, error), grant: null };
  }
}
