// Keeps an attempt alive: the account's lease is renewed, and each renewal heard as a heartbeat by Temporal. Who has lost the
// ledger does not hold a publish: without a renewal there is no heartbeat, and once the lease has run out no call either.
import type { Stage } from '../../domain/causes/causes.ts';
import type { SentMark } from '../../domain/reconcile/remembered.ts';
import { renewLease } from '../../ledger/accounts/leases.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import { StepUnanswered } from '../../platforms/step-errors.ts';
import type { AttemptControl, PublishingContext } from '../context.ts';
import { pause } from './pause.ts';

/** The attempt must not go on towards its call: it was withdrawn, another attempt took the account, or its lease ran out. */
export class AttemptStopped extends Error {
  override readonly name = 'AttemptStopped';
}

export interface Keeper {
  /** Fires when the attempt must not go on, or has no time left for anything but its end. */
  readonly ended: AbortSignal;
  /** @throws AttemptStopped once the attempt must not go on. Asked before every step that has an effect. */
  assertKept(): void;
  /** @throws AttemptStopped as above; StepUnanswered at the stage once its time is used up. Asked before every repeatable step. */
  assertInTime(stage: Stage): void;
  /** True once another attempt has taken the account, or may have: not even a committed call may leave then. */
  lost(): boolean;
  /** Waits while the attempt is kept and in time. @throws AttemptStopped | StepUnanswered as soon as it is not. */
  wait(ms: number): Promise<void>;
  /** The create is permitted now: heartbeats name it, the first one as soon as its answer is slow. */
  sent(mark: SentMark): void;
  stop(): void;
}

export interface Kept {
  /** What is kept, as its heartbeats name it, for example `attempt 3`. */
  readonly name: string;
  readonly attempt?: number;
  readonly accountId: string;
  readonly fence: number;
  /** On the monotonic clock, in ms: the lease was taken no earlier than this. */
  readonly heldFromMs: number;
  /** On the monotonic clock, in ms: what is not prepared by then is left to a later attempt. */
  readonly prepareByMs: number;
}

/** How often a lease is renewed within the shorter of its own life and the heartbeat's: one that is late harms nothing. */
const BEATS = 4;

/** Most creates are answered sooner, and cost no heartbeat. */
const SLOW_ANSWER_MS = 500;

/** Starts keeping an account; the first renewal comes after a quarter of the lease or of the heartbeat. */
export function keep(context: PublishingContext, control: AttemptControl, kept: Kept): Keeper {
  const { name, attempt, prepareByMs } = kept;
  const { leaseMs, heartbeatMs } = context.settings.timeouts;
  const lost = new AbortController();
  const lapsed = new AbortController();
  const late = new AbortController();
  let heldUntilMs = kept.heldFromMs + leaseMs;
  // Asked of the clock as well as of the signal: a process that stood still must not act before its timers have run.
  const hasLapsed = () => lapsed.signal.aborted || performance.now() >= heldUntilMs;
  let sent: SentMark | undefined;
  let soon: NodeJS.Timeout | undefined;
  const beatNow = () => control.heartbeat({ doing: name, attempt, intent: sent });
  const beat = setInterval(() => {
    if (performance.now() >= prepareByMs) late.abort();
    if (hasLapsed()) return lapsed.abort();
    // One that hangs is not waited for: the next may find a connection that works.
    void renew(context, kept).then(({ held, untilMs }) => {
      if (held === false) return lost.abort();
      if (held === null || hasLapsed()) return;
      heldUntilMs = Math.max(heldUntilMs, untilMs);
      beatNow();
    });
  }, Math.min(leaseMs, heartbeatMs) / BEATS);
  const stopped = AbortSignal.any([control.withdrawn, lost.signal, lapsed.signal]);
  const ended = AbortSignal.any([stopped, late.signal]);
  const assertKept = () => {
    if (control.withdrawn.aborted || lost.signal.aborted)
      throw new AttemptStopped(`Withdrawn before its call: ${name}.`);
    if (hasLapsed()) throw new AttemptStopped(`Its lease ran out while the ledger did not answer: ${name}.`);
  };
  const assertInTime = (stage: Stage) => {
    assertKept();
    if (late.signal.aborted) throw new StepUnanswered(stage, 'the attempt ran out of its time before the call');
  };
  return {
    ended,
    assertKept,
    assertInTime,
    lost: () => lost.signal.aborted || hasLapsed(),
    async wait(ms) {
      await pause(ms, ended);
      assertInTime('gate');
    },
    sent(mark) {
      sent = mark;
      soon = setTimeout(() => hasLapsed() || beatNow(), SLOW_ANSWER_MS);
    },
    stop() {
      clearInterval(beat);
      clearTimeout(soon);
    },
  };
}

/** Whether the lease is still held, null where the ledger did not say, and until when at least, on the monotonic clock. */
async function renew(
  { ledger, settings, log }: PublishingContext,
  { accountId, fence }: Kept,
): Promise<{ held: boolean | null; untilMs: number }> {
  const untilMs = performance.now() + settings.timeouts.leaseMs;
  try {
    return { held: await renewLease(ledger, accountId, fence), untilMs };
  } catch (error) {
    if (!isDatabaseDown(error)) log.error({ err: error }, 'lease renewal failed');
    return { held: null, untilMs };
  }
}

const NEVER = new AbortController().signal;

/** For what needs no lease: nothing ends it. */
export const unkept: Keeper = {
  ended: NEVER,
  assertKept: () => {},
  assertInTime: () => {},
  lost: () => false,
  wait: (ms) => pause(ms, NEVER),
  sent: () => {},
  stop: () => {},
};
