// One run of the publish activity: opens attempts, runs them to an end, and saves that end whatever it is (law 8).

import type { Remembered } from '../../domain/reconcile/remembered.ts';
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { closeAttempt } from '../../ledger/attempts/close-attempt.ts';
import { endOvertaken } from '../../ledger/attempts/interrupted.ts';
import { type Attempt, type Opened, openAttempt } from '../../ledger/attempts/open-attempt.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import { AttemptSuperseded } from '../../ledger/intents/commit-intent.ts';
import { readFirstCreate, readOpenIntent } from '../../ledger/intents/intents.ts';
import { recordLostCreate } from '../../ledger/intents/lost-create.ts';
import type { AccountRow, ScheduleRow } from '../../ledger/schedules/facts.ts';
import { readStanding } from '../../ledger/schedules/result.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { Json } from '../../platforms/sessions.ts';
import { AlreadyLive, AppFault, StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import type { Settings } from '../../runtime/settings/settings.ts';
import type { AttemptControl, PublishingContext } from '../context.ts';
import { openRemoteObjects } from '../session/session.ts';
import { runAttempt } from './attempt.ts';
import type { AttemptWork, Ended, Repeat } from './attempt-work.ts';
import { endOfAppFault, endOfFault, endOfRefusal, endOfUnanswered, noAdapter } from './ends.ts';
import { AttemptStopped, keep } from './keeper.ts';
import { linkPost } from './link-post.ts';
import { openWhenFree } from './open-when-free.ts';
import { decideAttempt } from './opening.ts';
import { pause } from './pause.ts';
import { untilSaved } from './persist.ts';

/** A workflow that wakes this little before its time waits here instead of going back to sleep. */
const NEARLY_DUE_MS = 2_000;

type Open = Extract<Opened, { kind: 'open' }>;

interface RunSoFar {
  /** What its attempts were already repeated for, the last one first. */
  readonly repeatedFor: readonly Repeat[];
  /** On the monotonic clock, in ms: the lease was taken no earlier. */
  readonly heldFromMs: number;
  /** On the monotonic clock, in ms. */
  readonly prepareByMs: number;
  /** Why nothing may be created any more: how its run ended. */
  readonly lost?: string | null;
}

/**
 * Asks the platform about a create that may have left, for a publish whose run is gone: it may find the post live and heal,
 * and never creates. Answers the ledger's state, or null while another publish holds the account: nobody would come to its
 * turn in the queue. @throws as `runPublish`
 */
export async function healPublish(
  context: PublishingContext,
  schedule: ScheduleKey,
  control: AttemptControl,
  lost: string,
): Promise<PublishResult | null> {
  const prepareByMs = performance.now() + preparationMs(context.settings);
  const decide: typeof decideAttempt = (facts, now, lostInARow) => {
    const { state, wakeAt } = facts.schedule;
    const tooEarly = state === 'outcome_unknown' && wakeAt !== null && wakeAt > now;
    return facts.openIntent && !tooEarly ? decideAttempt(facts, now, lostInARow) : { kind: 'over' };
  };
  const heldFromMs = performance.now();
  const opened = await openAttempt(context.ledger, { schedule, worker: context.worker, decide, queueForMs: null });
  if (opened.kind === 'busy') return null;
  const soFar = { repeatedFor: [], heldFromMs, prepareByMs, lost };
  if (opened.kind === 'open') await runOpened(context, opened, control, soFar);
  return standing(context, schedule, control);
}

/**
 * Publishes a schedule as far as it can be brought now, and answers the ledger's state.
 * @throws UnknownSchedule; AttemptStopped or a database outage when another run must try again.
 */
export async function runPublish(
  context: PublishingContext,
  schedule: ScheduleKey,
  control: AttemptControl,
): Promise<PublishResult> {
  const { remembered } = control;
  const stopped = remembered && (await stoppedAsBehind(context, schedule, remembered));
  return stopped ? standing(context, schedule, control) : runOn(context, schedule, control);
}

async function runOn(
  context: PublishingContext,
  schedule: ScheduleKey,
  control: AttemptControl,
): Promise<PublishResult> {
  const prepareByMs = performance.now() + preparationMs(context.settings);
  const repeatedFor: Repeat[] = [];
  for (;;) {
    const { opened, heldFromMs } = await openWhenFree(context, schedule, control);
    const soFar = { repeatedFor, heldFromMs, prepareByMs };
    const again = opened.kind === 'open' && (await runOpened(context, opened, control, soFar));
    const result = await standing(context, schedule, control);
    if (opened.kind === 'elsewhere') return { ...result, largeMedia: true };
    if (opened.kind === 'closed' && (await nearlyDue(context, result, control))) continue;
    if (opened.kind !== 'open' || !again) return result;
    // A newer attempt is somebody else's, and at work: two that kept overtaking each other would never get there.
    if (result.attempts > opened.attempt.number)
      throw new AttemptStopped('A newer attempt has taken the publish over.');
    if (again !== 'overtaken') repeatedFor.unshift(again);
  }
}

/** A ledger that lost its newest commits creates nothing, and asks nobody: a person decides. */
async function stoppedAsBehind(
  { ledger, settings, log }: PublishingContext,
  schedule: ScheduleKey,
  known: Remembered,
): Promise<boolean> {
  const stopped = await recordLostCreate(ledger, schedule, known, settings.timeouts.sendWindowMs);
  if (stopped)
    log.error({ scheduleId: schedule.scheduleId }, 'the ledger is behind Temporal: it lost its newest commits');
  return stopped;
}

/** What a run may spend before the call: it must end itself, with a record, before Temporal takes it for stuck. */
function preparationMs({ timeouts }: Settings): number {
  return timeouts.attemptMs - timeouts.sendWindowMs - timeouts.answerMs - timeouts.heartbeatMs;
}

/** Where the schedule stands. Its account, when that is free and others wait for it, is given to the next. */
async function standing({ ledger }: PublishingContext, schedule: ScheduleKey, control: AttemptControl) {
  const { result, freeAccount } = await readStanding(ledger, schedule);
  if (freeAccount !== null) await control.callNext(freeAccount);
  return result;
}

async function nearlyDue(
  { ledger, settings }: PublishingContext,
  result: PublishResult,
  control: AttemptControl,
): Promise<boolean> {
  if (result.state !== 'queued' || result.wakeAt === null) return false;
  const leftMs = Date.parse(result.wakeAt) - ledger.clock.now().getTime();
  if (leftMs > Math.min(NEARLY_DUE_MS, settings.timeouts.heartbeatMs / 2) || control.withdrawn.aborted) return false;
  await pause(Math.max(leftMs, 0), control.withdrawn);
  return true;
}

async function runOpened(
  context: PublishingContext,
  { attempt, facts }: Open,
  control: AttemptControl,
  { repeatedFor, heldFromMs, prepareByMs, lost = null }: RunSoFar,
) {
  const { schedule, account, openIntent } = facts;
  const adapter = context.platforms.get(schedule.platform);
  const { number, fence } = attempt;
  const { accountId } = schedule;
  const keeper = keep(context, control, {
    name: `attempt ${number}`,
    attempt: number,
    accountId,
    fence,
    heldFromMs,
    prepareByMs,
  });
  const leave = context.turnstile.hold(accountId);
  try {
    await context.points.reach('attempt_opened', schedule.id);
    const reached =
      adapter && account
        ? await toEnd({ context, adapter, schedule, account, openIntent, attempt, keeper, repeatedFor, lost })
        : { end: noAdapter(schedule.platform, openIntent !== null), intentId: openIntent?.id ?? null, again: null };
    const ended = await save(context, schedule, attempt, reached);
    if (ended.again === null) leave();
    await context.points.reach('saved_unacknowledged', schedule.id);
    if (ended.end.kind === 'published' && adapter) await linkPost(context, adapter, schedule);
    return ended.again;
  } catch (error) {
    if (!(error instanceof AttemptSuperseded || error instanceof AttemptStopped)) throw error;
    await endOvertaken(context.ledger, keyOf(schedule), attempt.fence);
    await control.callNext(accountId);
    if (error instanceof AttemptStopped) throw error;
    return 'overtaken';
  } finally {
    leave();
    keeper.stop();
  }
}

type Unprepared = Omit<AttemptWork, 'remote' | 'firstCreate'> & {
  readonly account: AccountRow;
  readonly adapter: PlatformAdapter;
};

/** Every failure that an attempt can meet becomes an end of its own; only what another run must repeat is thrown. */
async function toEnd(work: Unprepared): Promise<Ended> {
  const { context, schedule } = work;
  const intentId = null;
  try {
    const remote = await openRemoteObjects(context, schedule, work.attempt.fence);
    return await runAttempt({ ...work, remote, firstCreate: await firstCreateOf(context, schedule) });
  } catch (error) {
    if (error instanceof AttemptStopped || error instanceof AttemptSuperseded || isDatabaseDown(error)) throw error;
    if (error instanceof StepRefused) return { end: endOfRefusal(context, error.cause), intentId, again: null };
    if (error instanceof AlreadyLive) {
      return { end: { kind: 'unconfirmed', cause: error.cause, connectionDead: false }, intentId, again: null };
    }
    if (error instanceof AppFault) {
      return { end: endOfAppFault(context, schedule, error.cause), intentId, again: null };
    }
    if (error instanceof StepUnanswered) {
      return { end: endOfUnanswered(context, schedule, error.stage, error.message), intentId, again: null };
    }
    return unforeseen(context, schedule, error);
  }
}

/** A first attempt is spared the query: only an attempt makes a create. */
async function firstCreateOf({ ledger }: PublishingContext, schedule: ScheduleRow) {
  const first = schedule.attemptsMade > 0 ? await readFirstCreate(ledger, keyOf(schedule)) : null;
  // What stands in the ledger is JSON that an adapter put there.
  return first && { sentAt: first.sentAt, markers: first.markers as Record<string, Json> };
}

/** Saves the end of the attempt, and answers it. One that the ledger refuses is an end nobody foresaw, not a lost one. */
async function save(
  context: PublishingContext,
  schedule: ScheduleRow,
  attempt: Attempt,
  reached: Ended,
): Promise<Ended> {
  const close = async (ended: Ended) => {
    const saved = await untilSaved(context, () =>
      closeAttempt(context.ledger, { schedule: keyOf(schedule), attempt, ...ended, again: ended.again !== null }),
    );
    if (saved === 'second') {
      context.log.error(
        { scheduleId: schedule.id },
        'two posts of one schedule are live: see its audit trail, and delete one',
      );
    }
    return ended;
  };
  try {
    return await close(reached);
  } catch (error) {
    return close(await unforeseen(context, schedule, error));
  }
}

/** While a create may have left, the outcome stays open, whatever the attempt was doing (law 3). */
async function unforeseen(context: PublishingContext, schedule: ScheduleRow, error: unknown): Promise<Ended> {
  context.log.error({ err: error, scheduleId: schedule.id }, 'an attempt failed in a way nobody foresaw');
  const open = await untilSaved(context, () => readOpenIntent(context.ledger, keyOf(schedule)));
  return { end: endOfFault(schedule.platform, error, open !== null), intentId: open?.id ?? null, again: null };
}
