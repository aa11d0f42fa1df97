// Asking X what is true after an answer was lost: the timeline is read until it proves something, or nothing is said at all.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Look } from '../../../src/platforms/create-and-look.ts';
import { adapter } from '../../../src/platforms/x/adapter.ts';
import { createCall } from '../../../src/platforms/x/create.ts';
import type { AccountCard, NewFault } from '../../../src/sandbox/control.ts';
import type { AdapterSession } from '../../harness/adapter-session.ts';
import { post } from './facts.ts';
import { openXStage, sentNow, type XStage } from './x-stage.ts';

let stage: XStage;
beforeAll(async () => {
  stage = await openXStage();
});
afterAll(() => stage.close());

async function createWith(session: AdapterSession, card: AccountCard, fault: NewFault['fault'] | null) {
  if (fault) await stage.control.addFault({ platform: 'x', account: card.id, call: 'create_post', fault });
  const { markers } = adapter.create(session);
  const intent = sentNow(session, markers);
  const exchange = await session.sendCreate(adapter);
  return { intent, exchange };
}

async function liveIds(card: AccountCard): Promise<string[]> {
  return (await stage.control.live({ platform: 'x', account: card.id })).map(({ id }) => id);
}

const found = (id: string | undefined) => ({
  kind: 'live',
  platformPostId: id,
  url: `https://x.com/i/web/status/${id}`,
});

const MISSING = { kind: 'missing', coverage: { kind: 'whole_list' } };

const LOST: readonly (readonly [name: string, fault: NewFault['fault']])[] = [
  ['hung', { kind: 'commit_then_hang' }],
  ['was reset', { kind: 'commit_then_reset' }],
  ['was cut off', { kind: 'commit_then_truncate' }],
  ['was a 503', { kind: 'commit_then_status', status: 503 }],
  ['was garbage', { kind: 'commit_then_garbage' }],
  ['came too late', { kind: 'commit_then_slow', ms: 2_000 }],
  ['was a duplicate refusal that lied', { kind: 'lying_refusal' }],
];

test.concurrent.each(LOST)('a post whose answer %s is found', async (_name, fault) => {
  const card = await stage.newAccount();
  const published = post('Read <this> & https://example.com/a?b=1&c=2 or example.com/d – it’s cafe\u0301');
  const session = stage.session({ card, post: published, timeoutMs: 1_000 });
  const { intent, exchange } = await createWith(session, card, fault);
  if (exchange.kind === 'answer') expect(adapter.readCreate(exchange, session)).toMatchObject({ kind: 'unclear' });
  const [id] = await liveIds(card);
  expect(await adapter.look(session, intent)).toEqual(found(id));
});

test("a post is found although our clock runs a minute and a half ahead of X's", async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello from the future'), timeoutMs: 1_000 });
  const { intent } = await createWith(session, card, { kind: 'commit_then_reset' });
  const ahead = (at: Date) => new Date(at.getTime() + 90_000);
  const asWeSawIt = { ...intent, sentAt: ahead(intent.sentAt), sendDeadline: ahead(intent.sendDeadline) };
  const [id] = await liveIds(card);
  expect(await adapter.look(session, asWeSawIt)).toEqual(found(id));
});

test.each([
  ['was refused before it took effect', { kind: 'reset_before' }],
  ['was answered by a gateway', { kind: 'html_error' }],
] as const)('a post that %s is missing', async (_name, fault) => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, fault);
  expect(await adapter.look(session, intent)).toEqual(MISSING);
});

test('a post that the timeline hides is missing until it shows', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, { kind: 'hidden_from_list', ms: 600_000 });
  expect(await adapter.look(session, intent)).toEqual(MISSING);
  await stage.control.shiftClock(600_001);
  const [id] = await liveIds(card);
  expect(await adapter.look(session, intent)).toEqual(found(id));
  await stage.control.shiftClock(0);
});

