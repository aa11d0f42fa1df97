// What an answer to the create means, row by row (platform reference 9.4): on the official server where it says it, by hand
// where only others do.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { markOf } from '../../../src/platforms/blog/mark.ts';
import { adapter } from '../../../src/platforms/mcp/adapter.ts';
import type { Grant } from '../../../src/platforms/sessions.ts';
import { StepRefused } from '../../../src/platforms/step-errors.ts';
import { overHttp, SITE_PUBLISHING, serverPolicy } from '../../mcp/doors.ts';
import { type HttpSite, startHttpSite } from '../../mcp/http-site.ts';
import { type RawServer, type Reply, startRawServer } from '../../mcp/raw-server.ts';
import { allowed, readAs, type SiteSession, SLUG, siteSession } from './site-session.ts';

const TOKEN = 'tok-8b7a6c5d4e3f';
const VARIABLES = { ONCEPOST_MCP_SITE: TOKEN };

describe('on the official server', () => {
  let site: HttpSite;
  let facts: SiteSession;
  let grant: Grant;
  beforeAll(async () => {
    site = await startHttpSite({ token: TOKEN });
    const policy = serverPolicy(overHttp(site.url), {
      publishing: SITE_PUBLISHING,
      secretVariable: 'ONCEPOST_MCP_SITE',
    });
    facts = { policy, variables: VARIABLES };
    grant = await allowed(facts);
  });
  afterAll(() => site.close());

  async function created(slug: string) {
    const session = siteSession({ ...facts, grant, options: { slug, zone: 'news' } });
    const reading = readAs(await session.sendCreate(adapter), session);
    await session.close();
    return { reading, arrived: site.arrived(slug), pages: site.record.pages().filter((page) => page.slug === slug) };
  }

  test('a page that was made is live under the id that the site gave it', async () => {
    const { reading, arrived, pages } = await created('made');
    const [page] = pages;
    expect(reading).toEqual({ kind: 'live', platformPostId: String(page?.id), url: 'https://site.example/made' });
    expect(arrived).toBe(1);
    expect(page).toMatchObject({ title: 'As planned', zone: 'news', html: '<p>Hello <em>there</em></p>' });
    expect(page?.key).toBe(markOf(siteSession(facts).post));
    expect([...site.userAgents]).toEqual(['Oncepost/test']);
  });

  test.each([
    ['throw', 0],
    ['make_then_throw', 1],
  ] as const)('a tool that throws may have done its work: %s', async (fault, made) => {
    const slug = fault.replaceAll('_', '-');
    site.fault(fault, slug);
    const { reading, arrived, pages } = await created(slug);
    expect(reading).toMatchObject({
      kind: 'unclear',
      cause: { code: 'unknown' },
      ifAbsent: { code: 'publish_failed', externalText: expect.stringContaining('the') },
    });
    expect({ arrived, pages: pages.length }).toEqual({ arrived: 1, pages: made });
  });

  test('a tool whose output breaks its own schema has run', async () => {
    site.fault('make_then_misfit', 'misfit');
    const { reading, arrived, pages } = await created('misfit');
    expect(reading).toMatchObject({ kind: 'unclear', cause: { code: 'unknown' } });
    expect({ arrived, pages: pages.length }).toEqual({ arrived: 1, pages: 1 });
  });

  /** The official server's own words, asked without our door: it lists its tools, so the door would not call this one. */
  async function saysTo(params: object) {
    const response = await fetch(site.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        authorization: `Bearer ${TOKEN}`,
        'mcp-protocol-version': '2025-11-25',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
    });
    const text = await response.text();
    const message = JSON.parse(text.startsWith('{') ? text : (/^data: (.*)$/m.exec(text)?.[1] ?? 'null'));
    const answer = message.error ? { error: message.error } : { result: message.result, misfit: null };
    return { kind: 'tool_answer', ...answer } as never;
  }

  test.each([
    ['an unknown tool', { name: 'no_such_tool', arguments: {} }],
    ['arguments that do not fit', { name: 'create_post', arguments: { slug: 7 } }],
  ])('%s was not run, so nothing was published', async (_name, params) => {
    const before = site.record.pages().length;
    const session = siteSession({ ...facts, grant });
    expect(adapter.readCreate(await saysTo(params), session)).toMatchObject({
      kind: 'refused',
      cause: { code: 'publish_failed', source: 'raw_error_signature' },
    });
    expect(site.record.pages()).toHaveLength(before);
    await session.close();
  });

  test('a token that is refused at the handshake means that nothing was sent', async () => {
    const session = siteSession({ ...facts, grant, variables: { ONCEPOST_MCP_SITE: 'another' } });
    expect(await session.sendCreate(adapter)).toMatchObject({ kind: 'not_sent', reason: 'unreachable' });
    const refusal = await Promise.resolve(adapter.prepare(session)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StepRefused);
    expect(refusal).toMatchObject({
      cause: { code: 'auth_failed', externalText: expect.stringContaining('ONCEPOST_MCP_SITE') },
    });
    await session.close();
  });
});

