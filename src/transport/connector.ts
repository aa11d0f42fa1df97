// Opens connections to other people's servers: directly, or through a tunnel of a proxy (RFC 9110, 9.3.6). A tunnel
// carries the same bytes as a connection of its own would, so what is known of "sent" and "not sent" holds through it.
import { lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Duplex } from 'node:stream';
import { buildConnector } from 'undici';
import { type Outbound, signed } from './outbound.ts';
import { type AddressRule, PrivateAddress } from './public-address.ts';

/** The tunnel could not be opened: the proxy is away or refuses it. Nothing of a request has left then. */
class TunnelRefused extends Error {
  override readonly name = 'TunnelRefused';
  /** `PROXY_REFUSED_407`, or `PROXY_` and the code of the connection's failure. */
  readonly code: string;
  constructor(why: string) {
    super('the proxy opened no tunnel');
    this.code = `PROXY_${why}`;
  }
}

export interface ConnectorSettings {
  readonly timeoutMs: number;
  /** How names are resolved for a direct connection. */
  readonly lookup?: LookupFunction;
  /** Which addresses the name of a tunnel's target may resolve to, as far as this machine can resolve it. */
  readonly mayReach?: AddressRule;
}

/** A connector for undici's clients, HTTP/1.1 only. */
export function connector(outbound: Outbound, settings: ConnectorSettings): buildConnector.connector {
  const { timeoutMs, lookup: resolve, mayReach } = settings;
  const direct = buildConnector({ allowH2: false, timeout: timeoutMs, ...(resolve ? { lookup: resolve } : {}) });
  return (options, callback) => {
    const { protocol, hostname, port } = options;
    const authority = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
    const proxy = outbound.proxyFor?.(new URL(`${protocol}//${authority}`)) ?? null;
    if (!proxy) {
      direct(options, callback);
      return;
    }
    const failed = (error: Error) => callback(error, null);
    assertResolved(hostname, mayReach)
      .then(() => openTunnel(outbound, proxy, authority, timeoutMs))
      .then((tunnel) => {
        if (protocol === 'https:') direct({ ...options, httpSocket: tunnel }, callback);
        else callback(null, tunnel);
      })
      .catch(failed);
  };
}

/** The proxy resolves the name itself, so this is as good as both see the same; a name unknown here is left to it. */
function assertResolved(hostname: string, mayReach: AddressRule | undefined): Promise<void> {
  if (!mayReach || isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => {
      if (!error && !addresses.every(({ address }) => mayReach(address))) reject(new PrivateAddress(hostname));
      else resolve();
    });
  });
}

type Tunnel = NonNullable<Parameters<buildConnector.connector>[0]['httpSocket']>;

function openTunnel(outbound: Outbound, proxy: URL, authority: string, timeoutMs: number): Promise<Tunnel> {
  return new Promise((resolve, reject) => {
    const secure = proxy.protocol === 'https:';
    const request = (secure ? httpsRequest : httpRequest)({
      hostname: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port || (secure ? 443 : 80),
      method: 'CONNECT',
      path: authority,
      agent: false,
      headers: signed(outbound, { host: authority, ...credentials(proxy) }),
    });
    // Not a signal: one that fires later would end the tunnel that stands.
    const late = setTimeout(() => request.destroy(new TunnelRefused('TIMEOUT')), timeoutMs);
    request.once('connect', ({ statusCode = 0 }, socket: Duplex, head: Buffer) => {
      clearTimeout(late);
      if (statusCode < 200 || statusCode > 299) {
        socket.destroy();
        reject(new TunnelRefused(`REFUSED_${statusCode}`));
        return;
      }
      if (head.byteLength > 0) socket.unshift(head);
      resolve(socket as Tunnel);
    });
    request.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(late);
      reject(error instanceof TunnelRefused ? error : new TunnelRefused(error.code ?? error.name));
    });
    request.end();
  });
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(plain).toString('base64')}` };
}