test('a reply is looked for among the replies', async () => {
  const card = await stage.newAccount();
  await createWith(stage.session({ card, post: post('First') }), card, null);
  const [replyToPostId = ''] = await liveIds(card);
  const session = stage.session({ card, post: post('Second', [], { replyToPostId }) });
  const { intent } = await createWith(session, card, { kind: 'commit_then_reset' });
  expect(await adapter.look(session, intent)).toEqual(found((await liveIds(card))[1]));
});

test('a timeline is asked for whole: nothing excluded, from its newest post, a few posts first', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const asked: URLSearchParams[] = [];
  const call: AdapterSession['call'] = (request) => {
    asked.push(new URL(request.url).searchParams);
    return session.call(request);
  };
  for (let count = 0; count < 12; count += 1) {
    await stage.session({ card, post: post(`Earlier ${count}`) }).sendCreate(adapter);
  }
  expect(await look({ ...session, call })).toEqual(MISSING);
  expect(asked.map((query) => query.get('max_results'))).toEqual(['10', '100']);
  const fields = ['created_at', 'text', 'attachments', 'entities', 'note_tweet', 'referenced_tweets'];
  for (const query of asked) {
    expect((query.get('tweet.fields') ?? '').split(',')).toEqual(expect.arrayContaining(fields));
    for (const name of ['exclude', 'start_time', 'end_time', 'since_id']) expect(query.has(name)).toBe(false);
  }
});

test('a post below a hundred newer ones is found on a later page', async () => {
  const card = await stage.newAccount({ settings: { quota: 'unlimited' } });
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, { kind: 'commit_then_reset' });
  for (let count = 0; count < 120; count += 1) {
    await stage.session({ card, post: post(`Later ${count}`) }).sendCreate(adapter);
  }
  const [id] = await liveIds(card);
  expect(await adapter.look(session, intent)).toEqual(found(id));
  expect((await stage.control.calls({ account: card.id, call: 'timeline' })).length).toBe(3);
});

test('of two posts with our text the older is ours, unless another schedule has it', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, null);
  await createWith(session, card, null);
  const [older, newer] = await liveIds(card);
  expect(await adapter.look(session, intent)).toEqual(found(older));
  const taken = { ...intent, takenPostIds: new Set([older ?? '']) };
  expect(await adapter.look(session, taken)).toEqual(found(newer));
});

test('a post that was taken down is missing', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, null);
  await stage.control.takeDown('x', (await liveIds(card))[0] ?? '');
  expect(await adapter.look(session, intent)).toEqual(MISSING);
});

const iso = (at: number) => new Date(at).toISOString();
const snowflake = (at: number) => ((BigInt(at) - 1_288_834_974_657n) << 22n).toString();

/** A page of other posts, one a minute, the newest `newestMin` minutes ago. */
function pageOf(count: number, newestMin = 0, more: object = {}) {
  const data = Array.from({ length: count }, (_, index) => {
    const at = Date.now() - (newestMin + index) * 60_000;
    return { id: snowflake(at), text: `Another post, number ${newestMin + index}`, created_at: iso(at), ...more };
  });
  return { data, meta: { result_count: count } };
}

/** X's timeline, page by page, whatever the account has. */
async function timelineOf(card: AccountCard, ...pages: readonly object[]): Promise<void> {
  for (const body of pages) {
    const fault = { kind: 'refuse_before', status: 200, body } as const;
    await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault });
  }
}

async function lookAt(...pages: readonly object[]): Promise<Look> {
  const card = await stage.newAccount({ settings: { quota: 'unlimited' } });
  await timelineOf(card, ...pages);
  return await look(stage.session({ card, post: post('Hello') }));
}

const goesOn = <Page extends { meta: object }>(page: Page) => ({
  ...page,
  meta: { ...page.meta, next_token: '7140x' },
});

test('a page that ends before the create can have left covers the window, and nothing more is read', async () => {
  const found = await lookAt(goesOn(pageOf(10)));
  const backTo = found.kind === 'missing' && found.coverage.kind === 'back_to' ? found.coverage.at.getTime() : 0;
  expect(Math.abs(Date.now() - 9 * 60_000 - backTo)).toBeLessThan(5_000);
});

const FULL_HISTORY = [
  goesOn(pageOf(10, -3_400)),
  ...Array.from({ length: 32 }, (_, n) => goesOn(pageOf(100, -3_390 + n * 100))),
];

