// After a create whose answer was lost: what a real PDS says, and that no second post can come of it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { adapter } from '../../../src/platforms/bluesky/adapter.ts';
import { StepUnanswered } from '../../../src/platforms/step-errors.ts';
import {
  afterCommit,
  arrivesLate,
  before as beforePds,
  type Fault,
  GARBAGE,
  HANG,
  type OwnEnding,
  outage,
  RESET,
  rateLimited,
  TRUNCATE,
  xrpcError,
} from '../../pds/faults.ts';
import { putPost } from '../../pds/test-calls.ts';
import { aPost } from './post-on-paper.ts';
import { afterCreate, publish, type RealPds, refusal, sentIntent, startRealPds } from './real-pds.ts';

const PUT = 'com.atproto.repo.putRecord';
const GET = 'com.atproto.repo.getRecord';

let real: RealPds;
beforeAll(async () => {
  real = await startRealPds();
});
afterEach(() => real.reset());
afterAll(() => real.stop());

type Row = readonly [name: string, fault: Fault, heard: string, live: 'live' | 'missing'];

/** What each fault of the create leaves behind. `heard` is what the adapter's caller learns from the call itself. */
const GRID: readonly Row[] = [
  ['hangs before the commit', beforePds(HANG), 'no_answer', 'missing'],
  ['resets before the commit', beforePds(RESET), 'no_answer', 'missing'],
  ['answers 500 before the commit', beforePds(outage(500)), 'answer 500', 'missing'],
  ['answers 502 before the commit', beforePds(outage(502)), 'answer 502', 'missing'],
  ['answers 503 before the commit', beforePds(outage(503)), 'answer 503', 'missing'],
  ['answers garbage before the commit', beforePds(GARBAGE), 'unclear', 'missing'],
  [
    'answers InvalidSwap before the commit',
    beforePds(xrpcError(400, 'InvalidSwap', 'Record was at bafyrei')),
    'unclear',
    'missing',
  ],
  ['hangs after the commit', afterCommit(HANG), 'no_answer', 'live'],
  ['resets after the commit', afterCommit(RESET), 'no_answer', 'live'],
  ['breaks off its answer', afterCommit(TRUNCATE), 'no_answer', 'live'],
  ['answers garbage after the commit', afterCommit(GARBAGE), 'unclear', 'live'],
  ['answers 500 after the commit', afterCommit(outage(500)), 'answer 500', 'live'],
  ['answers 504 after the commit', afterCommit(outage(504)), 'answer 504', 'live'],
  [
    'answers InvalidSwap after the commit',
    afterCommit(xrpcError(400, 'InvalidSwap', 'Record was at bafyrei')),
    'unclear',
    'live',
  ],
];

describe.each(GRID)('a create to a PDS that %s', (name, fault, heard, live) => {
  test(`is found ${live}, and sent again it is one post`, async () => {
    const post = aPost({ scheduleId: name.replaceAll(' ', '-'), text: `a PDS that ${name}` });
    const session = real.open(post, { timeoutMs: 1_000 });
    await adapter.prepare(session);
    real.proxy.setFault(PUT, fault);
    const exchange = await session.sendCreate(adapter);
    if (exchange.kind !== 'answer') expect(exchange.kind).toBe(heard);
    else if (exchange.status >= 500) expect(`answer ${exchange.status}`).toBe(heard);
    else expect(adapter.readCreate(exchange, session).kind).toBe(heard);
    expect(await adapter.look(session, sentIntent(session))).toMatchObject({ kind: live });
    expect(await publish(real.open(afterCreate(session)))).toMatchObject({ kind: 'live' });
    const posts = await real.live(post.content.text);
    expect(posts).toHaveLength(1);
    expect(await adapter.look(session, sentIntent(session))).toEqual({
      kind: 'live',
      platformPostId: posts[0]?.uri,
      url: `https://bsky.app/profile/${real.alice.did}/post/${posts[0]?.uri.split('/').at(-1)}`,
    });
  });
});

