// Publishing on the sandbox's Instagram: every kind of post goes live once, and every answer that is lost is found
// again by looking, never by publishing again. The sandbox's own record is the judge.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adapter } from '../../../src/platforms/instagram/adapter.ts';
import type { NewFault } from '../../../src/sandbox/control.ts';
import type { Situation } from './open-session.ts';
import { openPublish, openSandbox, type Publish, type Sandboxed, sample } from './sandbox-account.ts';

let sandbox: Sandboxed;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.close());

const open: Publish[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ session }) => session.close()));
});

async function publish(situation: Situation = {}, settings: Record<string, unknown> = {}): Promise<Publish> {
  const started = openPublish(sandbox, await sandbox.account(settings), situation);
  open.push(started);
  return started;
}

describe('a post goes live', () => {
  it('as a picture, with its caption and alternative text', async () => {
    const post = await publish({
      media: [{ ...sample(sandbox.url, 'jpg'), altText: 'The sun' }],
      text: 'Grüße\n#früh',
    });
    expect(await post.prepare()).toBe('prepared');
    const reading = await post.send();
    const [live, ...others] = await post.live();
    expect(others).toEqual([]);
    expect(live).toMatchObject({ text: 'Grüße\n#früh', media: [{ kind: 'image', altText: 'The sun' }] });
    expect(reading).toEqual({ kind: 'live', platformPostId: live?.id });
    expect(await adapter.link?.(post.session, live?.id ?? '')).toBe(live?.url);
  });

  it('as a reel', async () => {
    const post = await publish({ media: [sample(sandbox.url, 'mp4')], options: { shareToFeed: true } });
    expect(await post.prepare()).toBe('prepared');
    expect(await post.send()).toMatchObject({ kind: 'live' });
    expect((await post.live()).map(({ media }) => media.map(({ kind }) => kind))).toEqual([['reel']]);
  });

  it('as a bundle of pictures and videos, in order', async () => {
    const media = [sample(sandbox.url, 'jpg', '1'), sample(sandbox.url, 'mp4', '2'), sample(sandbox.url, 'jpg', '3')];
    const post = await publish({ media });
    expect(await post.prepare()).toBe('prepared');
    expect(await post.send()).toMatchObject({ kind: 'live' });
    const [live] = await post.live();
    expect(live?.media.map(({ kind, key }) => [kind, key])).toEqual([
      ['image', media[0]?.url],
      ['video', media[1]?.url],
      ['image', media[2]?.url],
    ]);
  });

  it('prepared twice makes nothing twice', async () => {
    const post = await publish();
    await post.prepare();
    await post.prepare();
    const calls = await sandbox.control.calls({ account: post.session.account.remoteId, call: 'create_container' });
    expect(calls.length).toBe(1);
    expect(await post.live()).toEqual([]);
  });

  it('an address that no longer exists has no link, and fails nothing', async () => {
    const post = await publish();
    expect(await adapter.link?.(post.session, '17900000000000000')).toBe(null);
  });
});

type Row = readonly [what: string, fault: NewFault['fault'], told: string, live: number, looked: string];