const NO_PROOF: readonly (readonly [name: string, why: RegExp, pages: readonly object[]])[] = [
  ['ends where X may cut it off', /ended after 1710 posts/, [...FULL_HISTORY.slice(0, 17), pageOf(100, -1_790)]],
  ['goes on without an end', /did not end/, FULL_HISTORY],
  ['promises another page and shows nothing on it', /promised/, [goesOn(pageOf(1)), { meta: { result_count: 0 } }]],
  ['carries errors beside its posts', /could not fetch/, [{ ...pageOf(10), errors: [{ title: 'Not hydrated' }] }]],
  [
    'carries errors and no posts',
    /could not fetch/,
    [{ meta: { result_count: 0 }, errors: [{ title: 'Unavailable' }] }],
  ],
  [
    'carries errors on a later page',
    /could not fetch/,
    [goesOn(pageOf(1)), { ...pageOf(10, 1), errors: [{ title: 'Unavailable' }] }],
  ],
  ['lacks its dates', /lacks fields/, [pageOf(10, 0, { created_at: undefined })]],
  ['has null for its dates', /lacks fields/, [pageOf(10, 0, { created_at: null })]],
  [
    'lacks a text of long ago',
    /lacks fields/,
    [{ ...pageOf(10), data: [...pageOf(9).data, ...pageOf(1, 9, { text: null }).data] }],
  ],
  ['is not in the order of time', /order of time/, [{ ...pageOf(3), data: pageOf(3).data.toReversed() }]],
  ['shows newer posts on an older page', /order of time/, [goesOn(pageOf(1, 1)), pageOf(10, 0)]],
];

test.concurrent.each(NO_PROOF)('a timeline that %s proves nothing absent', async (_name, why, pages) => {
  const expected = { name: 'StepUnanswered', stage: 'reconcile', message: expect.stringMatching(why) };
  await expect(lookAt(...pages)).rejects.toMatchObject(expected);
});

test("one post's nulls do not blind the look", async () => {
  const nulls = {
    attachments: { media_keys: null },
    entities: { urls: null },
    note_tweet: null,
    referenced_tweets: null,
  };
  const urls = [{ url: null, expanded_url: null, media_key: null }];
  await expect(lookAt(pageOf(10, 0, nulls))).resolves.toMatchObject({ kind: 'missing' });
  await expect(lookAt(pageOf(10, 0, { entities: { urls } }))).resolves.toMatchObject({ kind: 'missing' });
});

test('a 404 that outlasts the tries, and a 400 for what we asked, leave the timeline unread', async () => {
  for (const preset of ['resource_not_found', 'invalid_parameter']) {
    const card = await stage.newAccount();
    const fault = { kind: 'refuse_before', preset } as const;
    await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault, times: 3 });
    const session = stage.session({ card, post: post('Hello') });
    await expect(look(session)).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'reconcile' });
    expect(await look(session)).toEqual(MISSING);
  }
});

test('a canned reply does not adopt the same words under another post', async () => {
  const card = await stage.newAccount();
  for (const text of ['Post A', 'Post B']) await createWith(stage.session({ card, post: post(text) }), card, null);
  const [a = '', b = ''] = await liveIds(card);
  const toA = stage.session({ card, post: post('Thank you!', [], { replyToPostId: a }) });
  const toB = stage.session({ card, post: post('Thank you!', [], { replyToPostId: b }) });
  const lost = await createWith(toA, card, { kind: 'reset_before' });
  const live = await createWith(toB, card, { kind: 'commit_then_reset' });
  expect(await adapter.look(toA, lost.intent)).toEqual(MISSING);
  expect(await adapter.look(toB, live.intent)).toEqual(found((await liveIds(card))[2]));
});

test.each(['field-hydration-failure', 'resource-unavailable'])(
  'a timeline with a %s calls nothing absent',
  async (partial) => {
    const card = await stage.newAccount({ settings: { partial } });
    const session = stage.session({ card, post: post('Hello') });
    const { intent } = await createWith(session, card, { kind: 'reset_before' });
    await stage.session({ card, post: post('Another') }).sendCreate(adapter);
    await expect(adapter.look(session, intent)).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'reconcile' });
  },
);

