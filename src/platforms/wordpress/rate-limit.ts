// When a throttled site may be asked again. WordPress itself has no limit; hosts and firewalls speak by Retry-After.
import type { HttpAnswer } from '../../transport/exchange.ts';

const FALLBACK_MS = 300_000;
/** Longer waits are nonsense and not believed. */
const LONGEST_WAIT_MS = 25 * 3_600_000;

/** The ISO instant after which the call may be made again; always later than `now`. */
export function resumeAt(headers: HttpAnswer['headers'], now: Date): string {
  const named = afterRetry(headers['retry-after'], now);
  const believed = named > now.getTime() && named <= now.getTime() + LONGEST_WAIT_MS;
  return new Date(believed ? named : now.getTime() + FALLBACK_MS).toISOString();
}

/** A number of seconds from now, or an HTTP date. */
function afterRetry(value: string | undefined, now: Date): number {
  if (value === undefined) return Number.NaN;
  return /^\d{1,12}$/.test(value.trim()) ? now.getTime() + Number(value) * 1_000 : Date.parse(value);
}
