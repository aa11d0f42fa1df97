// The address a request came from: the peer's, or what proxies of ours say about the peer before them.
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import type { ApiEnv } from './deps.ts';

/** The nearest address that is not one of the trusted proxies. */
export function clientAddress(c: Context<ApiEnv>, trustedProxies: readonly string[]): string {
  const peer = plain(getConnInfo(c).remote.address ?? 'unknown');
  const forwarded = (c.req.header('x-forwarded-for') ?? '').split(',').map((part) => plain(part.trim()));
  const hops = [...forwarded.filter(Boolean), peer];
  return hops.findLast((hop) => !trustedProxies.includes(hop)) ?? peer;
}

/** IPv4 that arrived on an IPv6 socket is IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
