// Step 2, before anything is prepared: what became of an earlier create of this post, as the ledger left it open or as a
// person denied it.
import { type Cause, cause, causeSchema } from '../../domain/causes/causes.ts';
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import { closeAbsentIntent, confirmDenial, readDeniedIntents } from '../../ledger/intents/intents.ts';
import type { IntentRow } from '../../ledger/schedules/facts.ts';
import {
  AlreadyLive,
  LiveUnnamed,
  type Look,
  type PlatformSession,
  StepRefused,
  StepUnanswered,
} from '../../platforms/contract.ts';
import type { AttemptWork, Ended } from '../attempt/attempt-work.ts';
import { endOfRefusal, isLastTry, lastTry, unknownCause } from '../attempt/ends.ts';
import { type GrantUse, openGrantUse } from '../grants/grant-use.ts';
import { storedCredentials } from '../grants/renew.ts';
import { openSession } from '../session/session.ts';
import { endOfFailedLook, foundLive, lookOnce, type Reconciled, reconcile } from './reconcile.ts';

/** The end of the attempt; or, when another create may leave, the grant where it was opened for looking. */
export async function settleEarlier(work: AttemptWork): Promise<Ended | GrantUse | null> {
  const settled = work.openIntent ? await settleIntent(work, work.openIntent) : null;
  return settled && 'end' in settled ? settled : checkDenials(work, settled);
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

/**
 * A person said that earlier creates made nothing live. What the platform shows outranks what anybody said, so each is
 * looked for once more before another leaves. @throws StepRefused | StepUnanswered when that must be tried again
 */
async function checkDenials(work: AttemptWork, opened: GrantUse | null): Promise<Ended | GrantUse | null> {
  const { context, schedule } = work;
  const denied = schedule.attemptsMade > 0 ? await readDeniedIntents(context.ledger, keyOf(schedule)) : [];
  if (denied.length === 0) return opened;
  const grant = opened ?? (await grantForLook(work));
  for (const intent of denied) {
    const look = await lookOnceMore(work, grant, intent);
    if (look?.kind === 'live') return { end: foundLive(look), intentId: intent.id, again: null };
    if (look) await confirmDenial(context.ledger, schedule, intent);
  }
  return grant;
}

/** Null where the platform cannot be asked: the person's word stands (law 5). */
async function lookOnceMore(work: AttemptWork, grant: GrantUse | null, intent: IntentRow): Promise<Look | null> {
  const { context, adapter, schedule } = work;
  try {
    const look = await looking(work, grant, async (session) =>
      adapter.askability(session.post) === 'blind' ? null : lookOnce({ ...work, intent }, session),
    );
    await context.points.reach('reconcile_looked', schedule.id);
    return look;
  } catch (error) {
    if (error instanceof LiveUnnamed) throw new AlreadyLive(contradicted(work, error));
    if (error instanceof StepUnanswered && isLastTry(context, schedule)) return null;
    if (error instanceof StepRefused && error.cause.code !== 'rate_limited') return null;
    throw error;
  }
}

function contradicted({ adapter, schedule: { platform } }: AttemptWork, { message }: LiveUnnamed): Cause {
  const externalText = `${adapter.label} contradicts who called the post not live: ${message}. Nothing more was sent; find it on the account, then resolve it as live.`;
  return cause({ code: 'unknown', source: 'status_only', platform, stage: 'reconcile', externalText, rawText: '' });
}
