// Calls through a real proxy: what was known of "sent" and "not sent" stays true, and this machine is never diverted.
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { readEnv } from '../../src/runtime/env.ts';
import { createMediaSource } from '../../src/transport/media.ts';
import { MediaUnavailable } from '../../src/transport/media-unavailable.ts';
import { isLoopbackHost, type ProxyRules, proxyChoice } from '../../src/transport/proxy-choice.ts';
import { createTransport, type SendGate } from '../../src/transport/send.ts';
import { type ProxyManners, startConnectProxy } from './connect-proxy.ts';
import { httpAnswer, listen, startWireServer } from './wire-server.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const OPEN: SendGate = { mayLeave: () => true, left: async () => {} };
const PATIENT = { timeoutMs: 5_000 };
const POST = { method: 'POST', url: 'http://api.platform.test/create?draft=0', body: '{"text":"é"}' } as const;

/** A platform, a proxy before it, and a transport that goes through the proxy. */
async function openWay(manners: Partial<ProxyManners> = {}, rules: ProxyRules = {}) {
  const platform = await startWireServer((socket) => socket.write(httpAnswer(201, '{"id":"1"}')));
  const proxy = await startConnectProxy({ toPort: platform.port, ...manners });
  const proxyFor = proxyChoice({ http: proxy.url, https: proxy.url, ...rules });
  const transport = createTransport({ userAgent: 'Oncepost/test', proxyFor });
  closing.push(platform.close, proxy.close, transport.close);
  return { platform, proxy, transport };
}

describe('a call through a proxy', () => {
  it.each(['send', 'sendCreate'] as const)('is answered, in a tunnel: %s', async (way) => {
    const { platform, proxy, transport } = await openWay();
    const exchange = await transport[way](POST, PATIENT, OPEN);
    expect(exchange).toMatchObject({ kind: 'answer', status: 201 });
    expect(proxy.heads).toHaveLength(1);
    expect(proxy.heads[0]).toMatch(/^CONNECT api\.platform\.test:80 HTTP\/1\.1\r\n/);
    expect(proxy.heads[0]).toMatch(/\r\nhost: api\.platform\.test:80\r\n/i);
    expect(proxy.heads[0]).toMatch(/\r\nuser-agent: Oncepost\/test\r\n/i);
    expect(platform.received[0]).toMatch(/^POST \/create\?draft=0 HTTP\/1\.1\r\nhost: api\.platform\.test\r\n/i);
  });

  it('signs in at the proxy where its address says how, and not at the platform', async () => {
    const { proxy, platform, transport } = await openWay();
    const url = new URL(proxy.url);
    url.username = 'ada';
    url.password = 'p@ss';
    const signedIn = createTransport({ userAgent: 'Oncepost/test', proxyFor: proxyChoice({ http: url.href }) });
    closing.push(signedIn.close);
    await signedIn.send(POST, PATIENT);
    await transport.send(POST, PATIENT);
    // ada:p@ss in base64.
    expect(proxy.heads[0]).toMatch(/\r\nproxy-authorization: Basic YWRhOnBAc3M=\r\n/i);
    expect(proxy.heads[1]).not.toMatch(/proxy-authorization/i);
    expect(platform.received.join()).not.toMatch(/proxy-authorization/i);
  });

  it('has a fresh tunnel for each create', async () => {
    const { proxy, transport } = await openWay();
    await transport.sendCreate(POST, PATIENT, OPEN);
    await transport.sendCreate(POST, PATIENT, OPEN);
    expect(proxy.heads).toHaveLength(2);
  });

  it('lets no byte of a create into the tunnel before its gate was asked, nor after it said no', async () => {
    const { platform, proxy, transport } = await openWay();
    const upWhenAsked: number[] = [];
    const mayLeave = () => {
      upWhenAsked.push(proxy.through.up);
      return false;
    };
    const exchange = await transport.sendCreate(POST, PATIENT, { ...OPEN, mayLeave });
    expect(exchange).toMatchObject({ kind: 'not_sent', reason: 'deadline_passed' });
    expect(upWhenAsked).toEqual([0]);
    expect(proxy.heads).toHaveLength(1);
    await platform.closed(1);
    expect(platform.received).toEqual(['']);
    expect(proxy.through.up).toBe(0);
  });
});

describe.each(['send', 'sendCreate'] as const)('%s: nothing was sent', (way) => {
  it.each([
    ['the proxy wants a name', { refuses: '407 Proxy Authentication Required' }, 'PROXY_REFUSED_407'],
    ['the proxy forbids it', { refuses: '403 Forbidden' }, 'PROXY_REFUSED_403'],
    ['the proxy reaches nobody', { refuses: '502 Bad Gateway' }, 'PROXY_REFUSED_502'],
    ['the proxy hangs up', { hangsUp: true }, 'PROXY_ECONNRESET'],
  ] as const)('where %s', async (_, manners, detail) => {
    const { platform, transport } = await openWay(manners);
    expect(await transport[way](POST, PATIENT, OPEN)).toEqual({ kind: 'not_sent', reason: 'unreachable', detail });
    expect(platform.received).toEqual([]);
  });

  it('where the proxy is not there', async () => {
    const { proxy, transport } = await openWay();
    closing.splice(closing.indexOf(proxy.close), 1);
    await proxy.close();
    const detail = 'PROXY_ECONNREFUSED';
    expect(await transport[way](POST, PATIENT, OPEN)).toEqual({ kind: 'not_sent', reason: 'unreachable', detail });
  });
});

