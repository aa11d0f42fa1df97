// Asking X what is true after an answer was lost: the timeline is read to its end, or nothing is said at all.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Look } from '../../../src/platforms/contract.ts';
import { adapter } from '../../../src/platforms/x/adapter.ts';
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
  expect(await adapter.look(session, intent)).toEqual({ kind: 'missing' });
});

test('a post that the timeline hides is missing until it shows', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello') });
  const { intent } = await createWith(session, card, { kind: 'hidden_from_list', ms: 600_000 });
  expect(await adapter.look(session, intent)).toEqual({ kind: 'missing' });
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

test('a text that begins with a mention is looked for among the replies too, since X may count it as one', async () => {
  const card = await stage.newAccount();
  const asked: string[] = [];
  for (const text of ['@bob look', 'Look @bob']) {
    const session = stage.session({ card, post: post(text) });
    const call: AdapterSession['call'] = (request) => {
      asked.push(new URL(request.url).searchParams.get('exclude') ?? '');
      return session.call(request);
    };
    expect(await look({ ...session, call })).toEqual({ kind: 'missing' });
  }
  expect(asked).toEqual(['retweets', 'retweets,replies']);
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
  expect((await stage.control.calls({ account: card.id, call: 'timeline' })).length).toBe(2);
});

test('of two posts with our text the older is ours, unless another schedule has it', async () => {
  const card = await stage.newAccount({ settings: { duplicateWindowMs: 0 } });
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
  expect(await adapter.look(session, intent)).toEqual({ kind: 'missing' });
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
  ['lack of credits', { kind: 'refuse_before', preset: 'credits_depleted' }, 'permissions_missing'],
] as const)('a timeline refused for %s refuses the look', async (_name, fault, code) => {
  const card = await stage.newAccount();
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'timeline', fault });
  const session = stage.session({ card, post: post('Hello') });
  await expect(look(session)).rejects.toMatchObject({ name: 'StepRefused', cause: { code, stage: 'reconcile' } });
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
