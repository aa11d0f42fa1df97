// Step 2, before anything is prepared: what became of an earlier create of this post, as the ledger left it open or as a
// person denied it.
import { causeSchema } from '../domain/causes.ts';
import type { IntentRow } from '../ledger/facts.ts';
import { closeAbsentIntent, confirmDenial, readDeniedIntents } from '../ledger/intents.ts';
import {
  AlreadyLive,
  LiveUnnamed,
  type Look,
  type PlatformSession,
  StepRefused,
  StepUnanswered,
} from '../platforms/contract.ts';
import type { AttemptWork, Ended } from './attempt-work.ts';
import { endOfRefusal, isLastTry, lastTry, unknownCause } from './ends.ts';
import { type GrantUse, openGrantUse } from './grant-use.ts';
import { asSent, endOfFailedLook, foundLive, type Reconciled, reconcile } from './reconcile.ts';
import { storedCredentials } from './renew.ts';

/** The end of the attempt; or, when another create may leave, the grant where it was opened for looking. */
export async function settleEarlier(work: AttemptWork): Promise<Ended | GrantUse | null> {
  const settled = work.openIntent ? await settleIntent(work, work.openIntent) : null;
  if (settled && 'end' in settled) return settled;
  return (await checkDenials(work)) ?? settled;
}

async function settleIntent(work: AttemptWork, intent: IntentRow): Promise<Ended | GrantUse | null> {
  const { context, schedule } = work;
  const asked = await askPlatform(work, intent);
  if (asked.outcome.kind === 'end') return { end: asked.outcome.end, intentId: intent.id, again: null };
  const ifAbsent = intent.ifAbsent
    ? causeSchema.parse(intent.ifAbsent)
    : lastTry(context, schedule, unknownCause(schedule.platform, 'nobody lived to read the answer'));
  if (ifAbsent) return { end: endOfRefusal(context, ifAbsent), intentId: intent.id, ifAbsent, again: null };
  await closeAbsentIntent(context.ledger, schedule, intent);
  return asked.grant;
}

/**
 * A person said that earlier creates made nothing live. What the platform shows outranks what anybody said, so each is
 * looked for once more before another leaves. @throws StepRefused | StepUnanswered when that must be tried again
 */
async function checkDenials(work: AttemptWork): Promise<Ended | null> {
  const { context, schedule } = work;
  const denied = schedule.attemptsMade > 0 ? await readDeniedIntents(context.ledger, schedule.id) : [];
  for (const intent of denied) {
    const look = await lookOnceMore(work, intent);
    if (look?.kind === 'live') return { end: foundLive(look), intentId: intent.id, again: null };
    if (look) await confirmDenial(context.ledger, schedule, intent);
  }
  return null;
}

/** Null where the platform cannot be asked: the person's word stands (law 5). */
async function lookOnceMore(work: AttemptWork, intent: IntentRow): Promise<Look | null> {
  const { context, adapter, schedule } = work;
  const sent = await asSent(context, intent);
  try {
    const { seen } = await looking(work, async (session) =>
      adapter.askability(session.post) === 'blind' ? null : adapter.look(session, sent),
    );
    await context.points.reach('reconcile_looked', schedule.id);
    return seen;
  } catch (error) {
    if (error instanceof LiveUnnamed) throw new AlreadyLive(unknownCause(schedule.platform, error.message));
    if (error instanceof StepUnanswered && !isLastTry(context, schedule)) throw error;
    if (error instanceof StepUnanswered) return null;
    if (error instanceof StepRefused && error.cause.code !== 'rate_limited') return null;
    throw error;
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
