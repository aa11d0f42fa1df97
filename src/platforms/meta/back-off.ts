// When a throttled Meta account may be asked again, and for which kind of call (platform reference 1, "Back-off"). Pure;
// jitter is the timer's.
import type { RateWindow } from '../../domain/causes/causes.ts';
import type { HttpAnswer } from '../../transport/exchange.ts';
import type { GraphError } from './graph-error.ts';
import { usageIn } from './usage-headers.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Plain throttles without a hint: asked again after 5 minutes, never later than after an hour. */
const SHORTEST_MS = 5 * MINUTE_MS;
const LONGEST_MS = HOUR_MS;

/** A spam block lasts 1 to 24 hours and hammering prolongs it: four tries a day. */
export const SPAM_PAUSE_MS = 6 * HOUR_MS;

/** A refusal that asks for a longer pause than a plain throttle. Conditions that are given must hold. */
export interface Pause {
  readonly code?: string;
  readonly subcode?: string;
  readonly waitMs: number;
  /** Where the refusal is about one kind of call, whichever call met it: a spent quota and a block are about posting. */
  readonly window?: RateWindow;
}

const META_PAUSES: readonly Pause[] = [{ code: '368', waitMs: SPAM_PAUSE_MS, window: 'create' }];

/** What is known of this refusal: a platform's own pauses first, then those that all of Meta shares. */
export function knownPause(error: Codes | null, pauses: readonly Pause[]): Pause | undefined {
  return [...pauses, ...META_PAUSES].find((pause) => applies(pause, error));
}

/**
 * The instant (ISO) until which to wait: the longest of what the headers ask (`estimated_time_to_regain_access` is in
 * minutes, `Retry-After` in seconds) and what this refusal is known to need; without either, by how far the hour's
 * budget is overdrawn.
 */
export function resumeInstant(
  answer: HttpAnswer,
  error: GraphError | null,
  now: Date,
  pauses: readonly Pause[],
): string {
  const usage = usageIn(answer);
  const askedMs = Math.max(
    usage.regainAccessMinutes * MINUTE_MS,
    retryAfterMs(answer.headers['retry-after']),
    knownPause(error, pauses)?.waitMs ?? 0,
  );
  return new Date(now.getTime() + (askedMs > 0 ? askedMs : overdrawnMs(usage.fullestPercent))).toISOString();
}

type Codes = Pick<GraphError, 'code' | 'subcode'>;

function applies(pause: Pause, error: Codes | null): boolean {
  return (
    (pause.code === undefined || pause.code === error?.code) &&
    (pause.subcode === undefined || pause.subcode === error?.subcode)
  );
}

/** The budget is one of a rolling hour: what is overdrawn by half leaves it after half an hour. */
function overdrawnMs(percent: number): number {
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, (HOUR_MS * (percent - 100)) / 100));
}

function retryAfterMs(header: string | undefined): number {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : 0;
}
