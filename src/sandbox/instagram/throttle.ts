// Meta's ways of saying "too many": usage headers in percent and minutes, and several codes for the same thing.
import { type Answer, withHeaders } from '../answer.ts';
import type { Throttle } from '../contract.ts';
import { presets } from './presets.ts';
import type { InstagramSettings } from './settings.ts';
import { missingPermission } from './token-errors.ts';

const preset = (name: string): Answer => presets[name] ?? missingPermission;
const minutes = ({ resetAtMs, nowMs }: Throttle) => Math.ceil((resetAtMs - nowMs) / 60_000);

/** The business header: percent of the allowance, and the minutes until calls are taken again (0: not blocked). */
function businessUsage(accountId: string, percent: number, minutesLeft: number): Record<string, string> {
  const usage = { type: 'instagram', call_count: percent, total_cputime: 20, total_time: 20 };
  const entry = { ...usage, estimated_time_to_regain_access: minutesLeft };
  return { 'x-business-use-case-usage': JSON.stringify({ [accountId]: [entry] }) };
}

function appUsage(percent: number): Record<string, string> {
  return { 'x-app-usage': JSON.stringify({ call_count: percent, total_cputime: 25, total_time: 25 }) };
}

/** Each form: minutes in the business header, percent in the app header, no header, 429 with Retry-After, and more. */
export const rateLimited: Record<string, (throttle: Throttle) => Answer> = {
  usage_minutes: (throttle) =>
    withHeaders(preset('throttle_instagram_buc'), businessUsage('17841400000000000', 100, minutes(throttle))),
  app_usage: () => withHeaders(preset('throttle_app'), appUsage(100)),
  none: () => preset('throttle_app'),
  user: () => preset('throttle_user'),
  custom: () => preset('throttle_custom'),
  abusive: () => preset('abusive'),
  quota: () => preset('quota_used_up'),
  retry_after: ({ resetAtMs, nowMs }) =>
    withHeaders(
      { ...preset('throttle_app'), status: 429 },
      { 'retry-after': String(Math.ceil((resetAtMs - nowMs) / 1000)) },
    ),
};

/** Meta gives 4800 calls a day for each impression; a small account's floor of it, per hour. */
const platformCalls = { limit: 4800, windowMs: 60 * 60_000 };

/** Where an account stands after a call: the headers to add, and the refusal when it was one too many. */
export type Standing = { headers: Record<string, string>; refused: Answer | undefined };

/** Counts an account's calls in rolling windows; kept in memory only. */
export type Usage = { count(accountId: string, quota: InstagramSettings['quota'], nowMs: number): Standing };

/** Opens the count. Headers appear only once a visible share of the allowance is used, as Meta does it. */
export function createUsage(): Usage {
  const windows = new Map<string, { endsAtMs: number; used: number }>();
  return {
    count: (accountId, quota, nowMs) => {
      if (quota === 'unlimited') return { headers: {}, refused: undefined };
      const { limit, windowMs } = (typeof quota === 'object' ? quota.calls : undefined) ?? platformCalls;
      let window = windows.get(accountId);
      if (!window || window.endsAtMs <= nowMs) {
        window = { endsAtMs: nowMs + windowMs, used: 0 };
        windows.set(accountId, window);
      }
      window.used += 1;
      const percent = Math.floor((window.used * 100) / limit);
      const isOver = window.used > limit;
      const left = isOver ? minutes({ resetAtMs: window.endsAtMs, nowMs }) : 0;
      const headers = percent < 1 ? {} : { ...appUsage(percent), ...businessUsage(accountId, percent, left) };
      return { headers, refused: isOver ? preset('throttle_instagram_buc') : undefined };
    },
  };
}
