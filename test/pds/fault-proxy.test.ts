// Shows that each fault of the proxy is what it says: what the client met, and what the PDS holds afterwards.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { expiredCopy } from './expired-token.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import {
  afterCommit,
  answersLate,
  arrivesLate,
  before,
  expiredToken,
  type Fault,
  GARBAGE,
  HANG,
  outage,
  RESET,
  rateLimited,
  TRUNCATE,
  xrpcError,
} from './faults.ts';
import type { PdsAccount } from './pds-client.ts';
import { type Pds, startPds } from './start-pds.ts';
import { getRecord, putPost, xrpc } from './test-calls.ts';

const PUT = 'com.atproto.repo.putRecord';
const TID = '234567abcdefghijklmnopqrstuvwxyz';
let dataFolder: string;
let pds: Pds;
let proxy: FaultProxy;
let alice: PdsAccount;
let keys = 0;

/** A record key no other test uses. */
function newKey(): string {
  keys += 1;
  return `3jzfcijpj2z${TID[Math.floor(keys / 32)]}${TID[keys % 32]}`;
}

const isLive = async (rkey: string): Promise<boolean> => (await getRecord(pds.url, alice.did, rkey)).status === 200;

beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'pds-'));
  pds = await startPds({ dataFolder, env: { PDS_RATE_LIMITS_ENABLED: '1' } });
  proxy = await startFaultProxy({ target: pds.url });
  alice = await pds.createAccount('alice.test');
}, 900_000);

beforeEach(() => proxy.clearFaults());

afterAll(async () => {
  await proxy?.close();
  await pds?.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

test('without a fault the proxy is not there: same status, headers and body', async () => {
  const rkey = newKey();
  const direct = await putPost(pds.url, alice, rkey, 'same');
  const passed = await putPost(proxy.url, alice, rkey, 'same');
  expect(direct.status).toBe(200);
  expect(passed).toMatchObject({
    status: 200,
    body: { uri: expect.stringContaining(rkey), validationStatus: 'valid' },
  });
  expect(passed.headers.get('ratelimit-policy')).toBe(direct.headers.get('ratelimit-policy'));
  expect(passed.headers.get('ratelimit-policy')).toBe('3000;w=300');
});

interface Row {
  readonly name: string;
  readonly fault: Fault;
  readonly meets: object | 'no whole answer';
  readonly live: boolean;
}

const rows: readonly Row[] = [
  {
    name: 'refused before',
    fault: before(xrpcError(400, 'BlobNotFound', 'gone')),
    meets: { status: 400, body: { error: 'BlobNotFound' } },
    live: false,
  },
  { name: 'outage before', fault: before(outage(503)), meets: { status: 503 }, live: false },
  { name: 'reset before', fault: before(RESET), meets: 'no whole answer', live: false },
  { name: 'garbage before', fault: before(GARBAGE), meets: { status: 200, body: '{"uri":' }, live: false },
  {
    name: 'throttled',
    fault: before(rateLimited(1_800_000_000)),
    meets: { status: 429, body: { error: 'RateLimitExceeded' } },
    live: false,
  },
  {
    name: 'expired token, 400',
    fault: before(expiredToken()),
    meets: { status: 400, body: { error: 'ExpiredToken' } },
    live: false,
  },
  {
    name: 'expired token, 401',
    fault: before(expiredToken(401)),
    meets: { status: 401, body: { error: 'ExpiredToken' } },
    live: false,
  },
  {
    name: 'committed, then 500',
    fault: afterCommit(outage(500)),
    meets: { status: 500, body: { error: 'InternalServerError' } },
    live: true,
  },
  { name: 'committed, then 502', fault: afterCommit(outage(502)), meets: { status: 502 }, live: true },
  { name: 'committed, then reset', fault: afterCommit(RESET), meets: 'no whole answer', live: true },
  { name: 'committed, then garbage', fault: afterCommit(GARBAGE), meets: { status: 200, body: '{"uri":' }, live: true },
  { name: 'committed, then cut short', fault: afterCommit(TRUNCATE), meets: 'no whole answer', live: true },
];

for (const { name, fault, meets, live } of rows) {
  test(`${name}: the client meets it once, and the post is ${live ? 'live' : 'absent'}`, async () => {
    const rkey = newKey();
    proxy.setFault(PUT, fault);
    const met = await putPost(proxy.url, alice, rkey, name).catch(() => 'no whole answer');
    if (meets === 'no whole answer') expect(met).toBe(meets);
    else expect(met).toMatchObject(meets);
    expect(await isLive(rkey)).toBe(live);
    expect(await putPost(proxy.url, alice, rkey, name)).toMatchObject({ status: 200 });
  });
}

test('committed, then silence: the fault has fired once the post is live, and the client still waits', async () => {
  const rkey = newKey();
  const { fired } = proxy.setFault(PUT, afterCommit(HANG));
  const patience = new AbortController();
  const waiting = putPost(proxy.url, alice, rkey, 'hang', patience.signal);
  await fired;
  expect(await isLive(rkey)).toBe(true);
  patience.abort();
  await expect(waiting).rejects.toThrow('aborted');
});

test('a late answer: the post is live before the client is told', async () => {
  const rkey = newKey();
  const gate = Promise.withResolvers<void>();
  const { fired } = proxy.setFault(
    PUT,
    answersLate(() => gate.promise),
  );
  const waiting = putPost(proxy.url, alice, rkey, 'slow');
  await fired;
  expect(await isLive(rkey)).toBe(true);
  gate.resolve();
  expect(await waiting).toMatchObject({ status: 200, body: { commit: { rev: expect.any(String) } } });
});

test('a late request: it commits after the client gave up', async () => {
  const rkey = newKey();
  const gate = Promise.withResolvers<void>();
  const { received } = proxy.count(PUT);
  const { fired } = proxy.setFault(
    PUT,
    arrivesLate(() => gate.promise),
  );
  const patience = new AbortController();
  const waiting = putPost(proxy.url, alice, rkey, 'late', patience.signal);
  await vi.waitFor(() => expect(proxy.count(PUT).received).toBe(received + 1));
  patience.abort();
  await expect(waiting).rejects.toThrow('aborted');
  expect(await isLive(rkey)).toBe(false);
  gate.resolve();
  await fired;
  expect(await isLive(rkey)).toBe(true);
});

test('a fault meets as many requests as it was set for, of its own call only, and every request is counted', async () => {
  const rkey = newKey();
  const soFar = proxy.count(PUT);
  proxy.setFault(PUT, before(outage(503)), 2);
  expect(await getRecord(proxy.url, alice.did, rkey)).toMatchObject({ status: 400 });
  const statuses = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await putPost(proxy.url, alice, rkey, 'counted')).status);
  expect(statuses).toEqual([503, 503, 200]);
  expect(proxy.count(PUT)).toEqual({
    received: soFar.received + 3,
    answeredByPds: soFar.answeredByPds + 1,
    faulted: soFar.faulted + 2,
  });
});