test('a create that arrives after the look said missing, and after its repeat, changes nothing', async () => {
  const post = aPost({ scheduleId: 'late', text: 'late' });
  const arrival = Promise.withResolvers<void>();
  const { fired } = real.proxy.setFault(
    PUT,
    arrivesLate(() => arrival.promise),
  );
  const first = real.open(post, { timeoutMs: 500 });
  expect(await publish(first)).toMatchObject({ kind: 'no_answer', reason: 'timeout' });
  expect(await adapter.look(first, sentIntent(first))).toEqual({ kind: 'missing', coverage: { kind: 'by_key' } });
  expect(await publish(real.open(afterCreate(first)))).toMatchObject({ kind: 'live' });
  arrival.resolve();
  await fired;
  expect(await real.live('late')).toHaveLength(1);
});

test('a PDS that was killed after the commit finds the post again', async () => {
  const post = aPost({ scheduleId: 'killed', text: 'killed' });
  const session = real.open(post, { timeoutMs: 500 });
  const { fired } = real.proxy.setFault(PUT, afterCommit(HANG));
  const sending = publish(session);
  await fired;
  await real.pds.kill();
  expect(await sending).toMatchObject({ kind: 'no_answer' });
  await expect(adapter.look(session, sentIntent(session))).rejects.toThrow(StepUnanswered);
  await real.pds.restart();
  expect(await adapter.look(session, sentIntent(session))).toMatchObject({ kind: 'live' });
  expect(await real.live('killed')).toHaveLength(1);
});

describe('a record under our key that is not ours', () => {
  async function taken(scheduleId: string) {
    const session = real.open(aPost({ scheduleId, text: 'ours' }));
    const rkey = String(adapter.create(session).markers.rkey);
    await putPost(real.pds.url, real.alice, rkey, `theirs, in the way of ${scheduleId}`);
    return session;
  }

  test('is never overwritten: the create is unclear, and a failure if nothing is there', async () => {
    const session = await taken('taken-1');
    expect(await publish(session)).toMatchObject({
      kind: 'unclear',
      cause: { code: 'publish_failed' },
      ifAbsent: { code: 'publish_failed', httpStatus: 400 },
    });
    expect(await real.live('theirs, in the way of taken-1')).toHaveLength(1);
    expect(await real.live('ours')).toEqual([]);
  });

  test('but an earlier version of the post is not adopted for this one, nor overwritten', async () => {
    const first = real.open(aPost({ scheduleId: 'edited', text: 'as it was' }));
    await publish(first);
    const edited = { ...afterCreate(first), content: { text: 'as it is now', media: [] } };
    const session = real.open(edited);
    expect(await publish(session)).toMatchObject({ kind: 'unclear', ifAbsent: { code: 'publish_failed' } });
    const cause = await refusal(adapter.look(session, sentIntent(session)));
    expect(cause.externalText).toContain('An earlier version of this post is live, at at://');
    expect(await real.live('as it is now')).toEqual([]);
    expect(await real.live('as it was')).toHaveLength(1);
  });

  test('is not adopted by a look', async () => {
    const session = await taken('taken-2');
    const cause = await refusal(adapter.look(session, sentIntent(session)));
    expect(cause).toMatchObject({ code: 'publish_failed', stage: 'reconcile' });
    expect(cause.externalText).toContain(`at://${real.alice.did}/app.bsky.feed.post/`);
  });
});

test('a post the ledger gives to another schedule is not adopted', async () => {
  const session = real.open(aPost({ scheduleId: 'claimed', text: 'claimed' }));
  const reading = await publish(session);
  const uri = reading.kind === 'live' ? reading.platformPostId : '';
  expect(await refusal(adapter.look(session, sentIntent(session, [uri])))).toMatchObject({ code: 'publish_failed' });
});

