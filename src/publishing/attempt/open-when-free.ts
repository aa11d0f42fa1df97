// Step 1: the account. A publish that finds it held stands by for a moment where the holder is of this worker, for a burst of
// short posts costs nothing more then; otherwise it goes into the account's queue, and waits in its workflow.

import { mediaBytes } from '../../domain/schedules/media-size.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { type Opened, type OpenRequest, openAttempt } from '../../ledger/attempts/open-attempt.ts';
import type { AttemptControl, PublishingContext } from '../context.ts';
import { AttemptStopped } from './keeper.ts';
import { decideAttempt } from './opening.ts';

/** `heldFromMs`: on the monotonic clock, no later than the account was taken. */
export interface OpenedWhen {
  readonly opened: Opened;
  readonly heldFromMs: number;
}

/** Opens the next attempt as soon as its account is free, or queues. @throws UnknownSchedule; AttemptStopped */
export async function openWhenFree(
  context: PublishingContext,
  schedule: ScheduleKey,
  control: AttemptControl,
): Promise<OpenedWhen> {
  const { ledger, settings, worker, turnstile } = context;
  const { busyAccountMs, heartbeatMs, accountWaitMs } = settings.timeouts;
  const standUntilMs = performance.now() + Math.min(busyAccountMs, heartbeatMs / 2);
  const decide = decideHere(context, control);
  for (let queueForMs: number | null = null; ; ) {
    const heldFromMs = performance.now();
    const opened = await openAttempt(ledger, { schedule, worker, decide, queueForMs });
    if (opened.kind !== 'busy' || opened.queued) return { opened, heldFromMs };
    control.heartbeat({ doing: 'standing by for the account' });
    const called = await turnstile.stand(opened.accountId, standUntilMs - performance.now(), control.withdrawn);
    if (control.withdrawn.aborted) throw new AttemptStopped('Withdrawn while it stood by for its account.');
    if (!called) queueForMs = accountWaitMs;
  }
}

/** As every pass is decided, but for large media, which are not carried here where others have slots for them. */
function decideHere({ settings }: PublishingContext, { leavesLargeMedia }: AttemptControl): OpenRequest['decide'] {
  if (!leavesLargeMedia) return decideAttempt;
  return (facts, now, lostInARow) => {
    const opening = decideAttempt(facts, now, lostInARow);
    if (opening.kind !== 'go') return opening;
    return mediaBytes(facts.schedule.content) < settings.taskQueues.media.fromBytes ? opening : { kind: 'elsewhere' };
  };
}
