// Steps 0 and 1 as a pure rule: may this pass run, given what the ledger holds?
import { CAUSES, type Cause, cause } from '../../domain/causes/causes.ts';
import { BLOCKED_TEXT, type BlockedReason, gate } from '../../domain/gate/gate.ts';
import { throttle, windowsNeeded } from '../../domain/gate/rate-limits.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import type { Opening } from '../../ledger/attempts/open-attempt.ts';
import { brokenTarget, gateFacts, type ScheduleFacts } from '../../ledger/schedules/facts.ts';

/** A deployment that restarts its workers now and then cuts off fewer attempts in a row than this. */
const MOST_LOST_ATTEMPTS = 10;

/**
 * Decides a pass. A create that may have left is reconciled whatever the gate says: truth comes before permission.
 */
export function decideOpening(facts: ScheduleFacts, now: Date): Opening {
  const { schedule, account } = facts;
  if (SCHEDULE_STATES[schedule.state].ended || facts.post) return { kind: 'over' };
  const needed = windowsNeeded({ look: facts.openIntent !== null, media: schedule.content.media.length > 0 });
  const throttled = throttle(account?.rateLimits ?? {}, needed, now);
  if (facts.openIntent) return throttled ? mayNotLook(facts, throttled.until) : { kind: 'go' };
  if (schedule.state === 'handoff_pending' || schedule.delivery.mode === 'handoff') return { kind: 'set_aside', event: 'handed_off' };
  // Nothing is sent before its time, whoever asks.
  if (schedule.publishAt > now) return { kind: 'over' };
  if (schedule.publishBefore !== null && schedule.publishBefore <= now) return { kind: 'set_aside', event: 'missed' };
  if (facts.held) return { kind: 'set_aside', event: 'held' };
  const verdict = gate(gateFacts(facts, false));
  if (verdict.verdict === 'blocked') return blocked(facts, verdict.reason);
  return throttled ? stillThrottled(facts, throttled) : { kind: 'go' };
}

function blocked(facts: ScheduleFacts, reason: BlockedReason): Opening {
  const stop = { kind: 'stop', outcome: 'gate_blocked', blockedReason: reason, wakeAt: null } as const;
  if (reason === 'target_repair_required') {
    const problem = brokenTarget(facts);
    return {
      ...stop,
      event: 'target_repair',
      cause: gateCause(facts, 'unknown', `${BLOCKED_TEXT[reason]} (${problem})`),
    };
  }
  if (reason === 'not-connected') {
    return {
      ...stop,
      event: 'refused',
      cause: disconnection(facts) ?? gateCause(facts, 'reconnect_required', BLOCKED_TEXT[reason]),
    };
  }
  if (reason === 'x-media-capability-missing') {
    return { ...stop, event: 'refused', cause: gateCause(facts, 'x_media_capability_missing', BLOCKED_TEXT[reason]) };
  }
  return { ...stop, event: 'gate_blocked', cause: null };
}

/** Decides a pass like `decideOpening`, but gives a publish up that keeps losing its worker: it may be what kills it. */
export function decideAttempt(facts: ScheduleFacts, now: Date, lostInARow: number): Opening {
  const opening = decideOpening(facts, now);
  return opening.kind === 'go' && lostInARow >= MOST_LOST_ATTEMPTS ? givenUp(facts, lostInARow) : opening;
}

function givenUp(facts: ScheduleFacts, lostInARow: number): Opening {
  const what = `${lostInARow} attempts in a row were cut off: the worker died or was stopped, or the database was away; the logs may say why.`;
  const stop = { kind: 'stop', blockedReason: null, wakeAt: null } as const;
  if (facts.openIntent === null) {
    const cause = gateCause(
      facts,
      'unknown',
      `${what} Nothing of it is known to be live; replay it once the worker stays up.`,
    );
    return { ...stop, event: 'refused', outcome: 'refused', cause };
  }
  const cause = gateCause(
    facts,
    'unknown',
    `${what} The post may be live; replay it to have the platform asked, or resolve it.`,
  );
  return { ...stop, event: 'unconfirmed', outcome: 'unconfirmed', cause };
}

/** What the platform itself said of the connection tells more than the gate; what it said of anything else is over. */
function disconnection({ schedule: { cause: known } }: ScheduleFacts): Cause | null {
  return known && CAUSES[known.code].action === 'reconnect_account' ? known : null;
}

function mayNotLook(facts: ScheduleFacts, wakeAt: Date): Opening {
  const text =
    'Whether the post is live is not known yet: the account is throttled until its reset, and the platform was not asked.';
  const stop = { kind: 'stop', event: 'outcome_unknown', outcome: 'outcome_unknown', blockedReason: null } as const;
  return { ...stop, cause: gateCause(facts, 'unknown', text), wakeAt };
}

function stillThrottled(facts: ScheduleFacts, { window, until }: NonNullable<ReturnType<typeof throttle>>): Opening {
  const throttled = gateCause(
    facts,
    'rate_limited',
    'The account is throttled until its reset; the platform was not asked.',
  );
  return {
    kind: 'stop',
    event: 'rate_limited',
    outcome: 'rate_limited',
    cause: { ...throttled, resumeAt: until.toISOString(), window },
    blockedReason: null,
    wakeAt: until,
  };
}

function gateCause({ schedule }: ScheduleFacts, code: Cause['code'], externalText: string): Cause {
  return cause({ code, source: 'status_only', platform: schedule.platform, stage: 'gate', externalText, rawText: '' });
}
