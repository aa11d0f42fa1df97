// At most so many requests a minute from one address, counted across all servers: nobody guesses what a link holds.
import { getConnInfo } from '@hono/node-server/conninfo';
import type { MiddlewareHandler } from 'hono';
import { rateLimit } from '../../ledger/requests/rate-limits.ts';
import { nearestAddress } from '../../runtime/client-address.ts';
import type { PagesDeps, PagesEnv } from '../deps.ts';
import { PageRefused } from '../page-refused.ts';

/** `name` keeps the counters apart from those of other limits; `refused` says what did not happen. */
export function limited(
  { ledger, trustedProxies }: Pick<PagesDeps, 'ledger' | 'trustedProxies'>,
  { name, perMinute, refused }: { readonly name: string; readonly perMinute: number; readonly refused: string },
): MiddlewareHandler<PagesEnv> {
  const perAddress = rateLimit(ledger, name, perMinute);
  return async (c, next) => {
    const { address: peer } = getConnInfo(c).remote;
    const address = nearestAddress({ peer, forwardedFor: c.req.header('x-forwarded-for') }, trustedProxies);
    const waitMs = await perAddress.take(address);
    if (waitMs > 0) {
      const seconds = String(Math.ceil(waitMs / 1000));
      const sentence = `Too many tries came from your address within a minute, so ${refused}; try again in ${seconds} seconds.`;
      throw new PageRefused(429, 'Too many tries', sentence, { 'Retry-After': seconds });
    }
    await next();
  };
}