test("a timeline under X's newer names is read alike, and one that refuses the old ones is unread", async () => {
  const text = 'word '.repeat(80).trim();
  for (const names of ['old', 'mixed', 'new']) {
    const card = await stage.newAccount({ settings: { names, maxTextWeight: 25_000 } });
    await createWith(stage.session({ card, post: post('First') }), card, null);
    const [replyToPostId = ''] = await liveIds(card);
    const session = stage.session({ card, post: post(text, [], { replyToPostId }) });
    const { intent } = await createWith(session, card, { kind: 'commit_then_reset' });
    const seen = adapter.look(session, intent);
    if (names === 'new') await expect(seen).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'reconcile' });
    else expect(await seen).toEqual(found((await liveIds(card))[1]));
  }
});

test('a post that was edited before anybody looked is neither found nor absent, whatever it says now', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, { kind: 'commit_then_reset' });
  const [first] = await liveIds(card);
  const body = JSON.stringify({ text: 'Goodbye', edit_options: { previous_post_id: first } });
  const { request } = createCall(session);
  expect(await session.call({ ...request, body })).toMatchObject({ status: 201 });
  await expect(adapter.look(session, intent)).rejects.toMatchObject({ name: 'StepUnanswered' });
});

const UNREADABLE: readonly (readonly [name: string, fault: NewFault['fault']])[] = [
  ['does not answer', { kind: 'hang_before' }],
  ['answers 500', { kind: 'html_error', status: 500 }],
  ['answers garbage', { kind: 'commit_then_garbage' }],
  ['answers errors only', { kind: 'refuse_before', status: 200, body: { errors: [{ detail: 'x' }] } }],
  ['counts a post it does not show', { kind: 'refuse_before', status: 200, body: { meta: { result_count: 1 } } }],
  ['answers nothing', { kind: 'refuse_before', status: 200 }],
  ['is redirected', { kind: 'redirect' }],
  ['is refused by some page in between', { kind: 'html_error', status: 403 }],
];

test.concurrent.each(UNREADABLE)('a timeline that %s is unanswered, never "missing"', async (_name, fault) => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello'), timeoutMs: 300 });
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault, times: null });
  await expect(look(session)).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'reconcile' });
});

test.each([
  ['expired token', { kind: 'unauthorized' }, 'auth_expired'],
  ['throttling', { kind: 'rate_limited' }, 'rate_limited'],
  ['lack of permission', { kind: 'refuse_before', preset: 'forbidden' }, 'permissions_missing'],
] as const)('a timeline refused for %s refuses the look', async (_name, fault, code) => {
  const card = await stage.newAccount();
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault });
  const session = stage.session({ card, post: post('Hello') });
  await expect(look(session)).rejects.toMatchObject({ name: 'StepRefused', cause: { code, stage: 'reconcile' } });
});

test('a timeline refused for a lack of credits is an error of our app, and no answer', async () => {
  const card = await stage.newAccount();
  const fault = { kind: 'refuse_before', preset: 'credits_depleted' } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault });
  const session = stage.session({ card, post: post('Hello') });
  await expect(look(session)).rejects.toMatchObject({ name: 'AppFault', stage: 'reconcile' });
  expect(await look(session)).toEqual(MISSING);
});

test('a grant that is seconds old is not called expired by a look for one 401', async () => {
  const card = await stage.newAccount();
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault: { kind: 'unauthorized' } });
  const session = { ...stage.session({ card, post: post('Hello') }), grantSavedAt: new Date() };
  expect(await look(session)).toEqual(MISSING);
});

test('a timeline that recovers within the tries is read', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, null);
  const fault = { kind: 'html_error', status: 502 } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault, times: 2 });
  expect(await adapter.look(session, intent)).toEqual(found((await liveIds(card))[0]));
});

function look(session: AdapterSession): Promise<Look> {
  return adapter.look(session, sentNow(session, adapter.create(session).markers));
}
