// Publishing text to a real PDS: live, once, with what a reader can click.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { adapter } from '../../../src/platforms/bluesky/adapter.ts';
import { StepUnanswered } from '../../../src/platforms/step-errors.ts';
import { before as beforePds, outage, rateLimited } from '../../pds/faults.ts';
import { xrpc } from '../../pds/test-calls.ts';
import { aPost } from './post-on-paper.ts';
import { afterCreate, ownerToken, publish, type RealPds, refusal, startRealPds } from './real-pds.ts';

let real: RealPds;
beforeAll(async () => {
  real = await startRealPds();
});
afterEach(() => real.reset());
afterAll(() => real.stop());

describe('a text', () => {
  test('goes live with its link, mention, hashtag and language', async () => {
    const text = 'Grüße an @alice.test: https://example.com #fest';
    const now = new Date('2026-06-02T07:30:00.125Z');
    const session = real.open(aPost({ scheduleId: 'text', text, options: { langs: ['de'] } }), { now });
    const reading = await publish(session);
    const [post] = await real.live(text);
    expect(reading).toEqual({
      kind: 'live',
      platformPostId: post?.uri,
      url: `https://bsky.app/profile/${real.alice.did}/post/${post?.uri.split('/').at(-1)}`,
    });
    expect(post?.value).toMatchObject({ langs: ['de'], createdAt: '2026-06-02T07:30:00.125Z' });
    expect(post?.value).toHaveProperty('facets.0.features.0.did', real.alice.did);
    expect(post?.value).toHaveProperty('facets.1.features.0.uri', 'https://example.com');
    expect(post?.value).toHaveProperty('facets.2.features.0.tag', 'fest');
  });

  test('of the longest kind goes live', async () => {
    const text = `${'é'.repeat(299)}!`;
    expect(await publish(real.open(aPost({ scheduleId: 'long', text })))).toMatchObject({ kind: 'live' });
  });

  test('sent five times at once is live once, and every answer says the same', async () => {
    const post = aPost({ scheduleId: 'five', text: 'five at once' });
    const again = afterCreate(real.open(post));
    const readings = await Promise.all([1, 2, 3, 4, 5].map(() => publish(real.open(again))));
    expect(await real.live('five at once')).toHaveLength(1);
    expect(new Set(readings.map((reading) => JSON.stringify(reading))).size).toBe(1);
    expect(readings[0]).toMatchObject({ kind: 'live' });
  });

  test('scheduled twice is two posts', async () => {
    for (const scheduleId of ['twice-1', 'twice-2']) await publish(real.open(aPost({ scheduleId, text: 'twice' })));
    expect(await real.live('twice')).toHaveLength(2);
  });
});

describe('a mention', () => {
  const resolve = 'com.atproto.identity.resolveHandle';

  test('of nobody stays text, and is not asked for again', async () => {
    const post = aPost({ scheduleId: 'nobody', text: 'hello @nobody.test' });
    const session = real.open(post);
    expect(await publish(session)).toMatchObject({ kind: 'live' });
    const asked = real.proxy.count(resolve).received;
    await publish(real.open(post, { saved: session.saved }));
    expect(real.proxy.count(resolve).received).toBe(asked);
    const [live] = await real.live('hello @nobody.test');
    expect(live?.value).not.toHaveProperty('facets');
  });

  test('keeps meaning whom it meant when the handle moves between two attempts', async () => {
    const bob = await real.pds.createAccount('bob.test');
    const post = aPost({ scheduleId: 'moved', text: 'hello @bob.test' });
    const first = real.open(post);
    await adapter.prepare(first);
    const token = await ownerToken(real.pds.url, bob);
    await xrpc(real.pds.url, 'com.atproto.identity.updateHandle', { handle: 'robert.test' }, token);
    const second = real.open(afterCreate(first), { saved: first.saved });
    await adapter.prepare(second);
    expect(adapter.create(second)).toEqual(adapter.create(first));
    expect(await publish(second)).toMatchObject({ kind: 'live' });
    expect((await real.live('hello @bob.test'))[0]?.value).toHaveProperty('facets.0.features.0.did', bob.did);
  });

  test('whose look-up is throttled holds up the reads of the account, and no create', async () => {
    real.proxy.setFault(resolve, beforePds(rateLimited(Math.ceil(Date.now() / 1_000) + 60)));
    const session = real.open(aPost({ scheduleId: 'throttled', text: 'hello @alice.test' }));
    expect(await refusal(adapter.prepare(session))).toMatchObject({ code: 'rate_limited', window: 'read' });
  });

  test('that cannot be looked up now is looked up later, and nothing is sent', async () => {
    real.proxy.setFault(resolve, beforePds(outage(502)), 3);
    await expect(adapter.prepare(real.open(aPost({ scheduleId: 'later', text: 'hello @alice.test' })))).rejects.toThrow(
      StepUnanswered,
    );
  });
});
