// Until when an account is throttled, per kind of call (DESIGN section 3, step 1). Pure.
import type { RateWindow } from '../causes/causes.ts';

/** Resets by window, as ISO instants; a window that is not named is open. */
export type RateLimits = Readonly<Partial<Record<RateWindow, string>>>;

/** The windows an attempt needs: to look for a post that may be live, or to create one. */
export function windowsNeeded(wants: { readonly look: boolean; readonly media: boolean }): readonly RateWindow[] {
  if (wants.look) return ['read'];
  return wants.media ? ['create', 'upload'] : ['create'];
}

/** The window among `needed` that opens last, and when; null when all of them are open. */
export function throttle(
  limits: RateLimits,
  needed: readonly RateWindow[],
  now: Date,
): { readonly window: RateWindow; readonly until: Date } | null {
  return needed
    .flatMap((window) => {
      const until = new Date(limits[window] ?? 0);
      return until > now ? [{ window, until }] : [];
    })
    .reduce<{ window: RateWindow; until: Date } | null>(
      (last, one) => (last === null || one.until > last.until ? one : last),
      null,
    );
}
