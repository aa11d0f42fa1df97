// Counts requests per minute, exactly and across every server, in the database.
import { lt } from 'drizzle-orm';
import { RateLimiterDrizzle, RateLimiterRes } from 'rate-limiter-flexible';
import type { Ledger } from '../ledger.ts';
import { rateLimits } from '../schema/records.ts';

export interface RateLimit {
  /** Takes one from the key's minute; answers 0, or the ms after which the key may ask again. */
  take(key: string): Promise<number>;
}

/** A limit of `perMinute` per key; `name` keeps its counters apart from those of other limits. */
export function rateLimit(ledger: Ledger, name: string, perMinute: number): RateLimit {
  const limiter = new RateLimiterDrizzle({
    storeClient: ledger.db,
    schema: rateLimits,
    keyPrefix: name,
    points: perMinute,
    duration: 60,
    // Old counters are dropped by the server's own housekeeping.
    clearExpiredByTimeout: false,
  });
  return {
    async take(key) {
      try {
        await limiter.consume(key);
        return 0;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(refused.msBeforeNext, 1);
        throw refused;
      }
    },
  };
}

/** Drops counters whose minute is over. */
export async function forgetOldCounters(ledger: Ledger): Promise<void> {
  await ledger.db
    .delete(rateLimits)
    .where(lt(rateLimits.expire, new Date(ledger.clock.machineNow().getTime() - 60_000)));
}
