// The address a request of the API came from.
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { nearestAddress } from '../domain/api/client-address.ts';
import type { ApiEnv } from './deps.ts';

/** The nearest address that is not one of the trusted proxies. */
export function clientAddress(c: Context<ApiEnv>, trustedProxies: readonly string[]): string {
  return nearestAddress(getConnInfo(c).remote.address, c.req.header('x-forwarded-for'), trustedProxies);
}
