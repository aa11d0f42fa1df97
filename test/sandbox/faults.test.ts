// Each fault over a real socket: what the client sees, and what the judge knows.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccountCard, type NewFault, SandboxRefused } from '../../src/sandbox/control.ts';
import { get, openStage, patience, type Reply, type Stage, tweet, xAccount } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** What a client saw: a reply, or the name of the failure when none can be read. */
type Seen = Reply | string;

/** Meets one create with a fault. A client that waits in vain gives up once the fault has fired. */
async function meet(fault: NewFault['fault'], givesUp = false): Promise<{ account: AccountCard; seen: Seen }> {
  const account = await xAccount(stage);
  const { id } = await stage.control.addFault({ platform: 'x', account: account.id, call: 'create_post', fault });
  const client = new AbortController();
  const seen = tweet(stage, account, 'Hello', client.signal).catch(failureOf);
  if (givesUp) {
    await expect
      .poll(async () => (await stage.control.faults()).find((found) => found.id === id)?.fired, patience)
      .toBe(1);
    client.abort();
  }
  return { account, seen: await seen };
}

function failureOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.name === 'AbortError') return 'no answer';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

async function liveCount(account: AccountCard): Promise<number> {
  return (await stage.control.live({ platform: 'x', account: account.id })).length;
}

const cases: {
  fault: NewFault['fault'];
  givesUp?: boolean;
  seen: object | string;
  live: number;
  told: number | null;
}[] = [
  { fault: { kind: 'refuse_before', preset: 'x.credits_depleted' }, seen: { status: 402 }, live: 0, told: 402 },
  {
    fault: { kind: 'refuse_before', status: 503, body: 'Over capacity' },
    seen: { status: 503, text: 'Over capacity' },
    live: 0,
    told: 503,
  },
  { fault: { kind: 'reset_before' }, seen: 'ECONNRESET', live: 0, told: null },
  { fault: { kind: 'hang_before' }, givesUp: true, seen: 'no answer', live: 0, told: null },
  { fault: { kind: 'redirect' }, seen: { status: 307 }, live: 0, told: 307 },
  { fault: { kind: 'unauthorized' }, seen: { status: 401, body: { title: 'Unauthorized' } }, live: 0, told: 401 },
  { fault: { kind: 'html_error', status: 502 }, seen: { status: 502, body: undefined }, live: 0, told: 502 },
  { fault: { kind: 'duplicate_refusal' }, seen: { status: 403 }, live: 0, told: 403 },
  { fault: { kind: 'commit_then_hang' }, givesUp: true, seen: 'no answer', live: 1, told: null },
  { fault: { kind: 'commit_then_reset' }, seen: 'ECONNRESET', live: 1, told: null },
  { fault: { kind: 'commit_then_status', status: 500 }, seen: { status: 500 }, live: 1, told: 500 },
  { fault: { kind: 'commit_then_status', status: 504, form: 'html' }, seen: { status: 504 }, live: 1, told: 504 },
  {
    fault: { kind: 'commit_then_status', status: 408, form: 'empty' },
    seen: { status: 408, text: '' },
    live: 1,
    told: 408,
  },
  { fault: { kind: 'commit_then_garbage' }, seen: { status: 201, body: undefined }, live: 1, told: 201 },
  { fault: { kind: 'commit_then_truncate' }, seen: 'UND_ERR_SOCKET', live: 1, told: 201 },
  { fault: { kind: 'commit_then_slow', ms: 60_000 }, givesUp: true, seen: 'no answer', live: 1, told: 201 },
  { fault: { kind: 'commit_then_slow', ms: 100 }, seen: { status: 201 }, live: 1, told: 201 },
  { fault: { kind: 'lying_refusal' }, seen: { status: 403 }, live: 1, told: 403 },
];

test.each(cases)(
  '$fault.kind: the client sees $seen and $live post is live',
  async ({ fault, givesUp, seen, live, told }) => {
    const met = await meet(fault, givesUp);
    if (typeof seen === 'string') expect(met.seen).toBe(seen);
    else expect(met.seen).toMatchObject(seen);
    expect(await liveCount(met.account)).toBe(live);
    expect(await stage.control.calls({ account: met.account.id, call: 'create_post' })).toMatchObject([
      { committed: live === 1, status: told, fault: fault.kind },
    ]);
    const mine = (await stage.control.faults()).filter((scheduled) => scheduled.account === met.account.id);
    expect(mine).toMatchObject([{ fired: 1, timesLeft: 0 }]);
  },
);

const forms = [
  { form: 'epoch', header: 'x-rate-limit-reset', seconds: (value: number) => value - Date.now() / 1000 },
  { form: 'delta', header: 'x-rate-limit-reset', seconds: (value: number) => value },
  { form: 'retry_after', header: 'retry-after', seconds: (value: number) => value },
  { form: 'day', header: 'x-user-limit-24hour-reset', seconds: (value: number) => value - Date.now() / 1000 },
];

test.each(forms)('a 429 in the form $form says when in $header', async ({ form, header, seconds }) => {
  const { seen } = await meet({ kind: 'rate_limited', form, resetInMs: 120_000 });
  if (typeof seen === 'string') expect.unreachable();
  expect(seen.status).toBe(429);
  const left = seconds(Number(seen.headers.get(header)));
  expect(left).toBeGreaterThan(115);
  expect(left).toBeLessThanOrEqual(121);
});

