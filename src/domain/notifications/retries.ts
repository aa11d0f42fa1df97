// When a message is tried again: the schedule that Standard Webhooks gives as its example, for every kind of channel.
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** The wait after each try that failed; the first is made at once. Three days and four hours in all. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** As many tries a message gets in all. */
export const MOST_TRIES = WAITS_MS.length + 1;

/** Up to a tenth more, so that what failed together does not come back together. */
const JITTER = 0.1;

/** How long to wait after so many tries, in ms; null when it was the last. `random`: from 0 up to 1. */
export function waitAfterTry(tries: number, random: number): number | null {
  const waitMs = WAITS_MS[tries - 1];
  return waitMs === undefined ? null : Math.round(waitMs * (1 + JITTER * random));
}
