// From a cause to how the attempt ends: the place where a 429 becomes a timer.
import { type Cause, cause, type Stage } from '../../domain/causes/causes.ts';
import { GrantUnreadable } from '../../ledger/accounts/seal.ts';
import type { AttemptEnd } from '../../ledger/attempts/attempt-end.ts';
import { PostClaimed } from '../../ledger/posts/save-published.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import type { Askability } from '../../platforms/create-and-look.ts';
import { toldInOneLine } from '../../runtime/told-error.ts';
import type { PublishingContext } from '../context.ts';

/** Without a word from the platform, a throttled account is asked again after this. */
const DEFAULT_THROTTLE_MS = 15 * 60_000;

/** The end for an explicit refusal: a rate limit waits for its reset, everything else needs a person. */
export function endOfRefusal(context: PublishingContext, refusal: Cause): AttemptEnd {
  if (refusal.code !== 'rate_limited') return { kind: 'refused', cause: refusal };
  const resumeAt = throttledUntil(context, refusal);
  return { kind: 'rate_limited', cause: { ...refusal, resumeAt: resumeAt.toISOString() }, resumeAt };
}

/** The platform's own reset plus jitter, within the bounds of the settings. */
export function throttledUntil({ ledger, settings, random }: PublishingContext, refusal: Cause): Date {
  const { retryMinMs, retryMaxMs, retryJitterMs } = settings.timers;
  const nowMs = ledger.clock.now().getTime();
  const resetMs = refusal.resumeAt ? Date.parse(refusal.resumeAt) : nowMs + DEFAULT_THROTTLE_MS;
  const waitMs = Math.min(Math.max(resetMs - nowMs, retryMinMs), retryMaxMs);
  return new Date(Math.ceil(nowMs + waitMs + random() * retryJitterMs));
}

/** The end when nothing can have become live because no call left, or only repeatable ones did: tried again, visibly. */
export function endOfUnanswered(
  context: PublishingContext,
  schedule: ScheduleRow,
  stage: Stage,
  detail: string,
): AttemptEnd {
  const failure = unansweredCause(schedule.platform, stage, detail);
  if (isLastTry(context, schedule)) return { kind: 'refused', cause: failure };
  return { kind: 'not_sent', cause: failure, wakeAt: nextTry(context, schedule) };
}

/** The end when the platform refuses our app: tried again like an outage, and alarmed; in the end it has failed. */
export function endOfAppFault(context: PublishingContext, schedule: ScheduleRow, refusal: Cause): AttemptEnd {
  context.log.error(
    { platform: schedule.platform, cause: refusal.code, text: refusal.externalText },
    'a platform refuses our app; every account on it waits, and none is disconnected: look at the app and its credentials',
  );
  if (isLastTry(context, schedule)) return { kind: 'refused', cause: refusal, appFault: true };
  return { kind: 'not_sent', cause: refusal, wakeAt: nextTry(context, schedule), appFault: true };
}

function nextTry({ ledger, settings }: PublishingContext, { unsentTries }: ScheduleRow): Date {
  const { unreachableFirstMs, unreachableMaxMs } = settings.timers;
  const waitMs = Math.min(unreachableFirstMs * 2 ** unsentTries, unreachableMaxMs);
  return new Date(ledger.clock.now().getTime() + waitMs);
}

function unansweredCause(platform: string, stage: Stage, detail: string): Cause {
  const code =
    stage === 'media' || stage === 'child'
      ? 'child_create_failed'
      : stage === 'parent'
        ? 'parent_create_failed'
        : 'publish_failed';
  return cause({
    code,
    source: 'status_only',
    platform,
    stage,
    externalText: `No usable answer came: ${detail.replace(/\.$/, '')}. ${stage === 'reconcile' ? 'Nothing more was sent.' : 'Nothing was sent that could be live.'}`,
    rawText: detail,
  });
}

/** The end of a create whose answer proves nothing: looked for soon, or handed to a person where nobody can look. */
export function endOfUnclear(
  { ledger, settings }: PublishingContext,
  askability: Askability,
  unclear: Cause,
): AttemptEnd {
  if (askability === 'blind') return { kind: 'unconfirmed', cause: unclear, connectionDead: false };
  const wakeAt = new Date(ledger.clock.now().getTime() + settings.reconcile.firstLookMs);
  return { kind: 'outcome_unknown', cause: unclear, wakeAt, look: null, throttled: null };
}

/** Whether this try, if it makes nothing live either, is one too many in a row. */
export function isLastTry({ settings }: PublishingContext, { unsentTries }: ScheduleRow): boolean {
  return unsentTries + 1 >= settings.timers.unreachableTries;
}

/**
 * The failure to record should this create prove absent like those before it, or undefined while another may follow:
 * a platform that swallows every create is not fed for ever.
 */
export function lastTry(
  context: PublishingContext,
  schedule: ScheduleRow,
  { cause: unclear, lastly }: { readonly cause: Cause; readonly lastly?: Cause | undefined },
): Cause | undefined {
  if (!isLastTry(context, schedule)) return undefined;
  if (lastly) return lastly;
  const text = `${schedule.unsentTries + 1} tries in a row made nothing live; what the last one sent never appeared.`;
  return cause({ ...unclear, code: 'publish_failed', externalText: text });
}

/**
 * The end of an attempt that met a fault nobody foresaw. Nothing is retried blindly, and while a create may have left it
 * is no failure: the outcome stays open (law 3).
 */
export function endOfFault(platform: string, error: unknown, mayBeLive: boolean): AttemptEnd {
  const known = error instanceof GrantUnreadable || error instanceof PostClaimed;
  const what = known ? error.message : 'Oncepost met a fault of its own.';
  return ownFault(platform, mayBeLive, what, toldInOneLine(error));
}

/** This worker has no adapter for the platform: an older build, or a platform that was removed. */
export function noAdapter(platform: string, mayBeLive: boolean): AttemptEnd {
  return ownFault(platform, mayBeLive, `This worker knows no platform "${platform}"; run a build that has it.`, '');
}

function ownFault(platform: string, mayBeLive: boolean, what: string, rawText: string): AttemptEnd {
  const fault = (stage: Stage, outcome: string) =>
    cause({ code: 'unknown', source: 'status_only', platform, stage, externalText: `${what} ${outcome}`, rawText });
  if (!mayBeLive) return { kind: 'refused', cause: fault('gate', 'Nothing was sent.') };
  const open = fault('reconcile', 'The post may be live; replay it to have the platform asked, or resolve it.');
  return { kind: 'unconfirmed', cause: open, connectionDead: false };
}

/** The cause of a create whose outcome nobody knows yet. */
export function unknownCause(platform: string, detail: string, httpStatus?: number): Cause {
  return cause({
    code: 'unknown',
    source: 'status_only',
    platform,
    stage: 'create',
    externalText: `The create call was sent and its outcome is not known: ${detail}.`,
    rawText: detail,
    ...(httpStatus === undefined ? {} : { httpStatus }),
  });
}
