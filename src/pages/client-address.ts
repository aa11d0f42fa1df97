// The address a page was asked for from.
import { getConnInfo } from '@hono/node-server/conninfo';
import { nearestAddress } from '../runtime/client-address.ts';
import type { PageContext } from './deps.ts';

/** The nearest address that is not one of the trusted proxies. */
export function clientAddressOf(c: PageContext, trustedProxies: readonly string[]): string {
  const { address: peer } = getConnInfo(c).remote;
  return nearestAddress({ peer, forwardedFor: c.req.header('x-forwarded-for') }, trustedProxies);
}
