// Steps 2 to 6 of one attempt, in order: reconcile, prepare, intent, the call, and what its answer means.
import { type Cause, causeSchema } from '../domain/causes.ts';
import type { AttemptEnd } from '../ledger/attempt-end.ts';
import { AttemptSuperseded } from '../ledger/commit-intent.ts';
import { type AccountRow, type IntentRow, readFacts, type ScheduleRow } from '../ledger/facts.ts';
import { closeAbsentIntent, confirmDenial, readDeniedIntent } from '../ledger/intents.ts';
import type { Attempt } from '../ledger/open-attempt.ts';
import { type PlatformAdapter, type RemoteObjects, StepRefused, StepUnanswered } from '../platforms/contract.ts';
import type { PublishingContext } from './context.ts';
import { endOfRefusal, endOfUnanswered, endOfUnclear, lastTry } from './ends.ts';
import { asDeadConnection, type GrantUse, openGrantUse } from './grant-use.ts';
import type { Keeper } from './keeper.ts';
import { decideOpening } from './opening.ts';
import { untilSaved } from './persist.ts';
import { asSent, endOfFailedLook, foundLive, type Reconciled, reconcile } from './reconcile.ts';
import { type SendResult, sendCreate } from './send-create.ts';

export interface AttemptWork {
  readonly context: PublishingContext;
  readonly adapter: PlatformAdapter;
  readonly schedule: ScheduleRow;
  readonly account: AccountRow;
  readonly openIntent: IntentRow | null;
  readonly attempt: Attempt;
  readonly keeper: Keeper;
  readonly remote: RemoteObjects;
  /** The attempt before this one was refused for an expired grant: renew it before anything else. */
  readonly renewFirst: boolean;
}

/** How the attempt ended, and for which intent. */
export interface Ended {
  readonly end: AttemptEnd;
  readonly intentId: string | null;
  readonly ifAbsent?: Cause | undefined;
  /** The create was refused for an expired grant: nothing is live, and a new attempt with a new grant follows at once. */
  readonly again: boolean;
}

/** A way to the call that took longer asks the gate once more, whatever it was that took so long. */
const LONG_MS = 500;

/** Runs the attempt to its end. @throws StepRefused | StepUnanswered before its call; AttemptStopped | AttemptSuperseded */
export async function runAttempt(work: AttemptWork): Promise<Ended> {
  const { context, adapter, schedule, keeper } = work;
  const startedMs = performance.now();
  const settled = work.openIntent ? await settleIntent(work, work.openIntent) : await checkDenial(work);
  if (settled && 'end' in settled) return settled;
  // A create that has just proved absent was one more try that made nothing live.
  const unsentTries = schedule.unsentTries + (work.openIntent ? 1 : 0);
  const grant = settled ?? (await openGrantUse(work, work.account, work.renewFirst));
  await grant.run((session) => adapter.prepare(session));
  await context.points.reach('prepared', schedule.id);
  keeper.assertKept();
  const tookLong = performance.now() - startedMs > LONG_MS;
  if (tookLong || settled || grant.spent() || schedule.content.media.length > 0) await askGateAgain(work);
  const sent = await sendCreate({ ...work, session: grant.session() });
  await context.points.reach('answered_unsaved', schedule.id);
  if (sent.kind === 'refused') await untilSaved(context, () => forget(work.remote, sent.forget ?? []));
  return endOfSending({ ...work, schedule: { ...schedule, unsentTries } }, grant, sent);
}

/**
 * A reconcile, a renewal and media take their time: what was withdrawn meanwhile, an approval or the account, must not
 * go live (law 7). The attempt is given up then, and the next one says why.
 */
async function askGateAgain({ context: { ledger }, schedule }: AttemptWork): Promise<void> {
  const facts = await readFacts(ledger.db, schedule.id);
  if (facts && decideOpening(facts, ledger.clock.now()).kind === 'go') return;
  throw new AttemptSuperseded(`The gate closed while ${schedule.id} was prepared.`);
}

async function forget(remote: RemoteObjects, keys: readonly string[]): Promise<void> {
  for (const key of keys) await remote.drop(key);
}

/** The end, or the opened grant when the post is conclusively absent and the attempt may go on to create it. */
async function settleIntent(work: AttemptWork, intent: IntentRow): Promise<Ended | GrantUse> {
  const { context, schedule } = work;
  const asked = await askPlatform(work, intent);
  if (asked.outcome.kind === 'end') return { end: asked.outcome.end, intentId: intent.id, again: false };
  if (intent.ifAbsent) {
    return { end: endOfRefusal(context, causeSchema.parse(intent.ifAbsent)), intentId: intent.id, again: false };
  }
  await closeAbsentIntent(context.ledger, schedule, intent);
  return asked.grant ?? openGrantUse(work, work.account, false);
}

/**
 * A person said that an earlier create made nothing live. What the platform shows outranks what anybody said, so it is
 * looked for once more; where it cannot be seen, the person's word stands (law 5).
 */
async function checkDenial(work: AttemptWork): Promise<Ended | GrantUse | null> {
  const { context, adapter, schedule } = work;
  const denied = schedule.attemptsMade > 0 ? await readDeniedIntent(context.ledger, schedule.id) : null;
  if (!denied) return null;
  const grant = await openGrantUse(work, work.account, false);
  if (adapter.askability(grant.session().post) === 'blind') return grant;
  try {
    const sent = await asSent(context, denied);
    const look = await grant.run((session) => adapter.look(session, sent));
    await context.points.reach('reconcile_looked', schedule.id);
    if (look.kind === 'live') return { end: foundLive(look), intentId: denied.id, again: false };
    await confirmDenial(context.ledger, schedule, denied);
  } catch (error) {
    if (!(error instanceof StepRefused || error instanceof StepUnanswered)) throw error;
  }
  return grant;
}

async function askPlatform(
  work: AttemptWork,
  intent: IntentRow,
): Promise<{ outcome: Reconciled; grant: GrantUse | null }> {
  try {
    const grant = await openGrantUse(work, work.account, false);
    return { outcome: await grant.run((session) => reconcile({ ...work, intent }, session)), grant };
  } catch (error) {
    if (!(error instanceof StepRefused || error instanceof StepUnanswered)) throw error;
    return { outcome: endOfFailedLook({ ...work, intent }, error), grant: null };
  }
}

function endOfSending({ context, adapter, schedule }: AttemptWork, grant: GrantUse, sent: SendResult): Ended {
  const { intentId } = sent;
  switch (sent.kind) {
    case 'live': {
      const post = { platformPostId: sent.platformPostId, url: sent.url ?? null, evidence: 'answered' } as const;
      return { end: { kind: 'published', post }, intentId, again: false };
    }
    case 'not_sent':
      return { end: endOfUnanswered(context, schedule, 'create', sent.detail), intentId, again: false };
    case 'unclear': {
      const askability = adapter.askability(grant.session().post);
      const ifAbsent = sent.ifAbsent ?? lastTry(context, schedule, sent.cause);
      return { end: endOfUnclear(context, askability, sent.cause), intentId, ifAbsent, again: false };
    }
    case 'refused': {
      if (sent.cause.code !== 'auth_expired') return { end: endOfRefusal(context, sent.cause), intentId, again: false };
      const refusal = grant.spent() ? asDeadConnection(sent.cause) : sent.cause;
      return { end: { kind: 'refused', cause: refusal }, intentId, again: !grant.spent() };
    }
  }
}