const GRID: readonly Row[] = [
  ['committed, then hangs', { kind: 'commit_then_hang' }, 'no_answer', 1, 'live'],
  ['committed, then resets', { kind: 'commit_then_reset' }, 'no_answer', 1, 'live'],
  ['committed, then answers 500', { kind: 'commit_then_status', status: 500 }, 'answered 500', 1, 'live'],
  [
    'committed, then 502 as a page',
    { kind: 'commit_then_status', status: 502, form: 'html' },
    'answered 502',
    1,
    'live',
  ],
  ['committed, then 503, empty', { kind: 'commit_then_status', status: 503, form: 'empty' }, 'answered 503', 1, 'live'],
  ['committed, then answers garbage', { kind: 'commit_then_garbage' }, 'unclear', 1, 'live'],
  ['committed, then cuts its answer', { kind: 'commit_then_truncate' }, 'no_answer', 1, 'live'],
  ['committed, then answers too late', { kind: 'commit_then_slow', ms: 800 }, 'no_answer', 1, 'live'],
  ['committed, and calls it spam', { kind: 'lying_refusal' }, 'unclear', 1, 'live'],
  ['committed, and calls it a duplicate', { kind: 'lying_refusal', preset: 'duplicate' }, 'unclear', 1, 'live'],
  [
    'committed, and calls it a server error',
    { kind: 'lying_refusal', preset: 'instagram_server_error' },
    'unclear',
    1,
    'live',
  ],
  ['committed, and calls the container unready', { kind: 'lying_refusal', preset: 'not_ready' }, 'unclear', 1, 'live'],
  ['committed, and calls the container gone', { kind: 'lying_refusal', preset: 'not_found' }, 'unclear', 1, 'live'],
  [
    'committed, and calls the object missing',
    { kind: 'lying_refusal', preset: 'object_missing' },
    'unclear',
    1,
    'live',
  ],
  ['reset before it was read', { kind: 'reset_before' }, 'no_answer', 0, 'missing'],
  ['never answered', { kind: 'hang_before' }, 'no_answer', 0, 'missing'],
  ['answered by the edge', { kind: 'html_error', status: 502 }, 'answered 502', 0, 'missing'],
  ['redirected', { kind: 'redirect' }, 'unclear', 0, 'missing'],
  ['called spam', { kind: 'refuse_before', preset: 'spam_block' }, 'unclear', 0, 'missing'],
  ['called a duplicate', { kind: 'duplicate_refusal' }, 'unclear', 0, 'missing'],
  ['called too early', { kind: 'refuse_before', preset: 'not_ready' }, 'unclear', 0, 'missing'],
  ['refused for its token', { kind: 'unauthorized' }, 'refused', 0, 'missing'],
  ['refused for an expired token', { kind: 'refuse_before', preset: 'token_expired' }, 'refused', 0, 'missing'],
  ['throttled', { kind: 'rate_limited' }, 'refused', 0, 'missing'],
  ['refused for its daily quota', { kind: 'refuse_before', preset: 'quota_used_up' }, 'refused', 0, 'missing'],
  ['refused for its caption', { kind: 'refuse_before', preset: 'caption_too_long' }, 'refused', 0, 'missing'],
];

describe('the publish call that went wrong', () => {
  for (const [what, fault, told, live, looked] of GRID) {
    it(`${what}: ${told}, and a look says ${looked}`, async () => {
      const post = await publish();
      await post.prepare();
      await post.fault('publish', fault);
      const reading = await post.send();
      const judged = await post.live();
      const found = await post.look();
      expect([reading.kind, judged.length, found.kind]).toEqual([told, live, looked]);
      if (found.kind === 'live') expect(found).toMatchObject({ platformPostId: judged[0]?.id, url: judged[0]?.url });
    });
  }

  it('leaves nothing to do when it took effect long after its sender was gone', async () => {
    const post = await publish();
    await post.prepare();
    await post.fault('publish', { kind: 'commit_later', ms: 900 });
    expect((await post.send()).kind).toBe('no_answer');
    expect((await post.look()).kind).toBe('missing');
    await expect.poll(async () => (await post.live()).length, { timeout: 120_000 }).toBe(1);
    expect((await post.look()).kind).toBe('live');
    expect(await post.prepare()).toBe('already live');
    expect((await post.live()).length).toBe(1);
  });

  it('too early is published by the next try, from the same container', async () => {
    const post = await publish({}, { publishLagMs: 300 });
    await post.prepare();
    const first = await post.send();
    expect(first).toMatchObject({ kind: 'unclear', cause: { code: 'child_processing_timeout' } });
    expect('ifAbsent' in first).toBe(false);
    expect((await post.look()).kind).toBe('missing');
    const again = async () => [await post.prepare(), (await post.send()).kind];
    await expect.poll(again, { timeout: 120_000 }).toEqual(['prepared', 'live']);
    const made = await sandbox.control.calls({ account: post.session.account.remoteId, call: 'create_container' });
    expect([made.length, (await post.live()).length]).toEqual([1, 1]);
  });
});

