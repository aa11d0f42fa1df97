// X's ways of saying "too many requests", and the windows it counts calls in (reference: X, rate limits).
import { type Answer, json, withHeaders } from '../answer.ts';
import type { Throttle } from '../contract.ts';
import type { XSettings } from './settings.ts';

const windowMs = 15 * 60_000;
const epochSeconds = (ms: number) => String(Math.ceil(ms / 1000));
const deltaSeconds = ({ resetAtMs, nowMs }: Throttle) => String(Math.ceil((resetAtMs - nowMs) / 1000));

const tooMany = json(429, {
  title: 'Too Many Requests',
  detail: 'Too Many Requests',
  type: 'about:blank',
  status: 429,
});

/** A 429 in each header form: epoch reset, delta reset, Retry-After (seconds and date), no header, 24-hour limits. */
export const rateLimited: Record<string, (throttle: Throttle) => Answer> = {
  epoch: (throttle) =>
    withHeaders(tooMany, {
      'x-rate-limit-limit': '100',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': epochSeconds(throttle.resetAtMs),
    }),
  delta: (throttle) =>
    withHeaders(tooMany, {
      'x-rate-limit-limit': '100',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': deltaSeconds(throttle),
    }),
  retry_after: (throttle) => withHeaders(tooMany, { 'retry-after': deltaSeconds(throttle) }),
  retry_after_date: ({ resetAtMs }) => withHeaders(tooMany, { 'retry-after': new Date(resetAtMs).toUTCString() }),
  none: () => tooMany,
  /** The window still has room; the day's allowance of the user has none, that of the app has. */
  day: ({ resetAtMs, nowMs }) =>
    withHeaders(tooMany, {
      'x-rate-limit-limit': '100',
      'x-rate-limit-remaining': '60',
      'x-rate-limit-reset': epochSeconds(nowMs + 60_000),
      'x-user-limit-24hour-limit': '17',
      'x-user-limit-24hour-remaining': '0',
      'x-user-limit-24hour-reset': epochSeconds(resetAtMs),
      'x-app-limit-24hour-limit': '10000',
      'x-app-limit-24hour-remaining': '9000',
      'x-app-limit-24hour-reset': epochSeconds(resetAtMs + 3_600_000),
    }),
};

/** What X allows per user in 15 minutes. */
const allowed: Record<string, number> = {
  create_post: 100,
  delete_post: 50,
  media_upload: 500,
  media_status: 1000,
  media_initialize: 1875,
  media_append: 1875,
  media_finalize: 1875,
  media_metadata: 500,
  timeline: 900,
  lookup: 900,
  users_me: 75,
};

/** Where a user stands with one call after making it: the headers every answer carries, and whether it was too much. */
export type Standing = { headers: Record<string, string>; exceeded: boolean };

/** Counts calls per account and call. */
export type Windows = {
  count(accountId: string, call: string, quota: XSettings['quota'], nowMs: number): Standing;
};

/** The windows live in memory: a restart of the sandbox opens new ones. */
export function createWindows(): Windows {
  const windows = new Map<string, { endsAtMs: number; used: number }>();
  return {
    count: (accountId, call, quota, nowMs) => {
      const own = typeof quota === 'object' ? quota[call] : undefined;
      const limit = own?.limit ?? allowed[call] ?? 900;
      const key = `${accountId}\n${call}`;
      let window = windows.get(key);
      if (!window || window.endsAtMs <= nowMs) {
        window = { endsAtMs: nowMs + (own?.windowMs ?? windowMs), used: 0 };
        windows.set(key, window);
      }
      if (quota !== 'unlimited') window.used += 1;
      return {
        headers: {
          'x-rate-limit-limit': String(limit),
          'x-rate-limit-remaining': String(Math.max(0, limit - Math.max(1, window.used))),
          'x-rate-limit-reset': epochSeconds(window.endsAtMs),
        },
        exceeded: window.used > limit,
      };
    },
  };
}

/** The answer of a call beyond its window. */
export function tooManyRequests(standing: Standing): Answer {
  return withHeaders(tooMany, standing.headers);
}
