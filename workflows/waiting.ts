// Waits for what comes next: the schedule's own time by a durable timer, a person without one, or a message.
import { allHandlersFinished, condition, continueAsNew, workflowInfo } from '@temporalio/workflow';
import type { PublishResult } from '../src/domain/schedules/publish-result.ts';
import { SCHEDULE_STATES, waitsForWord } from '../src/domain/schedules/states.ts';
import { toPlainText } from '../src/domain/text/plain-text.ts';
import type { Mailbox } from './mailbox.ts';
import { indexState } from './search-attributes.ts';
import type { Turn } from './turn.ts';

/** So little before its time a publish is not sent to sleep: the activity waits for it, which costs no event. */
const NEARLY_MS = 1_000;

/** As much as the UI shows of a timer in one line. */
const SUMMARY_CHARS = 180;

/**
 * True when the time has come, or the turn at its account; never before `soonestMs`, unless by its turn. A run whose history
 * has grown long continues as new.
 */
export async function waitForNext(
  result: PublishResult,
  soonestMs: number,
  mailbox: Mailbox,
  turn: Turn,
): Promise<boolean> {
  const moved = () => mailbox.hasEffect();
  const free = () => result.waitsForAccount === true && turn.came();
  const grown = () => workflowInfo().continueAsNewSuggested && mailbox.idle();
  const leftMs = waitMs(result, soonestMs);
  if (moved()) return false;
  if (free()) return true;
  if (leftMs !== null && leftMs <= 0) return true;
  indexState(result);
  if (grown()) {
    await condition(allHandlersFinished);
    if (!moved() && !free())
      await continueAsNew({ scheduleId: result.scheduleId, continued: true, attempts: result.attempts });
  }
  if (leftMs === null) {
    await condition(() => moved() || grown());
    return false;
  }
  const early = await condition(() => moved() || grown() || free(), leftMs, { summary: waitReason(result) });
  return !early || (free() && !moved());
}

/** How long until it goes on by itself; null while a person is awaited. */
function waitMs({ state, wakeAt }: PublishResult, soonestMs: number): number | null {
  const nowMs = Date.now();
  if (wakeAt !== null) {
    const dueMs = Date.parse(wakeAt);
    const nearly = state === 'queued' && dueMs - nowMs <= NEARLY_MS;
    return Math.max(nearly ? nowMs : dueMs, soonestMs) - nowMs;
  }
  // An attempt that another run left behind: nobody but this run will see to it.
  return waitsForWord(state) ? null : soonestMs - nowMs;
}

function waitReason({ state, cause, wakeAt, waitsForAccount, accountName }: PublishResult): string {
  if (waitsForAccount) return toPlainText(`waiting for its account ${accountName}, until ${wakeAt}`, SUMMARY_CHARS);
  const why = cause ? ` (${cause.code}: ${cause.text})` : '';
  const until = wakeAt === null ? '' : `, until ${wakeAt}`;
  return toPlainText(`${SCHEDULE_STATES[state].means}${until}${why}`, SUMMARY_CHARS);
}
