// The transport over real sockets: what left, what did not, and what came back.
import { createServer } from 'node:net';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { userAgent } from '../../src/runtime/user-agent.ts';
import { bodyText, type Exchange } from '../../src/transport/exchange.ts';
import { createTransport, type SendGate } from '../../src/transport/send.ts';
import { httpAnswer, listen, type Script, startWireServer, type WireServer } from './wire-server.ts';

const transport = createTransport({ userAgent: 'Oncepost/7.8.9' });
const OPEN: SendGate = { mayLeave: () => true, left: async () => {} };
const PATIENT = { timeoutMs: 5_000 };

const servers: WireServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(script: Script, onConnect?: Parameters<typeof startWireServer>[1]): Promise<WireServer> {
  const server = await startWireServer(script, onConnect);
  servers.push(server);
  return server;
}

/** A port nobody listens on. */
async function closedPort(): Promise<number> {
  const server = await startWireServer(() => {});
  await server.close();
  return server.port;
}

const SILENT: Script = () => {};
const post = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  ({
    method: 'POST',
    url: `${url}/create?draft=0`,
    headers: { 'x-key': 'k', ...headers },
    body: '{"text":"é"}',
  }) as const;

type Way = (url: string, timeoutMs?: number, headers?: Readonly<Record<string, string>>) => Promise<Exchange>;

/** Each way to send: the pooled one for repeatable calls, and the create. */
const WAYS: readonly (readonly [string, Way])[] = [
  ['a repeatable call', (url, timeoutMs = 5_000, headers = {}) => transport.send(post(url, headers), { timeoutMs })],
  ['a create', (url, timeoutMs = 5_000, headers = {}) => transport.sendCreate(post(url, headers), { timeoutMs }, OPEN)],
];

test('we are called by name and version', () => {
  expect(userAgent).toBe(`Oncepost/${manifest.version} (durable publish worker)`);
});

