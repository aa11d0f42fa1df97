// At most so many replays a minute, per key and per address, counted across all servers.
import type { MiddlewareHandler } from 'hono';
import { rateLimit } from '../../ledger/requests/rate-limits.ts';
import { ApiRefused } from '../api-refused.ts';
import { clientAddress } from '../client-address.ts';
import type { ApiDeps, ApiEnv } from '../deps.ts';

/** Stands behind the check of the key. */
export function limitReplays({ ledger, settings, trustedProxies }: ApiDeps): MiddlewareHandler<ApiEnv> {
  const perUser = rateLimit(ledger, 'replay-user', settings.limits.replayPerUserPerMinute);
  const perAddress = rateLimit(ledger, 'replay-address', settings.limits.replayPerAddressPerMinute);
  return async (c, next) => {
    const waits = await Promise.all([
      perUser.take(c.get('caller').actor.id),
      perAddress.take(clientAddress(c, trustedProxies)),
    ]);
    const waitMs = Math.max(...waits);
    if (waitMs > 0) {
      throw new ApiRefused('too_many_requests', { headers: { 'Retry-After': String(Math.ceil(waitMs / 1000)) } });
    }
    await next();
  };
}
