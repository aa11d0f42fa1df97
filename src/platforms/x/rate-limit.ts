// When X may be asked again: the latest reset of a window that has nothing left, else Retry-After, else its own window.
import type { HttpAnswer } from '../../transport/exchange.ts';

type Headers = HttpAnswer['headers'];

const WINDOWS = ['x-rate-limit', 'x-user-limit-24hour', 'x-app-limit-24hour'] as const;

/** X's usual window, which an answer without headers stands for. */
const WINDOW_MS = 15 * 60_000;
/** A usage cap is monthly or a budget: it is asked again once a day. */
const CAP_MS = 24 * 3_600_000;
const SHORTEST_WAIT_MS = 1_000;
/** The longest window X names in headers is a day; what lies beyond is cut to this. */
const LONGEST_WAIT_MS = 25 * 3_600_000;

/** Numbers from here on are seconds since 1970, smaller ones seconds from now. */
const EPOCH_SECONDS = 1_000_000_000;

/** The ISO instant after which the call may be made again, from 1 s to 25 h after `now`. */
export function resumeAt(headers: Headers, now: Date, usageCapped = false): string {
  const spent = WINDOWS.filter((window) => wholeNumber(headers[`${window}-remaining`]) === 0);
  const named = latest(spent.map((window) => resetOf(headers[`${window}-reset`], now)));
  const instant = named ?? retryAfter(headers['retry-after'], now) ?? unexplained(headers, now, usageCapped);
  const waitMs = Math.min(Math.max(instant - now.getTime(), SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
  return new Date(now.getTime() + waitMs).toISOString();
}

/** A reset without a count of what remains still says when its window ends; other answers say nothing. */
function unexplained(headers: Headers, now: Date, usageCapped: boolean): number {
  if (usageCapped) return now.getTime() + CAP_MS;
  const uncounted = WINDOWS.filter((window) => headers[`${window}-remaining`] === undefined);
  return latest(uncounted.map((window) => resetOf(headers[`${window}-reset`], now))) ?? now.getTime() + WINDOW_MS;
}

function latest(instants: readonly (number | null)[]): number | null {
  const known = instants.filter((instant) => instant !== null);
  return known.length === 0 ? null : Math.max(...known);
}

function resetOf(value: string | undefined, now: Date): number | null {
  const seconds = wholeNumber(value);
  if (seconds === null) return null;
  return seconds >= EPOCH_SECONDS ? seconds * 1_000 : now.getTime() + seconds * 1_000;
}

/** `Retry-After` is a number of seconds, or an HTTP date. */
function retryAfter(value: string | undefined, now: Date): number | null {
  if (value === undefined) return null;
  if (wholeNumber(value) !== null) return resetOf(value, now);
  const date = /^[A-Z][a-z]+, /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}

function wholeNumber(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,12}$/.test(value.trim()) ? Number(value) : null;
}