describe('lists and statuses that lag', () => {
  it('a published container whose post is not listed yet is not missing', async () => {
    const post = await publish({}, { listDelayMs: 'forever' });
    await post.prepare();
    await post.send();
    expect((await post.look()).kind).toBe('unanswered');
  });

  it('a container that still says FINISHED beside a post just like it is not believed', async () => {
    const post = await publish({}, { statusLagMs: 600 });
    await post.prepare();
    await post.fault('publish', { kind: 'commit_then_reset' });
    await post.send();
    expect((await post.look()).kind).toBe('unanswered');
    await expect.poll(async () => (await post.look()).kind, { timeout: 120_000 }).toBe('live');
  });

  it('two posts alike on one account are never taken for each other', async () => {
    const card = await sandbox.account();
    const [first, second] = [openPublish(sandbox, card), openPublish(sandbox, card)];
    open.push(first, second);
    await first.prepare();
    await second.prepare();
    await first.fault('publish', { kind: 'commit_then_reset' });
    await first.send();
    await second.fault('publish', { kind: 'reset_before' });
    await second.send();
    expect((await second.look()).kind).toBe('unanswered');
    const [live] = await first.live();
    expect(await first.look()).toMatchObject({ kind: 'live', platformPostId: live?.id });
    expect((await second.look([live?.id ?? ''])).kind).toBe('missing');
  });

  it('a post among many is found behind them', async () => {
    const card = await sandbox.account({ quota: 'unlimited' });
    const ours = openPublish(sandbox, card, { text: 'The first' });
    open.push(ours);
    await ours.prepare();
    await ours.fault('publish', { kind: 'commit_then_reset' });
    await ours.send();
    for (let index = 0; index < 30; index += 1) {
      const other = openPublish(sandbox, card, { text: `Another ${index}` });
      open.push(other);
      await other.prepare();
      await other.send();
    }
    expect((await ours.look()).kind).toBe('live');
  });
});

describe('a container that is gone leaves the answer to the list', () => {
  /** The post did not go live; a stranger's post stands in the list before it, and one in its time. */
  async function lookedAt(settings: Record<string, unknown>, text = 'Good morning') {
    const card = await sandbox.account({ quota: 'unlimited', ...settings });
    const others = ['Yesterday’s harbour', 'The market at noon'].map((other) =>
      openPublish(sandbox, card, { text: other }),
    );
    const ours = openPublish(sandbox, card, { text });
    open.push(...others, ours);
    for (const other of others) {
      await other.prepare();
      await other.send();
    }
    await ours.prepare();
    await ours.fault('publish', { kind: 'reset_before' });
    await ours.send();
    await ours.fault('container_status', { kind: 'refuse_before', preset: 'not_found' });
    return ours.look();
  }

  it('which was read to its true end: absent', async () => {
    expect(await lookedAt({})).toEqual({ kind: 'missing', coverage: { kind: 'whole_list' } });
  });

  it.each(['empty_end', 'no_cursor', 'no_timestamp', 'no_caption'])(
    'which was cut without a word (%s): nothing is known',
    async (listFault) => {
      expect((await lookedAt({ listFault })).kind).toBe('unanswered');
    },
  );

  it('which shows a caption nearly ours: nothing is known', async () => {
    expect((await lookedAt({}, 'THE MARKET, at noon!')).kind).toBe('unanswered');
  });

  it('which is empty though the account has media: nothing is known', async () => {
    expect((await lookedAt({ listDelayMs: 'forever' })).kind).toBe('unanswered');
  });

  it('which shows our caption in a form of its own: live', async () => {
    const post = await publish({ text: 'Fish & chips < 3' }, { captions: 'rewritten' });
    await post.prepare();
    await post.fault('publish', { kind: 'commit_then_reset' });
    await post.send();
    await post.fault('container_status', { kind: 'refuse_before', preset: 'not_found' });
    expect((await post.look()).kind).toBe('live');
  });
});
