// What publishing tools answer, in two dozen shapes. Each is read, or it is unreadable; none is ever taken for "no page".
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AnswerShape } from '../../../src/domain/mcp/server.ts';
import { adapter } from '../../../src/platforms/mcp/adapter.ts';
import type { Grant } from '../../../src/platforms/sessions.ts';
import { StepUnanswered } from '../../../src/platforms/step-errors.ts';
import { overHttp, serverPolicy } from '../../mcp/doors.ts';
import { type RawServer, startRawServer } from '../../mcp/raw-server.ts';
import { allowed, readAs, type SiteSession, SLUG, siteSession } from './site-session.ts';

const URL_ = `https://site.example/${SLUG}`;

/** In the order in which they are tried. */
const SHAPES: readonly AnswerShape[] = [
  { id: '/post/id', slug: '/post/slug', url: '/post/url', status: '/post/status' },
  { id: '/page/id', slug: '/page/slug', status: '/page/published' },
  { id: '/id', slug: '/slug', url: '/link', status: '/status' },
  { id: '/0/id', slug: '/0/slug' },
  { url: '/url', slug: '/slug' },
];

const structured = (value: unknown) => ({ content: [{ type: 'text', text: 'Done.' }], structuredContent: value });
const text = (value: string) => ({ content: [{ type: 'text', text: value }] });
const asText = (value: unknown) => text(JSON.stringify(value));
const post = (more: object) => ({ post: { id: 'p_1', slug: SLUG, url: URL_, status: 'published', ...more } });

type Expected = { readonly live: string } | 'unreadable' | 'draft';

const ANSWERS: readonly (readonly [name: string, result: object, expected: Expected])[] = [
  ['the post under a key, as in the incident', structured(post({})), { live: 'p_1' }],
  ['a number for an id', structured(post({ id: 17 })), { live: '17' }],
  [
    'flat, with the words of WordPress',
    structured({ id: 5, slug: SLUG, link: URL_, status: 'publish' }),
    { live: '5' },
  ],
  ['an address in the place of an id', structured({ url: URL_, slug: SLUG }), { live: URL_ }],
  ['an address alone', structured({ url: URL_ }), 'unreadable'],
  ['JSON in a text', asText(post({})), { live: 'p_1' }],
  ['JSON in the second text', { content: [...text('Done.').content, ...asText(post({})).content] }, { live: 'p_1' }],
  ['JSON in the middle of a text', text(`Published! ${JSON.stringify(post({}))}`), 'unreadable'],
  ['JSON fenced as code', text(`\`\`\`json\n${JSON.stringify(post({}))}\n\`\`\``), 'unreadable'],
  ['a list of one', asText([{ id: 'p_1', slug: SLUG }]), { live: 'p_1' }],
  ['a status of another case', structured(post({ status: 'Published' })), { live: 'p_1' }],
  ['a draft', structured(post({ status: 'draft' })), 'draft'],
  ['a page that waits for review', structured(post({ status: 'Pending review' })), 'draft'],
  ['a status that nobody knows', structured(post({ status: 'ok' })), 'unreadable'],
  ['a status of null', structured(post({ status: null })), 'unreadable'],
  ['true for published', structured({ page: { id: 9, slug: SLUG, published: true } }), { live: '9' }],
  ['false for published', structured({ page: { id: 9, slug: SLUG, published: false } }), 'draft'],
  ['an id of null beside an address', structured(post({ id: null })), { live: URL_ }],
  ['a slug of null', structured(post({ slug: null })), 'unreadable'],
  ['nothing but nulls', structured({ post: { id: null, slug: null, url: null, status: null } }), 'unreadable'],
  ['a post of null', structured({ post: null }), 'unreadable'],
  [
    'text wrapped as a result',
    { ...asText(post({})), structuredContent: { result: JSON.stringify(post({})) } },
    { live: 'p_1' },
  ],
  ['a number beyond 2^53', structured({ id: 2 ** 53, slug: SLUG, status: 'publish' }), 'unreadable'],
  ['digits beyond 2^53', structured(post({ id: '9007199254740993' })), { live: '9007199254740993' }],
  ['no content', { content: [] }, 'unreadable'],
  ['prose', text(`Post published: ${URL_}`), 'unreadable'],
  ['no more than success', structured({ success: true }), 'unreadable'],
  ['a path for a slug', structured(post({ slug: `/blog/${SLUG}` })), 'unreadable'],
  ['a link to a resource', { content: [{ type: 'resource_link', uri: URL_, name: SLUG }] }, 'unreadable'],
  ['a list in the place of an object', structured({ post: [post({}).post] }), 'unreadable'],
];

