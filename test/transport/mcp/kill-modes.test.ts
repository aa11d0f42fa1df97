// However a call of a tool ends: it arrived once, and what is told of it is no more than is known. The server's own record
// is the judge of what arrived.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { findProcess } from '../../../src/runtime/processes.ts';
import type { ToolCall, ToolExchange } from '../../../src/transport/exchange.ts';
import { asProgram, openDoor, overHttp, SITE_PROGRAM, serverPolicy, watchedGate } from '../../mcp/doors.ts';
import { OPEN_SCHEMA, type RawServer, type Reply, startRawServer } from '../../mcp/raw-server.ts';
import { type SiteFault, siteRecord } from '../../mcp/site-server.ts';

const LIMITS = { openMs: 1_500, answerMs: 400 };
const call: ToolCall = { server: 'site', tool: 'create_post', arguments: { title: 'T' }, pin: null };

const RESULT = { content: [{ type: 'text', text: '{"id":1}' }], structuredContent: { id: 1 }, isError: false };
const event = (reply: Reply, result: unknown) => `event: message\ndata: ${reply.messageOf(result)}\n\n`;

describe('over HTTP', () => {
  let raw: RawServer;
  beforeAll(async () => {
    raw = await startRawServer();
  });
  afterEach(() => {
    raw.calls.length = 0;
    raw.seen.length = 0;
    raw.tools = [{ name: 'create_post', inputSchema: OPEN_SCHEMA }];
    raw.onOther = () => false;
  });
  afterAll(() => raw.close());

  async function create(open = true): Promise<{ exchange: ToolExchange; asked: number; told: number }> {
    const { door, close } = openDoor(serverPolicy(overHttp(raw.url)));
    const gate = watchedGate(open);
    const exchange = await door.create(call, LIMITS, gate);
    await close();
    return { exchange, asked: gate.asked(), told: gate.told() };
  }

  const BREAKS: readonly (readonly [string, (reply: Reply) => void, object])[] = [
    ['breaks before the headers', ({ response }) => response.destroy(), { kind: 'no_answer', reason: 'reset' }],
    [
      'breaks after the headers of a stream',
      (reply) => {
        reply.stream('');
        setTimeout(() => reply.response.destroy(), 50);
      },
      { kind: 'no_answer', reason: 'truncated' },
    ],
    [
      'ends a stream cleanly without an answer',
      (reply) => {
        reply.stream(
          'event: message\ndata: {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"at work"}}\n\n',
        );
        reply.response.end();
      },
      { kind: 'no_answer', reason: 'truncated' },
    ],
    [
      'ends a stream that could be resumed',
      (reply) => {
        reply.stream('id: 7\ndata:\n\n');
        reply.response.end();
      },
      { kind: 'no_answer', reason: 'truncated' },
    ],
    [
      'cuts the JSON off',
      (reply) => {
        const body = reply.messageOf(RESULT);
        reply.response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(body.length) });
        reply.response.write(body.slice(0, 30));
        setTimeout(() => reply.response.destroy(), 50);
      },
      { kind: 'no_answer', reason: 'truncated' },
    ],
    [
      'ends cleanly in the middle of the JSON',
      (reply) => reply.http(200, reply.messageOf(RESULT).slice(0, 30), { 'content-type': 'application/json' }),
      { kind: 'no_answer', reason: 'truncated' },
    ],
    [
      'answers another request than ours',
      (reply) =>
        reply.http(200, '{"jsonrpc":"2.0","id":"other","result":{"content":[]}}', {
          'content-type': 'application/json',
        }),
      { kind: 'no_answer', reason: 'truncated' },
    ],
    ['takes it and says no more', (reply) => reply.http(202, ''), { kind: 'no_answer', reason: 'truncated' }],
    ['hangs before the headers', () => {}, { kind: 'no_answer', reason: 'timeout' }],
    ['hangs in a stream', (reply) => reply.stream(': wait\n\n'), { kind: 'no_answer', reason: 'timeout' }],
    [
      'answers a page of HTML',
      (reply) => reply.http(200, '<p>Hello', { 'content-type': 'text/html' }),
      { kind: 'answer', status: 200 },
    ],
    ['is an outage', (reply) => reply.http(503, 'away'), { kind: 'answer', status: 503 }],
    ['redirects', (reply) => reply.http(307, '', { location: '/elsewhere' }), { kind: 'answer', status: 307 }],
    ['throttles', (reply) => reply.http(429, '', { 'retry-after': '30' }), { kind: 'answer', status: 429 }],
    [
      'refuses the token',
      (reply) => reply.http(401, '', { 'www-authenticate': 'Bearer' }),
      { kind: 'answer', status: 401 },
    ],
    [
      'wants another scope',
      (reply) => reply.http(403, '', { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' }),
      { kind: 'answer', status: 403 },
    ],
    ['knows no such session', (reply) => reply.http(404, ''), { kind: 'answer', status: 404 }],
    [
      'answers an error of the protocol',
      (reply) => reply.error(-32_602, 'Unknown tool: create_post'),
      { kind: 'tool_answer', error: { code: -32_602, message: 'Unknown tool: create_post' } },
    ],
    ['answers', (reply) => reply.result(RESULT), { kind: 'tool_answer', result: RESULT, misfit: null }],
    [
      'answers in a stream, and leaves it open',
      (reply) => reply.stream(`: hello\r\n\r\n${event(reply, RESULT)}`),
      { kind: 'tool_answer', result: RESULT, misfit: null },
    ],
    [
      'answers what is no result of a tool',
      (reply) => reply.result({ content: 'none' }),
      { kind: 'tool_answer', result: { content: 'none' }, misfit: expect.any(String) },
    ],
  ];
  test.each(BREAKS)('a server that %s', async (_name, answer, expected) => {
    raw.onCall = (_call, reply) => answer(reply);
    const { exchange, asked, told } = await create();
    expect(exchange).toMatchObject(expected);
    expect({ calls: raw.calls.length, asked, told }).toEqual({ calls: 1, asked: 1, told: 1 });
    // Nothing was resumed, and nothing asked for anew.
    expect(raw.seen.filter((line) => line.startsWith('POST tools/call') || line === 'GET')).toEqual([
      'POST tools/call',
    ]);
  });

  test('what breaks the schema of the tool is told with the answer', async () => {
    const outputSchema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
    raw.tools = [{ name: 'create_post', inputSchema: OPEN_SCHEMA, outputSchema }];
    raw.onCall = (_call, reply) => reply.result(RESULT);
    const { exchange } = await create();
    expect(exchange).toMatchObject({
      kind: 'tool_answer',
      result: RESULT,
      misfit: expect.stringContaining('does not match'),
    });
    expect(raw.calls).toHaveLength(1);
  });

  const HANDSHAKES: readonly (readonly [string, number])[] = [
    ['refuses the token at the handshake', 401],
    ['is away at the handshake', 503],
    ['redirects the handshake', 307],
  ];
  test.each(HANDSHAKES)('a server that %s never gets the call', async (_name, status) => {
    raw.onOther = (_method, response) => {
      response.writeHead(status, { location: '/elsewhere' }).end();
      return true;
    };
    const { exchange, asked } = await create();
    expect(exchange).toMatchObject({ kind: 'not_sent', reason: 'unreachable' });
    expect({ asked, calls: raw.calls.length }).toEqual({ asked: 0, calls: 0 });
  });

  test('a gate that is closed holds the call back', async () => {
    const { exchange, told } = await create(false);
    expect(exchange).toMatchObject({ kind: 'not_sent', reason: 'deadline_passed' });
    expect({ told, calls: raw.calls.length }).toEqual({ told: 0, calls: 0 });
  });

  test('where nothing listens, nothing was sent', async () => {
    const { door, close } = openDoor(serverPolicy(overHttp('http://127.0.0.1:9/mcp')));
    const gate = watchedGate();
    expect(await door.create(call, LIMITS, gate)).toEqual({
      kind: 'not_sent',
      reason: 'unreachable',
      detail: 'ECONNREFUSED',
    });
    expect(gate.asked()).toBe(0);
    await close();
  });
});