describe('by hand', () => {
  let raw: RawServer;
  let facts: SiteSession;
  let grant: Grant;
  beforeAll(async () => {
    raw = await startRawServer();
    const policy = serverPolicy(overHttp(raw.url), {
      publishing: SITE_PUBLISHING,
      secretVariable: 'ONCEPOST_MCP_SITE',
    });
    facts = { policy, variables: VARIABLES };
    grant = await allowed(facts);
  });
  beforeEach(() => {
    raw.calls.length = 0;
  });
  afterAll(() => raw.close());

  const failed = (text: string, structuredContent?: object) => (reply: Reply) =>
    reply.result({
      content: [{ type: 'text', text }],
      isError: true,
      ...(structuredContent ? { structuredContent } : {}),
    });
  const http =
    (status: number, headers: Readonly<Record<string, string>> = {}, body = '') =>
    (reply: Reply) =>
      reply.http(status, body, headers);
  const error = (code: number, message: string) => (reply: Reply) => reply.error(code, message);
  const refused = (code: string) => ({ kind: 'refused', cause: { code } });
  const unclear = (code: string) => ({ kind: 'unclear', cause: { code: 'unknown' }, ifAbsent: { code } });
  const OURS = { id: 7, slug: SLUG, status: 'published' };
  const UNREADABLE = {
    kind: 'unclear',
    cause: { code: 'unknown', externalText: expect.stringContaining('unreadable') },
  };

  const ROWS: readonly (readonly [string, (reply: Reply) => void, object])[] = [
    ['the tool failed', failed('boom'), unclear('publish_failed')],
    ['the tool failed in words that begin alike', failed('Tool failed'), unclear('publish_failed')],
    ['another tool behind it was not found', failed('Tool notify not found'), unclear('publish_failed')],
    ['the tool failed for a rate', failed('rate limited, retry in 60s'), unclear('rate_limited')],
    ['no word is found within a word', failed('could not be generated'), unclear('publish_failed')],
    ['the tool failed for an expiry', failed('the session expired'), unclear('auth_expired')],
    ['the tool failed for a token', failed('Unauthorized'), unclear('auth_failed')],
    ['the tool failed for a scope', failed('403 Forbidden'), unclear('permissions_missing')],
    ['the tool failed for a picture', failed('image too large'), unclear('media_invalid')],
    [
      'the tool failed with a code of ours',
      failed('no', { error: { code: 'permissions_missing', message: 'may not' } }),
      unclear('permissions_missing'),
    ],
    [
      'the tool says that it did nothing',
      failed('no', { error: { code: 'media_invalid', message: 'too big', executed: false } }),
      refused('media_invalid'),
    ],
    [
      'the tool says that it did nothing, and shows the page',
      failed('no', { error: { code: 'media_invalid', message: 'too big', executed: false }, post: OURS }),
      unclear('media_invalid'),
    ],
    [
      'the tool says that it did nothing, and shows the page with our key, under another slug',
      failed('no', {
        error: { executed: false },
        post: { ...OURS, slug: `${SLUG}-2`, key: markOf(siteSession({ policy: serverPolicy(overHttp('')) }).post) },
      }),
      unclear('publish_failed'),
    ],
    [
      'the tool says that it did nothing, and shows the page in its text',
      failed(JSON.stringify({ error: { executed: false }, post: OURS })),
      unclear('publish_failed'),
    ],
    [
      'the tool says that it did nothing, and shows the page of another that is in the way',
      failed('no', { error: { executed: false }, post: { ...OURS, key: 'op-of-another' } }),
      refused('publish_failed'),
    ],
    [
      'the words for an unknown tool, beside the page',
      failed('MCP error -32602: Tool create_post not found', { post: OURS }),
      unclear('publish_failed'),
    ],
    [
      'the tool throttles, and says that it did nothing',
      failed('no', { error: { code: 'rate_limited', executed: false, retry_after: 60 } }),
      { ...refused('rate_limited'), cause: { code: 'rate_limited', window: 'create', resumeAt: expect.any(String) } },
    ],
    [
      'an unknown tool, in the words of the first kit',
      failed('MCP error -32602: Tool create_post not found'),
      refused('publish_failed'),
    ],
    [
      'bad arguments, in the words of the first kit',
      failed('MCP error -32602: Input validation error: Invalid arguments for tool create_post'),
      refused('publish_failed'),
    ],
    [
      'a failed check of what the tool put out',
      failed('MCP error -32602: Output validation error: Invalid structured content'),
      unclear('publish_failed'),
    ],
    [
      'the same as an error of the protocol',
      error(-32_602, 'Output validation error: Invalid structured content'),
      unclear('publish_failed'),
    ],
    [
      'an unknown tool, as an error of the protocol',
      error(-32_602, 'Unknown tool: create_post'),
      refused('publish_failed'),
    ],
    ['an unknown method', error(-32_601, 'Method not found'), refused('publish_failed')],
    ['an invalid request', error(-32_600, 'Invalid Request'), refused('publish_failed')],
    ['a parse error', error(-32_700, 'Parse error'), refused('publish_failed')],
    ['an internal error', error(-32_603, 'Internal error'), unclear('publish_failed')],
    ['an error of the server', error(-32_000, 'rate limit'), unclear('rate_limited')],
    [
      'input that is required',
      (reply) => reply.result({ resultType: 'input_required', inputRequests: {} }),
      refused('publish_failed'),
    ],
    [
      'input that is required, beside the page',
      (reply) => reply.result({ resultType: 'input_required', structuredContent: { post: OURS } }),
      unclear('publish_failed'),
    ],
    [
      'a task in the place of a result',
      (reply) => reply.result({ resultType: 'task', task: { taskId: 't' } }),
      UNREADABLE,
    ],
    ['401', http(401), refused('auth_failed')],
    ['403', http(403), refused('permissions_missing')],
    ['404', http(404), refused('publish_failed')],
    [
      '429',
      http(429, { 'retry-after': '30' }),
      { kind: 'refused', cause: { code: 'rate_limited', resumeAt: expect.any(String) } },
    ],
    [
      'a 400 of the protocol',
      http(
        400,
        { 'content-type': 'application/json' },
        '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Bad"}}',
      ),
      refused('publish_failed'),
    ],
    ['a 400 of whatever stands in between', http(400, {}, '<h1>Bad request'), UNREADABLE],
    ['a page of HTML', http(200, { 'content-type': 'text/html' }, '<h1>Hello'), UNREADABLE],
    ['413', http(413), UNREADABLE],
    [
      'another slug than was asked for',
      (reply) =>
        reply.result({ content: [], structuredContent: { post: { id: 2, slug: `${SLUG}-2`, status: 'published' } } }),
      { kind: 'unclear', duplicate: true, cause: { code: 'publish_failed' } },
    ],
  ];
  test.each(ROWS)('%s', async (_name, answer, expected) => {
    raw.onCall = (_call, reply) => answer(reply);
    const session = siteSession({ ...facts, grant });
    expect(readAs(await session.sendCreate(adapter), session)).toMatchObject(expected);
    expect(raw.calls).toHaveLength(1);
    await session.close();
  });

  test('a token that a site repeats stands in no cause', async () => {
    raw.onCall = (call, reply) => failed(`you sent ${call.headers.authorization}, or ${TOKEN}`)(reply);
    const session = siteSession({ ...facts, grant });
    const reading = readAs(await session.sendCreate(adapter), session);
    expect(raw.calls[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(JSON.stringify(reading)).toContain('[redacted]');
    expect(JSON.stringify(reading)).not.toContain(TOKEN);
    await session.close();
  });
});
