// Which proxy a call goes through, as the environment says (curl's rules, which most programs follow).
import { BlockList, isIP } from 'node:net';

export interface ProxyRules {
  /** For https targets: the proxy's address, http or https. */
  readonly https?: string | undefined;
  /** For http targets. */
  readonly http?: string | undefined;
  /** Hosts that are reached directly, separated by commas or spaces: names with all below them, addresses, networks, `*`. */
  readonly except?: string | undefined;
}

/** The proxy for a target, or null for none. */
export type ProxyChoice = (target: URL) => URL | null;

/** Makes the choice. Loopback is this machine itself: no proxy is ever asked for it, whatever the rules say. */
export function proxyChoice(rules: ProxyRules, isLoopback: (host: string) => boolean = isLoopbackHost): ProxyChoice {
  const [https, http] = [addressOf(rules.https), addressOf(rules.http)];
  const exceptions = (rules.except ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  return (target) => {
    const proxy = target.protocol === 'https:' ? https : http;
    const host = hostOf(target);
    if (proxy === null || isLoopback(host) || exceptions.some((entry) => covers(entry, host, portOf(target))))
      return null;
    return proxy;
  };
}

function addressOf(text: string | undefined): URL | null {
  return text === undefined ? null : new URL(text);
}

/** Without brackets and the dot at the end, in lower case. */
function hostOf({ hostname }: URL): string {
  return hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

function portOf({ port, protocol }: URL): string {
  return port === '' ? (protocol === 'https:' ? '443' : '80') : port;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('0.0.0.0', 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');
LOOPBACK.addAddress('::', 'ipv6');

/** Whether a host names this machine by one of its own addresses or by a name that is kept for it (RFC 6761, 6.3). */
export function isLoopbackHost(host: string): boolean {
  const family = isIP(host);
  if (family !== 0) return LOOPBACK.check(host, family === 6 ? 'ipv6' : 'ipv4');
  return host === 'localhost' || host.endsWith('.localhost');
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return inNetwork(entry, host);
  const [, name = '', ofPort] = /^\[?(.*?)\]?(?::(\d{1,5}))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (ofPort !== undefined && ofPort !== port) return false;
  const base = name
    .replace(/^\*?\./, '')
    .replace(/\.$/, '')
    .toLowerCase();
  return base !== '' && (host === base || host.endsWith(`.${base}`));
}

function inNetwork(entry: string, host: string): boolean {
  const [network = '', prefix = ''] = entry.split('/');
  const [family, asked] = [isIP(network), isIP(host)];
  const bits = /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (family === 0 || asked === 0 || !(bits <= (family === 6 ? 128 : 32))) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, family === 6 ? 'ipv6' : 'ipv4');
  return list.check(host, asked === 6 ? 'ipv6' : 'ipv4');
}