describe('a look that cannot be read is never "missing"', () => {
  const page = (status: number): OwnEnding => ({ kind: 'answer', status, headers: {}, body: '<html></html>' });

  test.each([
    ['hangs', beforePds(HANG)],
    ['resets', beforePds(RESET)],
    ['breaks off', afterCommit(TRUNCATE)],
    ['answers garbage', beforePds(GARBAGE)],
    ['is out of order', beforePds(outage(500))],
    ['has a broken gateway', beforePds(outage(502))],
  ])('when the PDS %s', async (_, fault) => {
    const session = real.open(aPost({ scheduleId: 'unread' }), { timeoutMs: 300 });
    real.proxy.setFault(GET, fault, 3);
    await expect(adapter.look(session, sentIntent(session))).rejects.toThrow(StepUnanswered);
  });

  test.each([
    ['a page that is not found', page(404)],
    ['a firewall', page(403)],
    ['a page of another kind', page(400)],
    ['a redirect', page(307)],
  ])('when the answer is %s, in nobody’s words', async (_, ending) => {
    const session = real.open(aPost({ scheduleId: 'unworded' }));
    real.proxy.setFault(GET, beforePds(ending), 3);
    await expect(adapter.look(session, sentIntent(session))).rejects.toThrow(StepUnanswered);
  });

  test.each([
    ['a name we do not know', xrpcError(400, 'RepoTakendown', 'Repo has been takendown'), 'unknown'],
    ['a bad request', xrpcError(400, 'InvalidRequest', 'Could not locate record'), 'unknown'],
    ['the right name under the wrong status', xrpcError(404, 'RecordNotFound', 'Could not locate record'), 'unknown'],
  ])('when the answer is %s', async (_, ending, code) => {
    const session = real.open(aPost({ scheduleId: 'refused' }));
    real.proxy.setFault(GET, beforePds(ending));
    expect(await refusal(adapter.look(session, sentIntent(session)))).toMatchObject({ code, stage: 'reconcile' });
  });

  test('when the PDS throttles, it names the end', async () => {
    const resetAt = Math.ceil(Date.now() / 1_000) + 60;
    const session = real.open(aPost({ scheduleId: 'throttled' }));
    real.proxy.setFault(GET, beforePds(rateLimited(resetAt)));
    const resumeAt = new Date(resetAt * 1_000).toISOString();
    expect(await refusal(adapter.look(session, sentIntent(session)))).toMatchObject({
      code: 'rate_limited',
      window: 'read',
      resumeAt,
    });
  });

  test('when the account is not on this PDS', async () => {
    const session = real.open(aPost({ scheduleId: 'elsewhere' }), { did: 'did:plc:ewvi7nxzyoun6zhxrhs64oiz' });
    expect(await refusal(adapter.look(session, sentIntent(session)))).toMatchObject({ code: 'unknown' });
  });

  test('when the answer speaks of another record', async () => {
    const session = real.open(aPost({ scheduleId: 'mixed-up' }));
    const body = JSON.stringify({ uri: 'at://did:plc:other/app.bsky.feed.post/3l', cid: 'bafyrei', value: {} });
    real.proxy.setFault(GET, beforePds({ kind: 'answer', status: 200, headers: {}, body }));
    await expect(adapter.look(session, sentIntent(session))).rejects.toThrow(StepUnanswered);
  });

  test('when the intent does not say what was sent', async () => {
    const session = real.open(aPost({ scheduleId: 'blank' }));
    await expect(adapter.look(session, { ...sentIntent(session), markers: {} })).rejects.toThrow(StepUnanswered);
  });
});

test('a look needs no token, so a dead grant does not hide the truth', async () => {
  const post = aPost({ scheduleId: 'tokenless', text: 'tokenless' });
  const first = real.open(post);
  await publish(first);
  const session = real.open(afterCreate(first), { grant: { accessToken: 'dead' } });
  expect(await adapter.look(session, sentIntent(session))).toMatchObject({ kind: 'live' });
});
