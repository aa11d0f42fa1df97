// Instagram's longer pauses; plain throttles and the usage headers are common to Meta (platform reference 1 and 2.6).
import { type Pause, SPAM_PAUSE_MS } from '../meta/back-off.ts';

const HOUR_MS = 3_600_000;

/**
 * The daily quota frees one post at a time; when, only the account's own list tells, and the next preparation reads
 * it (quota.ts). Until then: an hour.
 */
export const INSTAGRAM_PAUSES: readonly Pause[] = [
  { subcode: '2207042', waitMs: HOUR_MS, window: 'create' },
  { subcode: '2207051', waitMs: SPAM_PAUSE_MS, window: 'create' },
];

/**
 * When a spent quota has room for one more post: the oldest posts leave the rolling window one by one.
 * @param publishedAt instants of the account's posts inside the window, in any order
 * @param excess how many posts must leave it first, at least 1
 */
export function quotaResumeInstant(publishedAt: readonly Date[], excess: number, windowMs: number, now: Date): Date {
  const inWindow = publishedAt
    .map((instant) => instant.getTime() + windowMs)
    .filter((leavesAt) => leavesAt > now.getTime())
    .sort((a, b) => a - b);
  return new Date(inWindow[excess - 1] ?? now.getTime() + HOUR_MS);
}
