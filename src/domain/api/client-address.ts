// The address a request came from: the peer's, or what proxies of ours say about the peer before them.

/** The nearest address that is not one of the trusted proxies. `forwarded`: the X-Forwarded-For header, if there is one. */
export function nearestAddress(
  peerAddress: string | undefined,
  forwarded: string | undefined,
  trustedProxies: readonly string[],
): string {
  const peer = plain(peerAddress ?? 'unknown');
  const before = (forwarded ?? '').split(',').map((part) => plain(part.trim()));
  const hops = [...before.filter(Boolean), peer];
  return hops.findLast((hop) => !trustedProxies.includes(hop)) ?? peer;
}

/** IPv4 that arrived on an IPv6 socket is IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
