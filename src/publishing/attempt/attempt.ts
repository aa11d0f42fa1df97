// Steps 2 to 6 of one attempt, in order: reconcile, prepare, intent, the call, and what its answer means.

import { cause } from '../../domain/causes/causes.ts';
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import { AttemptSuperseded } from '../../ledger/intents/commit-intent.ts';
import { readFacts } from '../../ledger/schedules/facts.ts';
import type { RemoteObjects } from '../../platforms/sessions.ts';
import { asDeadConnection, type GrantUse } from '../grants/grant-use.ts';
import { openGrant, settleEarlier } from '../reconcile/settle.ts';
import type { AttemptWork, Ended, Repeat } from './attempt-work.ts';
import { endOfAppFault, endOfRefusal, endOfUnanswered, endOfUnclear, lastTry } from './ends.ts';
import { decideOpening } from './opening.ts';
import { untilSaved } from './persist.ts';
import { type SendResult, sendCreate } from './send-create.ts';

/** A way to the call that took longer asks the gate once more, whatever it was that took so long. */
const LONG_MS = 500;

/** Runs the attempt to its end. @throws StepRefused | StepUnanswered before its call; AttemptStopped | AttemptSuperseded */
export async function runAttempt(work: AttemptWork): Promise<Ended> {
  const { context, adapter, schedule, keeper } = work;
  const startedMs = performance.now();
  const settled = await settleEarlier(work);
  if (settled && 'end' in settled) return settled;
  if (work.lost !== null) return neverAppeared(work, work.lost);
  // A create that has just proved absent was one more try that made nothing live.
  const unsentTries = schedule.unsentTries + (work.openIntent ? 1 : 0);
  const grant = settled ?? (await openGrant(work));
  await grant.run((session) => adapter.prepare(session));
  await context.points.reach('prepared', schedule.id);
  keeper.assertInTime('gate');
  const tookLong = performance.now() - startedMs > LONG_MS;
  if (tookLong || work.openIntent || grant.spent() || schedule.content.media.length > 0) await askGateAgain(work);
  const sent = await sendCreate({ ...work, session: grant.session() });
  await context.points.reach('answered_unsaved', schedule.id);
  if (sent.kind === 'refused') await untilSaved(context, () => forget(work.remote, sent.forget ?? []));
  return { ...endOfSending({ ...work, schedule: { ...schedule, unsentTries } }, grant, sent), answer: sent.answer };
}

/** Its run is gone and its create proved absent: a person decides whether it is sent again. */
function neverAppeared({ schedule: { platform } }: AttemptWork, lost: string): Ended {
  const externalText = `${lost}; what it may have sent never appeared. Replay it to publish it.`;
  const facts = { source: 'status_only', platform, stage: 'reconcile', externalText, rawText: '' } as const;
  return { end: { kind: 'refused', cause: cause({ code: 'unknown', ...facts }) }, intentId: null, again: null };
}

/**
 * A reconcile, a renewal and media take their time: what was withdrawn meanwhile, an approval or the account, must not
 * go live (law 7). The attempt is given up then, and the next one says why.
 */
async function askGateAgain({ context: { ledger }, schedule }: AttemptWork): Promise<void> {
  const facts = await readFacts(ledger.db, keyOf(schedule));
  if (facts && decideOpening(facts, ledger.clock.now()).kind === 'go') return;
  throw new AttemptSuperseded(`The gate closed while ${schedule.id} was prepared.`);
}

async function forget(remote: RemoteObjects, keys: readonly string[]): Promise<void> {
  for (const key of keys) await remote.drop(key);
}

function endOfSending(
  { context, adapter, schedule, repeatedFor }: AttemptWork,
  grant: GrantUse,
  sent: SendResult,
): Ended {
  const { intentId } = sent;
  switch (sent.kind) {
    case 'live': {
      const post = { platformPostId: sent.platformPostId, url: sent.url ?? null, evidence: 'answered' } as const;
      return { end: { kind: 'published', post }, intentId, again: null };
    }
    case 'not_sent':
      return { end: endOfUnanswered(context, schedule, 'create', sent.detail), intentId, again: null };
    case 'unclear': {
      const askability = adapter.askability(grant.session());
      const ifAbsent = sent.ifAbsent ?? lastTry(context, schedule, sent);
      return {
        end: endOfUnclear(context, askability, sent.cause),
        intentId,
        ifAbsent,
        duplicate: sent.duplicate,
        again: null,
      };
    }
    case 'refused':
      return endOfRefused({ context, schedule, repeatedFor }, grant, sent);
  }
}

function endOfRefused(
  { context, schedule, repeatedFor }: Pick<AttemptWork, 'context' | 'schedule' | 'repeatedFor'>,
  grant: GrantUse,
  { cause, intentId, app, forget: gone }: Extract<SendResult, { kind: 'refused' }>,
): Ended {
  const once = (repeat: Repeat) => (repeatedFor.includes(repeat) ? null : repeat);
  if (app) return { end: endOfAppFault(context, schedule, cause), intentId, again: null };
  if (cause.code === 'auth_expired') {
    const again = grant.spent() ? null : once('grant');
    return { end: { kind: 'refused', cause: again ? cause : asDeadConnection(cause) }, intentId, again };
  }
  const end = endOfRefusal(context, cause);
  return { end, intentId, again: end.kind === 'refused' && gone?.length ? once('media') : null };
}
