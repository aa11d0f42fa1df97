// When an address that takes no more may be asked again (RFC 9110, 10.2.3).
import type { HttpAnswer } from '../../../transport/exchange.ts';
import type { StageEnd } from '../runner.ts';

const WITHOUT_A_WORD_MS = 60_000;
const SHORTEST_MS = 1_000;
/** Longer ones are not believed to the end: the stage asks once a day. */
const LONGEST_MS = 24 * 3_600_000;

/** The end of an attempt that was answered 429: nothing was done. `name`: who takes no more. */
export function takesNoMore(name: string, { headers }: HttpAnswer, now: Date): StageEnd {
  const until = retryAt(headers['retry-after'], now);
  return { kind: 'waiting', says: `${name} takes no more for now; it is asked again by itself.`, until };
}

/** From a number of seconds or an HTTP date; a minute where it says neither. */
function retryAt(header: string | undefined, now: Date): Date {
  const waitMs = Math.min(Math.max(named(header?.trim() ?? '', now), SHORTEST_MS), LONGEST_MS);
  return new Date(now.getTime() + waitMs);
}

function named(header: string, now: Date): number {
  if (/^\d{1,12}$/.test(header)) return Number(header) * 1_000;
  const instant = /^[A-Z][a-z]+, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(instant) ? WITHOUT_A_WORD_MS : instant - now.getTime();
}
