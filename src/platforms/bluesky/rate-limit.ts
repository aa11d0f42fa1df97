// When a throttled PDS may be asked again: RateLimit-Reset, else Retry-After, else its own window.
import type { HttpAnswer } from '../../transport/exchange.ts';

/** Writes of an account, counted in points, of which a create takes three: 5,000 an hour, 35,000 a day (platform reference 5.6). */
const CREATE_POINTS = 3;
export const CREATE_QUOTAS = [
  { posts: Math.floor(5_000 / CREATE_POINTS), withinMs: 3_600_000 },
  { posts: Math.floor(35_000 / CREATE_POINTS), withinMs: 24 * 3_600_000 },
] as const;

/** The window of the per-address limit, which answers without headers stand for. */
const FALLBACK_MS = 300_000;
/** The longest window a PDS has is a day; a later instant is nonsense and not believed. */
const LONGEST_WAIT_MS = 25 * 3_600_000;

/** The ISO instant after which the call may be made again; always later than `now`. */
export function resumeAt(headers: HttpAnswer['headers'], now: Date): string {
  const named = [atReset(headers['ratelimit-reset']), afterRetry(headers['retry-after'], now)];
  const believed = named.find((instant) => instant > now.getTime() && instant <= now.getTime() + LONGEST_WAIT_MS);
  return new Date(believed ?? now.getTime() + FALLBACK_MS).toISOString();
}

/** `RateLimit-Reset` is an instant, in seconds since 1970. */
function atReset(value: string | undefined): number {
  return value === undefined ? Number.NaN : seconds(value) * 1_000;
}

/** `Retry-After` is a number of seconds from now, or an HTTP date. */
function afterRetry(value: string | undefined, now: Date): number {
  if (value === undefined) return Number.NaN;
  const wait = seconds(value);
  return Number.isNaN(wait) ? Date.parse(value) : now.getTime() + wait * 1_000;
}

function seconds(value: string): number {
  return /^\d{1,12}$/.test(value.trim()) ? Number(value) : Number.NaN;
}
