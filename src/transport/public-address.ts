// Tells public addresses from those that lead into somebody's own network. The check sits where the connection is made,
// so a name that first resolves to one address and then to another (DNS rebinding) does not pass.
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IPv4 ranges that are not public (IANA special-purpose registry), and two clouds' own services. */
const IPV4_RANGES: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10], // carrier-grade NAT; also a cloud's metadata service
  ['127.0.0.0', 8],
  ['168.63.129.16', 32], // a cloud's host service, on a public-looking address
  ['169.254.0.0', 16], // link-local; also the metadata service of most clouds
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

const IPV6_RANGES: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23], // Teredo among others
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4 carries any IPv4 address
  ['3fff::', 20],
  ['5f00::', 16],
  ['fc00::', 7], // unique local; also a cloud's metadata service
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
];

const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of IPV4_RANGES) {
  // IPv4-mapped IPv6 addresses are checked against the IPv4 ranges by Node itself; NAT64 ones are not.
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
  NOT_PUBLIC.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6');
}
for (const [network, prefix] of IPV6_RANGES) NOT_PUBLIC.addSubnet(network, prefix, 'ipv6');

/** A name or address that leads into a private network. The message names the host only. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

/** Whether an IPv4 or IPv6 address can be reached by anybody on the internet. False for what is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !NOT_PUBLIC.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Decides whether an address may be connected to. */
export type AddressRule = (address: string) => boolean;

/** Refuses a URL's host when it is itself an address that may not be reached. @throws PrivateAddress */
export function assertHost(url: URL, mayReach: AddressRule): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !mayReach(host)) throw new PrivateAddress(host);
}

/** Resolves names for a connection; fails with PrivateAddress when any of a name's addresses may not be reached. */
export function guardedLookup(mayReach: AddressRule): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) callback(error ?? new PrivateAddress(hostname), []);
      else if (!addresses.every(({ address }) => mayReach(address))) callback(new PrivateAddress(hostname), []);
      else if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}
