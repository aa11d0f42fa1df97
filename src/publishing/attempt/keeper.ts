// Keeps an attempt alive: heartbeats to Temporal and renewal of the account's lease, and the word when either is lost or
// its time is used up.
import type { Stage } from '../../domain/causes/causes.ts';
import { renewLease } from '../../ledger/accounts/leases.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import { StepUnanswered } from '../../platforms/contract.ts';
import type { AttemptControl, PublishingContext } from '../context.ts';

/** The attempt must not go on towards its call: it was withdrawn, or another attempt took the account. */
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
  /** True once another attempt has taken the account: not even a committed call may leave then. */
  lost(): boolean;
  /** Waits while the attempt is kept and in time. @throws AttemptStopped | StepUnanswered as soon as it is not. */
  wait(ms: number): Promise<void>;
  stop(): void;
}

export interface Kept {
  /** What is kept, as its heartbeats name it, for example `attempt 3`. */
  readonly name: string;
  readonly accountId: string;
  readonly fence: number;
  /** On the monotonic clock, in ms: what is not prepared by then is left to a later attempt. */
  readonly prepareByMs: number;
}

/** Starts keeping an account; the first beat comes after a third of the lease. */
export function keep(context: PublishingContext, control: AttemptControl, kept: Kept): Keeper {
  const { name, accountId, fence, prepareByMs } = kept;
  const { settings } = context;
  const lost = new AbortController();
  const late = new AbortController();
  const everyMs = Math.min(settings.timeouts.leaseMs, settings.timeouts.heartbeatMs) / 3;
  const beat = setInterval(() => {
    control.heartbeat(name);
    if (performance.now() >= prepareByMs) late.abort();
    renewLease(context.ledger, accountId, fence)
      .then((kept) => kept || lost.abort())
      .catch((error) => {
        // An outage of the database is survived: the fence is checked again where it matters, at the intent.
        if (!isDatabaseDown(error)) context.log.error({ err: error }, 'lease renewal failed');
      });
  }, everyMs);
  const stopped = AbortSignal.any([control.withdrawn, lost.signal]);
  const ended = AbortSignal.any([stopped, late.signal]);
  const assertKept = () => {
    if (stopped.aborted) throw new AttemptStopped(`Withdrawn before its call: ${name}.`);
  };
  const assertInTime = (stage: Stage) => {
    assertKept();
    if (late.signal.aborted) throw new StepUnanswered(stage, 'the attempt ran out of its time before the call');
  };
  return {
    ended,
    assertKept,
    assertInTime,
    lost: () => lost.signal.aborted,
    async wait(ms) {
      await pause(ms, ended);
      assertInTime('gate');
    },
    stop: () => clearInterval(beat),
  };
}

const NEVER = new AbortController().signal;

/** For what needs no lease: nothing ends it. */
export const unkept: Keeper = {
  ended: NEVER,
  assertKept: () => {},
  assertInTime: () => {},
  lost: () => false,
  wait: (ms) => pause(ms, NEVER),
  stop: () => {},
};

/** Resolves after `ms`, or at once when the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