let raw: RawServer;
let facts: SiteSession;
let grant: Grant;
beforeAll(async () => {
  raw = await startRawServer();
  const publishing = {
    create: {
      tool: 'create_post',
      arguments: { title: '{title}', slug: '{slug}', html: '{html}', key: '{idempotency_key}' },
    },
    lookup: { tool: 'get_post', arguments: { slug: '{slug}' }, found: null },
    answers: SHAPES,
  };
  facts = { policy: serverPolicy(overHttp(raw.url), { publishing }) };
  grant = await allowed(facts);
});
afterAll(() => raw.close());

describe('the answer of a tool that creates', () => {
  test.each(ANSWERS)('%s', async (_name, result, expected) => {
    raw.calls.length = 0;
    raw.onCall = (_call, reply) => reply.result(result);
    const session = siteSession({ ...facts, grant });
    const reading = readAs(await session.sendCreate(adapter), session);
    await session.close();
    if (typeof expected === 'object') {
      expect(reading).toMatchObject({ kind: 'live', platformPostId: expected.live });
    } else {
      const word = expected === 'draft' ? 'as a draft' : 'unreadable';
      expect(reading).toMatchObject({
        kind: 'unclear',
        cause: { code: 'unknown', externalText: expect.stringContaining(word) },
      });
    }
    expect(raw.calls).toHaveLength(1);
  });
});

describe('the answer of a tool that looks up', () => {
  test.each(ANSWERS)('%s', async (_name, result, expected) => {
    raw.onCall = (_call, reply) => reply.result(result);
    const session = siteSession({ ...facts, grant });
    const asked = adapter.pages?.standingAt(session, SLUG) ?? Promise.resolve([]);
    if (expected === 'unreadable') {
      const error = await asked.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StepUnanswered);
      expect(error).toMatchObject({ message: expect.stringContaining('unreadable') });
    } else {
      const status = expected === 'draft' ? 'draft' : 'published';
      expect(await asked).toMatchObject([
        { slug: SLUG, status, ...(status === 'draft' ? {} : { id: Object(expected).live }) },
      ]);
    }
    await session.close();
  });
});

describe('whether there is a page at all', () => {
  type Told = 'none' | 'page' | 'unreadable';
  const page = post({}).post;
  const FOUND: readonly (readonly [pointer: string | null, answer: object, told: Told])[] = [
    ['/found', structured({ found: false }), 'none'],
    ['/found', structured({ found: true, post: page }), 'page'],
    ['/found', structured({ found: true, post: null }), 'unreadable'],
    ['/found', structured({ post: page }), 'unreadable'],
    ['/found', structured({ found: 'no' }), 'unreadable'],
    ['/found', structured({}), 'unreadable'],
    ['/found', structured({ found: false, error: 'the database is away' }), 'unreadable'],
    ['/post', structured({ post: null }), 'none'],
    ['/post', structured({ post: page }), 'page'],
    ['/total', structured({ total: 0 }), 'none'],
    ['/total', structured({ total: 1, post: page }), 'page'],
    ['/total', structured({ total: 2, post: page }), 'unreadable'],
    [null, asText([]), 'none'],
    [null, asText(null), 'none'],
    [null, asText([page, page]), 'unreadable'],
    [null, structured({}), 'unreadable'],
    [null, text('Not found'), 'unreadable'],
    [null, { ...text('Post not found'), isError: true }, 'unreadable'],
    [null, { ...structured({ found: false }), isError: true }, 'unreadable'],
  ];
  test.each(FOUND)('asked at %s: %j is told as %s', async (found, answer, told) => {
    raw.onCall = (_call, reply) => reply.result(answer);
    const { publishing } = facts.policy;
    const lookup = { tool: 'get_post', arguments: { slug: '{slug}' }, found };
    const policy = { ...facts.policy, publishing: publishing && { ...publishing, lookup } };
    const session = siteSession({ policy, grant });
    const asked = await adapter.pages?.standingAt(session, SLUG).then(
      (pages) => (pages.length === 0 ? 'none' : 'page'),
      (error: unknown) => (String(error).includes('unreadable') ? 'unreadable' : error),
    );
    expect(asked).toBe(told);
    await session.close();
  });
});
