// At most so many requests a minute: per address, and for replays per person too. What API and pages count alike is one count.
import type { MiddlewareHandler } from 'hono';
import { rateLimit } from '../../ledger/requests/rate-limits.ts';
import { clientAddressOf } from '../client-address.ts';
import type { PagesDeps, PagesEnv } from '../deps.ts';
import { PageRefused } from '../page-refused.ts';

/** A limit per address of whoever asks. `refused` says what did not happen, as the end of a sentence. */
export function limited(
  { ledger, trustedProxies }: Pick<PagesDeps, 'ledger' | 'trustedProxies'>,
  { name, perMinute, refused }: { readonly name: string; readonly perMinute: number; readonly refused: string },
): MiddlewareHandler<PagesEnv> {
  const perAddress = rateLimit(ledger, name, perMinute);
  return async (c, next) => {
    assertNoWait(await perAddress.take(clientAddressOf(c, trustedProxies)), 'from your address', refused);
    await next();
  };
}

/** The limits of replays, as the API has them; stands behind `allowed`. */
export function limitedReplays({ ledger, settings, trustedProxies }: PagesDeps): MiddlewareHandler<PagesEnv> {
  const perUser = rateLimit(ledger, 'replay-user', settings.limits.replayPerUserPerMinute);
  const perAddress = rateLimit(ledger, 'replay-address', settings.limits.replayPerAddressPerMinute);
  return async (c, next) => {
    const waits = await Promise.all([
      perUser.take(c.get('caller').actor.id),
      perAddress.take(clientAddressOf(c, trustedProxies)),
    ]);
    assertNoWait(Math.max(...waits), 'to replay from you or your address', 'nothing was replayed');
    await next();
  };
}

function assertNoWait(waitMs: number, came: string, refused: string): void {
  if (waitMs <= 0) return;
  const seconds = String(Math.ceil(waitMs / 1000));
  const sentence = `Too many tries came ${came} within a minute, so ${refused}; try again in ${seconds} seconds.`;
  throw new PageRefused(429, 'Too many tries', sentence, { 'Retry-After': seconds });
}