it('a create whose proxy takes the question and says nothing was not sent', async () => {
  const { transport, platform } = await openWay({ silent: true });
  expect(await transport.sendCreate(POST, { timeoutMs: 300 }, OPEN)).toMatchObject({ kind: 'not_sent' });
  expect(platform.received).toEqual([]);
});

it('a create whose tunnel breaks before the answer may have been sent', async () => {
  const platform = await startWireServer((socket) => socket.destroy());
  const proxy = await startConnectProxy({ toPort: platform.port });
  const transport = createTransport({ userAgent: 'Oncepost/test', proxyFor: proxyChoice({ http: proxy.url }) });
  closing.push(platform.close, proxy.close, transport.close);
  expect(await transport.sendCreate(POST, PATIENT, OPEN)).toMatchObject({ kind: 'no_answer', reason: 'reset' });
  expect(platform.received[0]).toContain('{"text":');
});

describe('this machine is never diverted', () => {
  it.each(['127.0.0.1', '127.8.9.1', 'localhost', 'api.localhost', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    '%s',
    async (host) => {
      const everything = proxyChoice({ http: 'http://proxy.test:3128', https: 'http://proxy.test:3128' });
      expect(everything(new URL(`http://${host}:7800/`))).toBeNull();
      expect(everything(new URL(`https://${host}/`))).toBeNull();
      expect(isLoopbackHost(new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, ''))).toBe(true);
    },
  );

  it('a call to it goes there', async () => {
    const { platform, proxy, transport } = await openWay();
    expect(await transport.sendCreate({ ...POST, url: `${platform.url}/create` }, PATIENT, OPEN)).toMatchObject({
      kind: 'answer',
    });
    expect(proxy.heads).toEqual([]);
  });
});

describe('which proxy', () => {
  const choose = (rules: ProxyRules, url: string) => proxyChoice(rules)(new URL(url))?.host ?? null;
  const both = { https: 'http://secure.test:1', http: 'http://plain.test:2' };

  it('is named by the scheme of the target', () => {
    expect(choose(both, 'https://api.x.com')).toBe('secure.test:1');
    expect(choose(both, 'http://api.x.com')).toBe('plain.test:2');
    expect(choose({ http: both.http }, 'https://api.x.com')).toBeNull();
  });

  it.each([
    ['x.com', 'https://api.x.com', true],
    ['.x.com', 'https://x.com', true],
    ['*.x.com', 'https://api.x.com', true],
    ['X.com.', 'https://API.x.COM', true],
    ['x.com', 'https://netflix.com', false],
    ['com', 'https://x.com', true],
    ['x.com:443', 'https://x.com', true],
    ['x.com:8443', 'https://x.com', false],
    ['*', 'https://x.com', true],
    ['a.test, b.test  x.com', 'https://x.com', true],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['fd12::1', 'https://[fd12::1]', true],
    ['', 'https://x.com', false],
  ])('NO_PROXY=%s for %s: direct is %s', (except, url, direct) => {
    expect(choose({ ...both, except }, url) === null).toBe(direct);
  });

  it('is read from the environment, an address without a scheme too', () => {
    expect(readEnv({ HTTPS_PROXY: 'proxy.test:3128' }).HTTPS_PROXY).toBe('http://proxy.test:3128');
    expect(readEnv({ https_proxy: 'https://proxy.test' }).https_proxy).toBe('https://proxy.test');
    expect(() => readEnv({ http_proxy: 'socks5://proxy.test:1080' })).toThrow(
      'The environment variable http_proxy cannot be used: must be an http or https address of a proxy',
    );
  });
});

describe('media through a proxy', () => {
  const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(92, 7)]);

  async function openMedia(isPublic?: (address: string) => boolean) {
    const host: Server = createServer((_, response) => void response.end(PNG));
    const port = await listen(host);
    const proxy = await startConnectProxy({ toPort: port });
    const proxyFor = proxyChoice({ http: proxy.url }, () => false);
    const source = createMediaSource({
      userAgent: 'Oncepost/test',
      allowPrivateHosts: false,
      timeoutMs: 5_000,
      proxyFor,
      isPublic,
    });
    closing.push(proxy.close, source.close, async () => {
      host.closeAllConnections();
      host.close();
    });
    return { source, proxy };
  }

  async function read(source: { facts(url: string): Promise<unknown> }, url: string): Promise<unknown> {
    return source.facts(url).catch((error: unknown) => (error instanceof MediaUnavailable ? error.problem : error));
  }

  it('are read, where only the proxy knows the name', async () => {
    const { source, proxy } = await openMedia();
    expect(await read(source, 'http://only-the-proxy-knows.invalid/a.png')).toMatchObject({ mediaType: 'image/png' });
    expect(proxy.heads[0]).toMatch(/^CONNECT only-the-proxy-knows\.invalid:80 /);
  });

  it.each([
    'http://10.0.0.1/a.png',
    'http://169.254.169.254/a.png',
    'http://[fd00::1]/a.png',
    'http://localhost/a.png',
  ])('are refused at a private address: %s, and the proxy is not asked', async (url) => {
    const { source, proxy } = await openMedia();
    expect(await read(source, url)).toBe('private_address');
    expect(proxy.heads).toEqual([]);
  });
});
