// Reminders of runs that wait for somebody: after how long, how often, and in which words. No timer of a run is behind them.
import { type Actor, actorName } from '../people/actor.ts';
import { counted, inOneLine, instantWords, type News } from './telling.ts';

export interface ReminderPace {
  /** How long it waits before the first. */
  readonly afterMs: number;
  /** Between two. */
  readonly everyMs: number;
}

/** Which reminder is due of something that has waited so long, from 1; 0: none yet. */
export function remindersDue(waitedMs: number, { afterMs, everyMs }: ReminderPace): number {
  return waitedMs < afterMs ? 0 : 1 + Math.floor((waitedMs - afterMs) / everyMs);
}

/** A run whose present stage goes on by nothing but somebody's word. */
export interface WaitingRun {
  readonly runId: string;
  readonly pipeline: string;
  /** Its working title, or its slug. */
  readonly title: string;
  readonly stageId: string;
  /** The attempt that waits, or that stopped. */
  readonly attempt: number;
  readonly state: 'waiting' | 'failed' | 'blocked';
  /** What it asks for, or what stopped it. */
  readonly says: string;
  readonly since: Date;
  readonly owner: Actor;
}

const STANDS = { waiting: 'waits for somebody', failed: 'has failed', blocked: 'is stopped' } as const;
const HOUR_MS = 3_600_000;

/** The same reminder of the same wait has one key: it is told once, however often it is looked for. */
export function waitingRunNews(
  run: WaitingRun,
  { number, now }: { readonly number: number; readonly now: Date },
): News {
  const { runId, pipeline, title, stageId, attempt, state, says, since, owner } = run;
  const hours = Math.floor((now.getTime() - since.getTime()) / HOUR_MS);
  const long = hours < 1 ? '' : ` for ${hours < 48 ? counted(hours, 'hour') : counted(Math.floor(hours / 24), 'day')}`;
  return {
    key: `run_waits/${runId}/${stageId}/${attempt}/${state}/${number}`,
    events: ['run_waits'],
    headline: `Run "${inOneLine(title)}" of ${pipeline} ${STANDS[state]} at ${stageId}${long}`,
    lines: [
      { text: inOneLine(says), href: `/runs/${runId}` },
      { text: `It stands so since ${instantWords(since.toISOString())}; nothing of it goes out until then.` },
      { text: `Owner: ${actorName(owner)}.` },
      {
        text: state === 'waiting' ? 'Next: hand in or decide.' : 'Next: look at it and decide.',
        href: `/runs/${runId}`,
      },
    ],
    subject: { runId },
  };
}
