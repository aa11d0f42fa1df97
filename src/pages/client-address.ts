// The address a page was asked for from.
import { getConnInfo } from '@hono/node-server/conninfo';
import { nearestAddress } from '../domain/api/client-address.ts';
import type { PageContext } from './deps.ts';

/** The nearest address that is not one of the trusted proxies. */
export function clientAddressOf(c: PageContext, trustedProxies: readonly string[]): string {
  return nearestAddress(getConnInfo(c).remote.address, c.req.header('x-forwarded-for'), trustedProxies);
}
