// The address a request came from: the peer's, or what proxies of ours say about the peer before them.

/** The nearest address that is not one of the trusted proxies; `forwardedFor` is the header as it came. */
export function nearestAddress(
  { peer, forwardedFor = '' }: { readonly peer: string | undefined; readonly forwardedFor: string | undefined },
  trustedProxies: readonly string[],
): string {
  const last = plain(peer ?? 'unknown');
  const forwarded = forwardedFor.split(',').map((part) => plain(part.trim()));
  const hops = [...forwarded.filter(Boolean), last];
  return hops.findLast((hop) => !trustedProxies.includes(hop)) ?? last;
}

/** IPv4 that arrived on an IPv6 socket is IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
}
