// How an attempt ends that did not come to its end, by what the stage does to the world outside (law 3).
import type { Effect } from '../../domain/pipeline/contract.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import type { StageEnd } from './runner.ts';

/** The end of work that broke off after it began: of an effect that happens once, nobody can tell whether it did. */
export function brokeOff(effect: Effect, cause: StageCause): StageEnd {
  if (effect !== 'once') return { kind: 'failed', cause, mayHave: true };
  const text = `${cause.text} It may have taken effect all the same: look there, then say which it was.`;
  return { kind: 'unknown', cause: stageCause('outcome_unknown', text, cause.raw) };
}

const SAFE: Readonly<Record<Effect, string>> = {
  none: ' It changes nothing outside, so a retry is safe.',
  idempotent: ' A second call under its key does no harm, so a retry is safe.',
  // What `brokeOff` says of it is to be done first.
  once: '',
};

/** The same where the cause says what happened and nothing of what to do next. */
export function cutShort(effect: Effect, { code, text, raw }: StageCause): StageEnd {
  return brokeOff(effect, stageCause(code, `${text}${SAFE[effect]}`, raw));
}

/** Whether the signal says that the time is over; any other reason is somebody's wish. */
export function isTimeOver(signal: AbortSignal): boolean {
  return signal.reason instanceof Error && signal.reason.name === 'TimeoutError';
}