describe.each(WAYS)('%s', (_, send) => {
  test('is answered with status, lower-case headers and body', async () => {
    const headers = { 'X-Rate': '1', 'Set-Cookie': 'a=1\r\nSet-Cookie: b=2' };
    const server = await serve((socket) => socket.write(httpAnswer(429, '{"é":1}', headers)));
    const exchange = await send(server.url);
    expect(exchange).toMatchObject({
      kind: 'answer',
      status: 429,
      headers: { 'x-rate': '1', 'set-cookie': 'a=1, b=2' },
    });
    expect(exchange.kind === 'answer' && bodyText(exchange)).toBe('{"é":1}');
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatch(/^POST \/create\?draft=0 HTTP\/1\.1\r\n/);
    expect(server.received[0]).toMatch(/\r\ncontent-length: 13\r\n/);
    expect(server.received[0]).toMatch(/\r\nx-key: k\r\n/);
  });

  test('names us, and no library', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(200, '{}')));
    await send(server.url, 5_000, { 'User-Agent': 'oauth4webapi/v3.8.8' });
    expect(server.received[0]?.match(/^user-agent: .*$/gim)).toEqual(['user-agent: Oncepost/7.8.9']);
  });

  test('to a closed port did not leave', async () => {
    expect(await send(`http://127.0.0.1:${await closedPort()}`)).toEqual({
      kind: 'not_sent',
      reason: 'unreachable',
      detail: 'ECONNREFUSED',
    });
  });

  test('to a name that cannot exist did not leave', async () => {
    expect(await send(`http://${'a'.repeat(64)}.invalid`)).toMatchObject({ kind: 'not_sent', reason: 'unreachable' });
  });

  test.each(['api.example.com/v1', 'ftp://example.com', ''])(
    'to %o, which is no address, did not leave',
    async (url) => {
      expect(await send(url)).toEqual({ kind: 'not_sent', reason: 'unreachable', detail: 'ERR_INVALID_URL' });
    },
  );

  test('to a server that hangs is unknown', async () => {
    const server = await serve(SILENT);
    expect(await send(server.url, 200)).toMatchObject({ kind: 'no_answer', reason: 'timeout' });
    expect(server.received).toHaveLength(1);
  });

  test('to a server that answers its head and then hangs is unknown', async () => {
    const server = await serve((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"id"'));
    expect(await send(server.url, 200)).toMatchObject({ kind: 'no_answer', reason: 'timeout' });
  });

  test('to a server that resets after the body is unknown', async () => {
    const server = await serve((socket) => socket.resetAndDestroy());
    expect(await send(server.url)).toMatchObject({ kind: 'no_answer', reason: 'reset' });
    expect(server.received).toHaveLength(1);
  });

  test('to a server that closes after the body is unknown', async () => {
    const server = await serve((socket) => socket.end());
    expect(await send(server.url)).toMatchObject({ kind: 'no_answer', reason: 'reset' });
    expect(server.received).toHaveLength(1);
  });

  test('to a server that speaks no HTTP is unknown', async () => {
    const server = await serve((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    expect(await send(server.url)).toMatchObject({ kind: 'no_answer' });
  });

  test.each([
    ['a counted body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"id"'],
    ['a counted last body', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 10\r\n\r\n{"id"'],
    ['a chunked body', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n'],
    ['a chunked last body', 'HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"\r\n'],
  ])('whose answer breaks off in %s is unknown', async (_name, bytes) => {
    const server = await serve((socket) => socket.end(bytes));
    expect(await send(server.url)).toMatchObject({ kind: 'no_answer', reason: 'truncated' });
  });

  test('whose answer never ends is unknown', async () => {
    const server = await serve((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${11 * 1024 ** 2}\r\n\r\n`);
      socket.write(Buffer.alloc(11 * 1024 ** 2));
    });
    expect(await send(server.url)).toMatchObject({ kind: 'no_answer', reason: 'oversized' });
  });

  test.each([301, 302, 303, 307, 308])('answered with %i is not sent on', async (status) => {
    const elsewhere = await serve((socket) => socket.write(httpAnswer(200, '{}')));
    const server = await serve((socket) => socket.write(httpAnswer(status, '', { location: `${elsewhere.url}/` })));
    expect(await send(server.url)).toMatchObject({ kind: 'answer', status });
    expect(elsewhere.received).toHaveLength(0);
  });

  test.each([500, 502, 503, 429])('answered with %i is not sent again', async (status) => {
    const server = await serve((socket) => socket.write(httpAnswer(status, '', { 'retry-after': '0' })));
    expect(await send(server.url)).toMatchObject({ kind: 'answer', status });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.match(/POST /g)).toHaveLength(1);
  });

  test('offers HTTP/1.1 and nothing else', async () => {
    const hello = Promise.withResolvers<string>();
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (bytes: Buffer) => {
        hello.resolve(bytes.toString('latin1'));
        socket.destroy();
      });
    });
    onTestFinished(() => void server.close());
    const exchange = await send(`https://127.0.0.1:${await listen(server)}`);
    expect(exchange.kind).not.toBe('answer');
    expect(await hello.promise).toContain('\x08http/1.1');
    expect(await hello.promise).not.toContain('\x02h2');
  });

  test('leaves no token in what it tells of a failure', async () => {
    const url = `http://127.0.0.1:${await closedPort()}/?access_token=very-secret`;
    expect(JSON.stringify(await send(url))).not.toContain('very-secret');
  });
});

describe('a create', () => {
  const request = (url: string) => post(url);

  test('sends exactly one request on a connection of its own, and closes it', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(201, '{}')));
    await transport.sendCreate(request(server.url), PATIENT, OPEN);
    await transport.sendCreate(request(server.url), PATIENT, OPEN);
    await server.closed(2);
    expect(server.received).toHaveLength(2);
    for (const bytes of server.received) expect(bytes.match(/POST \/create/g)).toHaveLength(1);
  });

  test('sends bytes and text alike, counted, not chunked', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(201, '{}')));
    const body = new TextEncoder().encode('{"text":"é"}');
    await transport.sendCreate({ ...request(server.url), body }, PATIENT, OPEN);
    await transport.sendCreate(request(server.url), PATIENT, OPEN);
    expect(server.received[0]).toBe(server.received[1]);
    expect(server.received[0]).not.toMatch(/transfer-encoding/i);
  });

  test('a large body leaves whole', async () => {
    const server = await serve((socket, text) =>
      socket.write(httpAnswer(200, String(text.length - text.indexOf('\r\n\r\n') - 4))),
    );
    const exchange = await transport.sendCreate(
      { ...request(server.url), body: new Uint8Array(3_000_000) },
      PATIENT,
      OPEN,
    );
    expect(exchange.kind === 'answer' && bodyText(exchange)).toBe('3000000');
  });

  test('asks its gate once, and tells it when the bytes have left', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(200, '{}')));
    const order: string[] = [];
    const gate: SendGate = {
      mayLeave: () => order.push('asked') > 0,
      left: async () => void order.push('left'),
    };
    await transport.sendCreate(request(server.url), PATIENT, gate);
    expect(order).toEqual(['asked', 'left']);
  });

  test('that meets a closed gate did not leave, and the server sees not one byte', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(200, '{}')));
    const gate: SendGate = { mayLeave: () => false, left: () => Promise.reject(new TypeError('nothing left')) };
    expect(await transport.sendCreate(request(server.url), PATIENT, gate)).toEqual({
      kind: 'not_sent',
      reason: 'deadline_passed',
      detail: 'the send deadline had passed',
    });
    await server.connected(1);
    await server.closed(1);
    expect(server.received).toEqual(['']);
  });

  test('whose gate is never asked, because there is nobody to connect to, did not leave', async () => {
    const asked: string[] = [];
    const gate: SendGate = { mayLeave: () => asked.push('asked') > 0, left: async () => {} };
    const port = await closedPort();
    expect(await transport.sendCreate(request(`http://127.0.0.1:${port}`), PATIENT, gate)).toMatchObject({
      kind: 'not_sent',
    });
    expect(asked).toEqual([]);
  });

  test('is unknown from the moment it left, even when the caller then fails', async () => {
    const server = await serve(SILENT);
    const gate: SendGate = { mayLeave: () => true, left: () => Promise.reject(new TypeError('stopped')) };
    expect(await transport.sendCreate(request(server.url), PATIENT, gate)).toMatchObject({
      kind: 'no_answer',
      reason: 'reset',
    });
  });

  test('whose worker is slow after sending is still answered', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(200, '{"id":"1"}')));
    const gate: SendGate = { mayLeave: () => true, left: () => server.connected(1) };
    expect(await transport.sendCreate(request(server.url), PATIENT, gate)).toMatchObject({
      kind: 'answer',
      status: 200,
    });
  });

  test('answered early, before the server read it, is an answer', async () => {
    const server = await serve(SILENT, (socket) => socket.once('data', () => socket.end(httpAnswer(413, 'too large'))));
    const exchange = await transport.sendCreate(
      { ...request(server.url), body: new Uint8Array(8_000_000) },
      PATIENT,
      OPEN,
    );
    // Whether the answer or the reset is seen first is the network's choice; never is it "did not leave".
    expect(['answer', 'no_answer']).toContain(exchange.kind);
  });

  test('with a header nobody can send did not leave', async () => {
    const server = await serve((socket) => socket.write(httpAnswer(200, '{}')));
    const broken = { ...request(server.url), headers: { authorization: 'Bearer a\nb' } };
    expect(await transport.sendCreate(broken, PATIENT, OPEN)).toMatchObject({ kind: 'not_sent' });
    expect(server.received.join('')).toBe('');
  });
});
