// Step 2, before anything is prepared: what became of an earlier create of this post, as the ledger left it open or as a
// person denied it.
import canonicalize from 'canonicalize';
import { type Cause, cause, causeSchema } from '../../domain/causes/causes.ts';
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import type { AttemptEnd } from '../../ledger/attempts/attempt-end.ts';
import { closeAbsentIntent, confirmDenial, readEarlierCreates } from '../../ledger/intents/intents.ts';
import type { IntentRow } from '../../ledger/schedules/facts.ts';
import type { Look } from '../../platforms/create-and-look.ts';
import type { PlatformSession } from '../../platforms/sessions.ts';
import { AlreadyLive, LiveUnnamed, StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import type { AttemptWork, Ended } from '../attempt/attempt-work.ts';
import { endOfRefusal, isLastTry, lastTry, unknownCause } from '../attempt/ends.ts';
import { type GrantUse, openGrantUse } from '../grants/grant-use.ts';
import { storedCredentials } from '../grants/renew.ts';
import { openSession } from '../session/session.ts';
import { endOfFailedLook, foundLive, lookOnce, type Reconciled, reconcile } from './reconcile.ts';

/** The end of the attempt; or, when another create may leave, the grant where it was opened for looking. */
export async function settleEarlier(work: AttemptWork): Promise<Ended | GrantUse | null> {
  const settled = work.openIntent ? await settleIntent(work, work.openIntent) : null;
  return settled && 'end' in settled ? settled : askAboutEarlier(work, settled);
}

/** Opens the attempt's grant. @throws StepRefused | StepUnanswered */
export function openGrant(work: AttemptWork): Promise<GrantUse> {
  return openGrantUse(work, work.account, work.repeatedFor[0] === 'grant');
}

/** The grant for a look, or null where a look needs none. @throws StepRefused | StepUnanswered */
async function grantForLook(work: AttemptWork): Promise<GrantUse | null> {
  return work.adapter.looksWithoutGrant ? null : openGrant(work);
}

/** Looks with the grant, or with whatever is left of it where nobody asks for one. */
function looking<Seen>(
  work: AttemptWork,
  grant: GrantUse | null,
  look: (session: PlatformSession) => Promise<Seen>,
): Promise<Seen> {
  return grant ? grant.run(look) : look(openSession({ ...work, ...storedCredentials(work.context, work.account) }));
}

async function settleIntent(work: AttemptWork, intent: IntentRow): Promise<Ended | GrantUse | null> {
  const { context, schedule } = work;
  const asked = await askPlatform(work, intent);
  if (asked.outcome.kind === 'end') return { end: asked.outcome.end, intentId: intent.id, again: null };
  const denied = intent.duplicate ? await unanswered(work, intent) : null;
  if (denied) return { end: contradiction(work), intentId: intent.id, again: null };
  const ifAbsent = intent.ifAbsent
    ? causeSchema.parse(intent.ifAbsent)
    : lastTry(context, schedule, { cause: unknownCause(schedule.platform, 'nobody lived to read the answer') });
  if (ifAbsent) return { end: endOfRefusal(context, ifAbsent), intentId: intent.id, ifAbsent, again: null };
  await closeAbsentIntent(context.ledger, schedule, intent);
  return asked.grant;
}

async function askPlatform(
  work: AttemptWork,
  intent: IntentRow,
): Promise<{ outcome: Reconciled; grant: GrantUse | null }> {
  try {
    const grant = await grantForLook(work);
    return { outcome: await looking(work, grant, (session) => reconcile({ ...work, intent }, session)), grant };
  } catch (error) {
    if (!(error instanceof StepRefused || error instanceof StepUnanswered)) throw error;
    return { outcome: endOfFailedLook({ ...work, intent }, error), grant: null };
  }
}

/** An earlier create whose answer nobody has: what the platform now calls a duplicate may be its post. */
async function unanswered({ context, schedule }: AttemptWork, { id }: IntentRow): Promise<IntentRow | null> {
  const earlier = await readEarlierCreates(context.ledger, keyOf(schedule));
  return earlier.find((create) => create.id !== id && !create.duplicate) ?? null;
}

/** The platform refused a create as a duplicate, after an earlier one that was called absent: one of the two is wrong. */
function contradiction(work: AttemptWork): AttemptEnd {
  const externalText = `${work.adapter.label} refused the last create as a duplicate, so an equal post is live; an earlier create of this post got no answer and was called absent since. Nothing is live twice as far as anybody knows. Look at the account, then resolve the publish.`;
  return { kind: 'unconfirmed', cause: doubt(work, externalText), connectionDead: false };
}

/**
 * Earlier creates were called absent, by looks or by a person. What the platform shows outranks what anybody said or missed,
 * so each is looked for once more before another leaves. @throws StepRefused | StepUnanswered when that must be tried again
 */
async function askAboutEarlier(work: AttemptWork, opened: GrantUse | null): Promise<Ended | GrantUse | null> {
  const { context, schedule } = work;
  const earlier = schedule.attemptsMade > 0 ? await readEarlierCreates(context.ledger, keyOf(schedule)) : [];
  const asked = new Set(work.openIntent ? [traceOf(work.openIntent)] : []);
  let grant = opened;
  for (const intent of earlier) {
    // Another create with the same marks was looked for by them a moment ago.
    if (asked.has(traceOf(intent)) && intent.state !== 'denied') continue;
    asked.add(traceOf(intent));
    grant ??= await grantForLook(work);
    const look = await lookOnceMore(work, grant, intent);
    if (look?.kind === 'live') return { end: foundLive(look), intentId: intent.id, again: null };
    if (look?.kind === 'undecidable') return { end: look.end, intentId: null, again: null };
    if (look && intent.state === 'denied') await confirmDenial(context.ledger, schedule, intent);
  }
  return grant;
}

/** What a look finds a create's post by. */
function traceOf({ markers }: IntentRow): string {
  return canonicalize(markers) ?? '';
}

/** Null where the platform cannot be asked about a create that a person denied: the person's word stands (law 5). */
async function lookOnceMore(
  work: AttemptWork,
  grant: GrantUse | null,
  intent: IntentRow,
): Promise<Look | Undecidable | null> {
  const { context, adapter, schedule } = work;
  const byPerson = intent.state === 'denied';
  try {
    const look = await looking(work, grant, async (session) =>
      adapter.askability(session) === 'blind' ? null : lookOnce({ ...work, intent }, session),
    );
    await context.points.reach('reconcile_looked', schedule.id);
    return look;
  } catch (error) {
    if (error instanceof LiveUnnamed) throw new AlreadyLive(contradicted(work, error));
    const doubtful = whyNotSure(work, error);
    if (doubtful === null) throw error;
    return byPerson ? null : undecidable(work, doubtful);
  }
}

function contradicted(work: AttemptWork, { message }: LiveUnnamed): Cause {
  return doubt(
    work,
    `${work.adapter.label} contradicts who called the post not live: ${message}. Nothing more was sent; find it on the account, then resolve it as live.`,
  );
}

/** Why the look leaves it open for good; null where it is tried again. */
function whyNotSure({ context, schedule }: AttemptWork, error: unknown): string | null {
  if (error instanceof StepUnanswered && isLastTry(context, schedule)) {
    return `cannot be asked about it once more: ${error.message}`;
  }
  if (!(error instanceof StepRefused) || error.cause.code === 'rate_limited') return null;
  return `does not confirm it: ${error.cause.externalText.replace(/\.$/, '')}`;
}

/** The publish stops as unconfirmed, and a person decides. */
interface Undecidable {
  readonly kind: 'undecidable';
  readonly end: AttemptEnd;
}

/** Looks called the post absent, and cannot be repeated: whether another may leave is a person's to decide. */
function undecidable(work: AttemptWork, why: string): Undecidable {
  const cause = doubt(
    work,
    `An earlier create was called absent, and ${work.adapter.label} ${why}. Nothing more was sent; look at the account, then resolve the publish.`,
  );
  return { kind: 'undecidable', end: { kind: 'unconfirmed', cause, connectionDead: false } };
}

function doubt({ schedule: { platform } }: AttemptWork, externalText: string): Cause {
  return cause({ code: 'unknown', source: 'status_only', platform, stage: 'reconcile', externalText, rawText: '' });
}
