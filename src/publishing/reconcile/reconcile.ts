// Step 2: a create may have left, so the platform is asked what is true before anything else happens.

import { type Cause, type CauseCode, cause, type RateWindow } from '../../domain/causes/causes.ts';
import { covers, judgeMiss } from '../../domain/reconcile/absence.ts';
import type { AttemptEnd, LookRecord } from '../../ledger/attempts/attempt-end.ts';
import { claimedPostIds } from '../../ledger/posts/posts.ts';
import type { IntentRow, ScheduleRow } from '../../ledger/schedules/facts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { Askability, Look, SentIntent } from '../../platforms/create-and-look.ts';
import type { Json, PlatformSession, PostToPublish } from '../../platforms/sessions.ts';
import { type StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import { visibilityHorizonMsOf } from '../../runtime/settings/settings.ts';
import { throttledUntil as resetOf } from '../attempt/ends.ts';
import type { PublishingContext } from '../context.ts';

export interface Reconciling {
  readonly context: PublishingContext;
  readonly adapter: PlatformAdapter;
  readonly schedule: ScheduleRow;
  readonly intent: IntentRow;
}

/** Either the attempt ends here, or the post is conclusively absent and another create may leave. */
export type Reconciled = { readonly kind: 'absent' } | { readonly kind: 'end'; readonly end: AttemptEnd };

/**
 * Looks once and judges what was seen. @throws StepRefused | StepUnanswered when the look could not be read; the caller
 * renews an expired grant and repeats, and hands everything else to `endOfFailedLook`.
 */
export async function reconcile(work: Reconciling, session: PlatformSession): Promise<Reconciled> {
  const { context, adapter, schedule } = work;
  const askability = adapter.askability(session);
  if (askability === 'blind') return unconfirmed(work, `${adapter.label} cannot be asked about this kind of post`);
  const look = await lookOnce(work, session);
  await context.points.reach('reconcile_looked', schedule.id);
  return look.kind === 'live' ? { kind: 'end', end: foundLive(look) } : missed(work, askability);
}

/**
 * Looks for what an intent may have made. @throws StepRefused | StepUnanswered when the look could not be read, or did not
 * see enough to prove anything (law 4)
 */
export async function lookOnce({ context, adapter, intent }: Reconciling, session: PlatformSession): Promise<Look> {
  const sent = await asSent(context, intent, session.post.firstCreate);
  const look = await adapter.look(session, sent);
  if (look.kind === 'live') return look;
  const keyed = adapter.askability(session) !== 'searchable';
  if (covers(look.coverage, { sentAt: sent.sentAt, keyed })) return look;
  throw new StepUnanswered('reconcile', `${adapter.label} did not show the account's posts back to when the call left`);
}

/** The end after a look that failed: asked again later while that may help, else a person decides (laws 4 and 5). */
export function endOfFailedLook(work: Reconciling, error: StepRefused | StepUnanswered): Reconciled {
  if (error instanceof StepUnanswered) return unreadable(work, error.message);
  const refusal = error.cause;
  if (refusal.code === 'rate_limited') {
    return unreadable(work, 'throttled', { window: refusal.window ?? 'read', until: resetOf(work.context, refusal) });
  }
  return unconfirmed(
    work,
    `${work.adapter.label} refused to be asked: ${refusal.externalText || refusal.code}`,
    refusal.code,
  );
}

/** The create as the adapter needs it to look for its post. */
async function asSent(
  { ledger }: PublishingContext,
  intent: IntentRow,
  firstCreate: PostToPublish['firstCreate'],
): Promise<SentIntent> {
  const sentAt = firstCreate?.sentAt ?? intent.sentAt;
  const takenPostIds = await claimedPostIds(ledger, intent.accountId, sentAt);
  // What stands in the ledger is JSON that an adapter put there.
  return { sentAt, sendDeadline: intent.sendDeadline, markers: intent.markers as Record<string, Json>, takenPostIds };
}

/** The end of an attempt that found the post live. */
export function foundLive({ platformPostId, url }: Extract<Look, { kind: 'live' }>): AttemptEnd {
  return { kind: 'published', post: { platformPostId, url: url ?? null, evidence: 'reconciled' } };
}

function missed(work: Reconciling, askability: Askability): Reconciled {
  const { context, adapter, intent } = work;
  const verdict = judgeMiss({
    nowMs: context.ledger.clock.now().getTime(),
    sentMs: intent.sentAt.getTime(),
    firstLookMs: context.settings.reconcile.firstLookMs,
    sendDeadlineMs: intent.sendDeadline.getTime(),
    horizonMs: visibilityHorizonMsOf(context.settings, adapter.platform),
    // Where a repeat is harmless, one miss is enough; before the deadline not even there: a reschedule would change the key.
    looksNeeded: askability === 'idempotent' ? 1 : 2,
    spacingMs: context.settings.reconcile.spacingMs,
    misses: intent.misses,
    lastMissMs: intent.lastMissAt?.getTime() ?? null,
  });
  if (verdict.kind === 'absent') return { kind: 'absent' };
  const counted = verdict.kind === 'counted';
  const look: LookRecord = {
    misses: counted ? verdict.misses : intent.misses,
    lastMissAt: counted ? new Date(verdict.lastMissMs) : intent.lastMissAt,
    unreadableSince: null,
  };
  return lookAgain(
    work,
    new Date(verdict.lookAgainMs),
    { look, throttled: null },
    `${adapter.label} does not show it yet`,
  );
}

/** A look that failed is never "absent"; looks that keep failing leave the decision to a person (law 5). */
function unreadable(
  work: Reconciling,
  detail: string,
  throttled?: { readonly window: RateWindow; readonly until: Date },
): Reconciled {
  const { context, intent, adapter } = work;
  const now = context.ledger.clock.now();
  const since = intent.unreadableSince ?? now;
  const { giveUpAfterMs, readRetryMs } = context.settings.reconcile;
  if (now.getTime() - since.getTime() >= giveUpAfterMs)
    return unconfirmed(work, `${adapter.label} could not be read (${detail})`);
  const look: LookRecord = { misses: intent.misses, lastMissAt: intent.lastMissAt, unreadableSince: since };
  const at = throttled?.until ?? new Date(now.getTime() + readRetryMs);
  return lookAgain(
    work,
    at,
    { look, throttled: throttled?.window ?? null },
    `${adapter.label} could not be read (${detail})`,
  );
}

function lookAgain(
  { schedule }: Reconciling,
  wakeAt: Date,
  seen: { readonly look: LookRecord; readonly throttled: RateWindow | null },
  why: string,
): Reconciled {
  const text = `Whether the post is live is not known yet: ${why}.`;
  return { kind: 'end', end: { kind: 'outcome_unknown', cause: reconcileCause(schedule, text), wakeAt, ...seen } };
}

function unconfirmed({ schedule }: Reconciling, why: string, refusedAs?: CauseCode): Reconciled {
  const text = `Nobody can tell whether the post is live: ${why}. Look at the account, then resolve the publish.`;
  const dead = refusedAs === 'reconnect_required';
  return { kind: 'end', end: { kind: 'unconfirmed', cause: reconcileCause(schedule, text), connectionDead: dead } };
}

function reconcileCause({ platform }: ScheduleRow, externalText: string): Cause {
  return cause({ code: 'unknown', source: 'status_only', platform, stage: 'reconcile', externalText, rawText: '' });
}