test('a 429 can come without any header', async () => {
  const { seen } = await meet({ kind: 'rate_limited', form: 'none' });
  if (typeof seen === 'string') expect.unreachable();
  expect(seen.status).toBe(429);
  expect([...seen.headers.keys()].filter((name) => name.includes('limit') || name === 'retry-after')).toEqual([]);
});

test('a redirect points back at the call, so a client that follows it really posts', async () => {
  const { account, seen } = await meet({ kind: 'redirect', status: 308 });
  if (typeof seen === 'string') expect.unreachable();
  expect(seen.headers.get('location')).toBe(`${stage.url}/x/2/tweets`);
  expect(await liveCount(account)).toBe(0);
});

test('commit_later posts after its client is gone', async () => {
  const { account, seen } = await meet({ kind: 'commit_later', ms: 1500 }, true);
  expect(seen).toBe('no answer');
  expect(await liveCount(account)).toBe(0);
  await expect.poll(() => liveCount(account), patience).toBe(1);
});

test('a hidden post can be shown', async () => {
  const { account } = await meet({ kind: 'hidden_from_list', ms: 'forever' });
  const [post] = await stage.control.live({ account: account.id });
  const timeline = `${stage.url}/x/2/users/${account.id}/tweets`;
  const listed = async () => (await get(timeline, account.accessToken)).body;
  expect(await listed()).toMatchObject({ meta: { result_count: 0 } });
  await stage.control.unhide('x', post?.id ?? '');
  expect(await listed()).toMatchObject({ meta: { result_count: 1 } });
  await expect(stage.control.unhide('x', '1')).rejects.toThrow('There is no post 1 on x.');
});

test('hidden_from_list hides the post from lists; the judge sees it', async () => {
  const { account, seen } = await meet({ kind: 'hidden_from_list', ms: 'forever' });
  expect(seen).toMatchObject({ status: 201 });
  expect(await liveCount(account)).toBe(1);
  const timeline = await get(`${stage.url}/x/2/users/${account.id}/tweets`, account.accessToken);
  expect(timeline.body).toEqual({ meta: { result_count: 0 } });
});

test('a fault can skip calls, meet several, and leaves other accounts alone', async () => {
  const [account, other] = [await xAccount(stage), await xAccount(stage)];
  const fault: NewFault['fault'] = { kind: 'refuse_before', status: 500 };
  await stage.control.addFault({ platform: 'x', account: account.id, call: 'create_post', fault, skip: 1, times: 2 });
  const statuses: number[] = [];
  for (const text of ['one', 'two', 'three', 'four']) statuses.push((await tweet(stage, account, text)).status);
  expect(statuses).toEqual([201, 500, 500, 201]);
  expect((await tweet(stage, other, 'one')).status).toBe(201);
});

test('a fault after the commit waits for a call that commits', async () => {
  const account = await xAccount(stage);
  await stage.control.addFault({
    platform: 'x',
    account: account.id,
    call: 'create_post',
    fault: { kind: 'commit_then_reset' },
  });
  expect((await tweet(stage, account, '')).status).toBe(400);
  await expect(tweet(stage, account, 'Hello')).rejects.toThrow();
  expect(await liveCount(account)).toBe(1);
});

test('cancelled faults meet nothing', async () => {
  const account = await xAccount(stage);
  await stage.control.addFault({ platform: 'x', call: '*', fault: { kind: 'reset_before' }, times: null });
  await stage.control.clearFaults();
  expect((await tweet(stage, account, 'Hello')).status).toBe(201);
});

test('the faults of one account are cancelled without those of another', async () => {
  const [mended, broken] = [await xAccount(stage), await xAccount(stage)];
  for (const { id } of [mended, broken]) {
    const fault = { kind: 'html_error', status: 503 } as const;
    await stage.control.addFault({ platform: 'x', account: id, call: 'create_post', fault, times: null });
  }
  await stage.control.clearFaults(mended.id);
  expect((await tweet(stage, mended, 'Hello')).status).toBe(201);
  expect((await tweet(stage, broken, 'Hello')).status).toBe(503);
  await stage.control.clearFaults();
});

test('a fault nothing can meet is refused with the words there are', async () => {
  const fault: NewFault['fault'] = { kind: 'reset_before' };
  await expect(stage.control.addFault({ platform: 'myspace', call: '*', fault })).rejects.toThrow(
    'no platform "myspace"',
  );
  await expect(stage.control.addFault({ platform: 'x', call: 'toot', fault })).rejects.toThrow(SandboxRefused);
  await expect(stage.control.addFault({ platform: 'x', call: 'toot', fault })).rejects.toThrow('has no call "toot"');
  await expect(
    stage.control.addFault({ platform: 'x', call: '*', fault: { kind: 'refuse_before', preset: 'nope' } }),
  ).rejects.toThrow('no preset "nope"');
  await expect(
    stage.control.addFault({ platform: 'x', call: '*', fault: { kind: 'rate_limited', form: 'smoke' } }),
  ).rejects.toThrow('no rate limit form "smoke"');
});

test('an outage refuses connections, then the same address answers again', async () => {
  const account = await xAccount(stage);
  await stage.control.outage(1500);
  await expect
    .poll(() => tweet(stage, account, 'down').then(() => 'answered', failureOf), patience)
    .toBe('ECONNREFUSED');
  await expect.poll(() => tweet(stage, account, 'up').then((reply) => reply.status, failureOf), patience).toBe(201);
});
