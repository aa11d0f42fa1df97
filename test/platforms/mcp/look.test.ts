// What a look makes of what the site shows: ours and live, conclusively none, or doubt.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ToolPublishing } from '../../../src/domain/mcp/server.ts';
import { markOf } from '../../../src/platforms/blog/mark.ts';
import { adapter } from '../../../src/platforms/mcp/adapter.ts';
import type { Grant, Json } from '../../../src/platforms/sessions.ts';
import { AlreadyLive, StepRefused, StepUnanswered } from '../../../src/platforms/step-errors.ts';
import { overHttp, SITE_PUBLISHING, serverPolicy } from '../../mcp/doors.ts';
import { type RawServer, startRawServer } from '../../mcp/raw-server.ts';
import { allowed, SLUG, sentIntent, siteSession } from './site-session.ts';

const BY_SLUG: ToolPublishing = {
  ...SITE_PUBLISHING,
  lookup: { tool: 'get_post', arguments: { slug: '{slug}', zone: '{zone}' }, found: '/found' },
};

let raw: RawServer;
let grant: Grant;
const policyOf = (publishing: ToolPublishing) => serverPolicy(overHttp(raw.url), { publishing });
beforeAll(async () => {
  raw = await startRawServer();
  grant = await allowed({ policy: policyOf(SITE_PUBLISHING) });
});
beforeEach(() => {
  raw.calls.length = 0;
});
afterAll(() => raw.close());

const shows = (post: object | null) => {
  raw.onCall = (_call, reply) => reply.result({ content: [], structuredContent: { found: post !== null, post } });
};
const page = (more: object = {}) => ({
  id: 7,
  slug: SLUG,
  status: 'published',
  url: `https://site.example/${SLUG}`,
  ...more,
});

async function looked(publishing: ToolPublishing, { slugFree = true, options = {}, taken = [] as string[] } = {}) {
  const session = siteSession({ policy: policyOf(publishing), grant, options: options as Record<string, Json> });
  if (slugFree) await session.remote.save('slug_free', true);
  const seen = await adapter
    .look(session, sentIntent(session, { takenPostIds: new Set(taken) }))
    .catch((error) => error);
  await session.close();
  return seen instanceof StepUnanswered ? seen.message : seen;
}

const OURS = { kind: 'live', platformPostId: '7', url: `https://site.example/${SLUG}` };
const NONE = { kind: 'missing', coverage: { kind: 'by_key' } };

describe('asked by the key', () => {
  test('what it shows is ours, under whichever slug', async () => {
    shows(page({ slug: `${SLUG}-2` }));
    expect(await looked(SITE_PUBLISHING)).toEqual({ ...OURS });
    expect(raw.calls).toMatchObject([
      { tool: 'get_post', arguments: { idempotency_key: markOf(siteSession({ policy: policyOf(BY_SLUG) }).post) } },
    ]);
  });

  test('none is none', async () => {
    shows(null);
    expect(await looked(SITE_PUBLISHING)).toEqual(NONE);
  });

  test('a page made with another key is doubt', async () => {
    shows(page({ key: 'op-another' }));
    expect(await looked(SITE_PUBLISHING)).toContain('made with another key');
  });

  test('a draft is neither live nor absent', async () => {
    shows(page({ status: 'draft' }));
    expect(await looked(SITE_PUBLISHING)).toContain('a draft');
  });
});

describe('asked by the slug', () => {
  test('what stands where nothing stood before is ours', async () => {
    shows(page());
    expect(await looked(BY_SLUG)).toEqual(OURS);
  });

  test.each([
    ['the slug was never seen free', {}, { slugFree: false }, 'may have stood there before'],
    ['it stands in another zone', { zone: 'old' }, { options: { zone: 'news' } }, 'stands in old, not in news'],
    ['it stands under another slug', { slug: `${SLUG}-2` }, {}, 'was asked for'],
    ['it is that of another schedule', {}, { taken: ['7'] }, 'another schedule'],
  ])('it is doubt where %s', async (_name, more, facts, words) => {
    shows(page(more));
    expect(await looked(BY_SLUG, facts)).toContain(words);
  });
});

describe('a look that cannot be read is never "absent"', () => {
  test.each([
    ['an outage', 503, 'was answered 503'],
    ['a refused token', 401, 'was answered 401'],
  ])('%s', async (_name, status, words) => {
    raw.onCall = (_call, reply) => reply.http(status, '');
    expect(await looked(SITE_PUBLISHING)).toContain(words);
  });

  test('a server that does not know its tool', async () => {
    raw.onCall = (_call, reply) => reply.error(-32_602, 'Unknown tool: get_post');
    expect(await looked(SITE_PUBLISHING)).toContain('unreadable');
  });

  test('a throttle waits for its reset', async () => {
    raw.onCall = (_call, reply) => reply.http(429, '', { 'retry-after': '30' });
    expect(await looked(SITE_PUBLISHING)).toMatchObject({ cause: { code: 'rate_limited', window: 'read' } });
  });
});

describe('before the create', () => {
  async function prepared(publishing: ToolPublishing, options: Record<string, Json> = {}) {
    const session = siteSession({ policy: policyOf(publishing), grant, options });
    const end = await adapter.prepare(session).catch((error: unknown) => error);
    await session.close();
    return { end, saved: Object.fromEntries(session.saved) };
  }

  test('a slug that is free is written down', async () => {
    shows(null);
    expect(await prepared(BY_SLUG)).toEqual({ end: undefined, saved: { slug_free: true } });
  });

  test('a slug that is taken ends it', async () => {
    shows(page({ key: 'op-another' }));
    const { end } = await prepared(BY_SLUG);
    expect(end).toBeInstanceOf(StepRefused);
    expect(end).toMatchObject({
      cause: { code: 'publish_failed', externalText: expect.stringContaining(`The slug ${SLUG} is taken`) },
    });
  });

  test('a page under our own key, that was thought absent, stops it for a person', async () => {
    shows(page());
    expect((await prepared(SITE_PUBLISHING)).end).toBeInstanceOf(AlreadyLive);
  });

  test('what the tool has no argument for is not dropped without a word', async () => {
    shows(null);
    const { end } = await prepared(SITE_PUBLISHING, { excerpt: 'In short' });
    expect(end).toMatchObject({ cause: { externalText: expect.stringContaining('has no argument for excerpt') } });
    expect(raw.calls).toEqual([]);
  });

  test('without a tool that looks up, nobody can be asked', () => {
    const session = siteSession({ policy: policyOf({ ...SITE_PUBLISHING, lookup: null }), grant });
    expect(adapter.askability(session)).toBe('blind');
    expect(adapter.askability(siteSession({ policy: policyOf(SITE_PUBLISHING), grant }))).toBe('authoritative');
  });
});