describe('over stdio', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-stdio-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  let sites = 0;
  async function create(fault: SiteFault | null, open = true) {
    sites += 1;
    const own = mkdtempSync(join(folder, 'site-'));
    if (fault) writeFileSync(join(own, 'fault'), fault);
    const policy = serverPolicy(asProgram(SITE_PROGRAM, own), { secretVariable: 'ONCEPOST_MCP_SITE' });
    const { door, close } = openDoor(policy, { ONCEPOST_MCP_SITE: 'token', OTHER: 'x' });
    const gate = watchedGate(open);
    const args = { title: 'T', slug: `s-${sites}`, html: '<p>x</p>', idempotency_key: 'k' };
    const limits = { openMs: 6_000, answerMs: 1_500 };
    const exchange = await door.create({ ...call, arguments: args }, limits, gate);
    await close();
    const record = siteRecord(own);
    return {
      exchange,
      record,
      calls: record.calls('create_post').length,
      pages: record.pages().length,
      told: gate.told(),
      own,
    };
  }

  const ENDS: readonly (readonly [SiteFault, object, number])[] = [
    ['make_then_exit', { kind: 'no_answer', reason: 'reset' }, 1],
    ['exit', { kind: 'no_answer', reason: 'reset' }, 0],
    ['throw', { kind: 'tool_answer', result: { isError: true } }, 0],
    ['make_then_throw', { kind: 'tool_answer', result: { isError: true } }, 1],
    ['make_then_misfit', { kind: 'tool_answer', result: { isError: true } }, 1],
    ['make_then_hang', { kind: 'no_answer' }, 1],
    ['hang', { kind: 'no_answer' }, 0],
  ];
  test.each(ENDS)('a tool that ends by %s', async (fault, expected, pages) => {
    const seen = await create(fault);
    expect(seen.exchange).toMatchObject(expected);
    expect({ calls: seen.calls, pages: seen.pages, told: seen.told }).toEqual({ calls: 1, pages, told: 1 });
    expect(findProcess(seen.own)).toBeUndefined();
  });

  test('a program that answers is given its token, and nothing else of ours', async () => {
    const seen = await create(null);
    expect(seen.exchange).toMatchObject({
      kind: 'tool_answer',
      misfit: null,
      result: { structuredContent: { post: { id: 1 } } },
    });
    const [started] = seen.record.calls('started');
    expect(started?.arguments.names).toEqual(['ONCEPOST_MCP_SITE', 'PATH']);
    expect(findProcess(seen.own)).toBeUndefined();
  });

  test('a gate that is closed holds the call back', async () => {
    const seen = await create(null, false);
    expect(seen.exchange).toMatchObject({ kind: 'not_sent', reason: 'deadline_passed' });
    expect({ calls: seen.calls, told: seen.told }).toEqual({ calls: 0, told: 0 });
  });

  test('a program that is not there was sent nothing', async () => {
    const { door, close } = openDoor(
      serverPolicy({ kind: 'stdio', program: '/no/such/program', args: [], variables: [] }),
    );
    expect(await door.create(call, LIMITS, watchedGate())).toMatchObject({ kind: 'not_sent', reason: 'unreachable' });
    await close();
  });
});
