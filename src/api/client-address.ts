// The address an API request came from.
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { nearestAddress } from '../runtime/client-address.ts';
import type { ApiEnv } from './deps.ts';

/** The nearest address that is not one of the trusted proxies. */
export function clientAddress(c: Context<ApiEnv>, trustedProxies: readonly string[]): string {
  const { address: peer } = getConnInfo(c).remote;
  return nearestAddress({ peer, forwardedFor: c.req.header('x-forwarded-for') }, trustedProxies);
}