test('a PDS that is down is met as a broken connection, and is back after its restart', async () => {
  const rkey = newKey();
  await pds.kill();
  await expect(putPost(proxy.url, alice, rkey, 'down')).rejects.toThrow('fetch failed');
  await pds.restart();
  expect(await putPost(proxy.url, alice, rkey, 'down')).toMatchObject({ status: 200 });
});

test('the proxy words a throttling as the PDS does', async () => {
  const reset = 'com.atproto.server.requestPasswordReset';
  const ask = () => xrpc(pds.url, reset, { email: 'nobody@example.com' });
  let real = await ask();
  for (let n = 0; n < 20 && real.status !== 429; n += 1) real = await ask();
  proxy.setFault(reset, before(rateLimited(Number(real.headers.get('ratelimit-reset')))));
  const ours = await xrpc(proxy.url, reset, {});
  expect(real.status).toBe(429);
  expect({ status: ours.status, body: ours.body }).toEqual({ status: real.status, body: real.body });
  for (const name of ['content-type', 'ratelimit-remaining', 'ratelimit-reset']) {
    expect(ours.headers.get(name)).toBe(real.headers.get(name));
  }
  expect(real.headers.get('ratelimit-policy')).toBe('15;w=3600');
  expect(real.headers.get('retry-after')).toBeNull();
});

test('the proxy words an expired token as the PDS does', async () => {
  const aged = { ...alice, accessJwt: expiredCopy(dataFolder, alice.accessJwt) };
  const real = await putPost(pds.url, aged, newKey(), 'aged');
  proxy.setFault(PUT, before(expiredToken()));
  const ours = await putPost(proxy.url, alice, newKey(), 'aged');
  expect({ status: ours.status, body: ours.body }).toEqual({ status: real.status, body: real.body });
});
