// Renewing a session with a real PDS, and what its answers do to a connection.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { adapter } from '../../../src/platforms/bluesky/adapter.ts';
import type { Grant } from '../../../src/platforms/sessions.ts';
import { StepUnanswered } from '../../../src/platforms/step-errors.ts';
import { expiredCopy } from '../../pds/expired-token.ts';
import {
  afterCommit,
  before as beforePds,
  GARBAGE,
  HANG,
  type OwnEnding,
  outage,
  RESET,
  rateLimited,
} from '../../pds/faults.ts';
import { xrpc } from '../../pds/test-calls.ts';
import { aPost } from './post-on-paper.ts';
import { ownerToken, publish, type RealPds, refusal, startRealPds } from './real-pds.ts';

const REFRESH = 'com.atproto.server.refreshSession';
const SIGN_IN = 'com.atproto.server.createSession';

let real: RealPds;
beforeAll(async () => {
  real = await startRealPds({ PDS_RATE_LIMITS_ENABLED: '1' });
});
afterEach(() => real.reset());
afterAll(() => real.stop());

/** Renews alice's grant, with the given secrets instead of her own. */
function renew(grant: Partial<Grant> = {}, timeoutMs = 5_000) {
  const { accessJwt, refreshJwt } = real.alice;
  const whole = { accessToken: accessJwt, refreshToken: refreshJwt, ...grant };
  return adapter.renew(real.open(aPost(), { grant: whole, timeoutMs }));
}

/** Alice's refresh token, as it is when nobody used it for ninety days. */
const expiredRefresh = () => expiredCopy(real.dataFolder, real.alice.refreshJwt);
const appPassword = () => ({ identifier: real.alice.handle, password: real.alice.appPassword });

describe('a grant', () => {
  const ownerOf = (grant: Grant) => adapter.identify(real.open(aPost(), { grant }));

  test('names the account whose it is, whatever account was meant', async () => {
    expect(await ownerOf({ accessToken: real.alice.accessJwt })).toBe(real.alice.did);
  });

  test('that is nobody’s names nobody', async () => {
    expect(await refusal(ownerOf({ accessToken: 'not-a-token' }))).toMatchObject({
      stage: 'grant',
      code: 'auth_failed',
    });
  });
});

describe('an access token', () => {
  test('that expired is refused at the create, renewed, and the post is live once', async () => {
    const post = aPost({ scheduleId: 'expired', text: 'expired' });
    const refreshToken = real.alice.refreshJwt;
    const old = real.open(post, {
      grant: { accessToken: expiredCopy(real.dataFolder, real.alice.accessJwt), refreshToken },
    });
    expect(await publish(old)).toMatchObject({ kind: 'refused', cause: { code: 'auth_expired' } });
    const { grant } = await adapter.renew(old);
    expect(await publish(real.open(post, { grant }))).toMatchObject({ kind: 'live' });
    expect(await real.live('expired')).toHaveLength(1);
  });

  test('that is none is auth_failed, and stands in no text', async () => {
    const accessToken = 'not-a-token-but-still-secret';
    const reading = await publish(real.open(aPost({ scheduleId: 'garbage' }), { grant: { accessToken } }));
    expect(reading).toMatchObject({ kind: 'refused', cause: { code: 'auth_failed' } });
    expect(JSON.stringify(reading)).not.toContain(accessToken);
  });

  test('of another account is auth_failed, and nothing is live on either', async () => {
    const mallory = await real.pds.createAccount('mallory.test');
    const grant = { accessToken: mallory.accessJwt };
    const reading = await publish(real.open(aPost({ scheduleId: 'foreign', text: 'foreign' }), { grant }));
    expect(reading).toMatchObject({ kind: 'refused', cause: { code: 'auth_failed', httpStatus: 401 } });
    expect(await real.live('foreign')).toEqual([]);
    expect(await real.pds.listPosts(mallory.did)).toEqual([]);
  });
});

describe('a refresh token', () => {
  // An access token tells its age in whole seconds: two of one second are the same.
  test('gives a new one, and an access token that is good for about two hours', async () => {
    const { grant, expiresAt } = await renew();
    expect(grant.refreshToken).not.toBe(real.alice.refreshJwt);
    const minutes = ((expiresAt?.getTime() ?? 0) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(115);
    expect(minutes).toBeLessThan(121);
    expect(await publish(real.open(aPost({ scheduleId: 'renewed', text: 'renewed' }), { grant }))).toMatchObject({
      kind: 'live',
    });
  });

  test('keeps the secrets it does not change', async () => {
    expect((await renew({ ...appPassword(), clientId: 'c' })).grant).toMatchObject({ ...appPassword(), clientId: 'c' });
  });

  test('whose answer was lost is used again', async () => {
    real.proxy.setFault(REFRESH, afterCommit(RESET));
    expect(await renew()).toHaveProperty('grant.accessToken');
    expect(real.proxy.count(REFRESH).faulted).toBe(1);
  });

  test('that expired means: connect again', async () => {
    expect(await refusal(renew({ refreshToken: expiredRefresh() }))).toMatchObject({
      code: 'reconnect_required',
      stage: 'grant',
    });
  });

  test('of a revoked app password means: connect again', async () => {
    const carol = await real.pds.createAccount('carol.test');
    await xrpc(
      real.pds.url,
      'com.atproto.server.revokeAppPassword',
      { name: 'publisher' },
      await ownerToken(real.pds.url, carol),
    );
    const cause = await refusal(adapter.renew(real.open(aPost(), { account: carol })));
    expect(cause).toMatchObject({ code: 'reconnect_required', stage: 'grant', httpStatus: 400 });
    expect(cause.externalText).toContain('revoked');
  });

  test('that is none is auth_failed, and stands in no text', async () => {
    const refreshToken = 'not-a-token-but-still-secret';
    const cause = await refusal(renew({ refreshToken }));
    expect(cause).toMatchObject({ code: 'auth_failed' });
    expect(JSON.stringify(cause)).not.toContain(refreshToken);
  });

  test('of another account is refused', async () => {
    const dave = await real.pds.createAccount('dave.test');
    expect(await refusal(renew({ refreshToken: dave.refreshJwt }))).toMatchObject({ code: 'auth_failed' });
  });

  test('of a deactivated account means: connect again', async () => {
    const erin = await real.pds.createAccount('erin.test');
    await xrpc(real.pds.url, 'com.atproto.server.deactivateAccount', {}, await ownerToken(real.pds.url, erin));
    const session = real.open(aPost({ scheduleId: 'deactivated' }), { account: erin });
    expect(await publish(session)).toMatchObject({
      kind: 'refused',
      cause: { code: 'reconnect_required', httpStatus: 401 },
    });
    const cause = await refusal(adapter.renew(session));
    expect(cause).toMatchObject({ code: 'reconnect_required' });
    expect(cause.externalText).toContain('deactivated');
  });
});

describe('a dead refresh token beside an app password', () => {
  test('signs in again', async () => {
    const { grant } = await renew({ refreshToken: expiredRefresh(), ...appPassword() });
    expect(await publish(real.open(aPost({ scheduleId: 'signed-in', text: 'signed in' }), { grant }))).toMatchObject({
      kind: 'live',
    });
    expect(grant.refreshToken).not.toBe(real.alice.refreshJwt);
  });

  test('that is wrong is auth_failed, and stands in no text', async () => {
    const password = 'wron-gpas-swor-dxyz';
    const cause = await refusal(renew({ refreshToken: expiredRefresh(), identifier: 'alice.test', password }));
    expect(cause).toMatchObject({ code: 'auth_failed', httpStatus: 401 });
    expect(JSON.stringify(cause)).not.toContain(password);
  });

  test('of another account is refused', async () => {
    const frank = await real.pds.createAccount('frank.test');
    const foreign = { identifier: frank.handle, password: frank.appPassword };
    expect(await refusal(renew({ refreshToken: expiredRefresh(), ...foreign }))).toMatchObject({ code: 'auth_failed' });
  });

  test('is not needed while the token lives', async () => {
    const before = real.proxy.count(SIGN_IN).received;
    await renew(appPassword());
    expect(real.proxy.count(SIGN_IN).received).toBe(before);
  });
});

test('an app password alone signs in', async () => {
  expect(await renew({ refreshToken: undefined, ...appPassword() })).toHaveProperty('grant.refreshToken');
});

test('a grant with nothing to renew it means: connect again', async () => {
  expect(await refusal(renew({ refreshToken: undefined }))).toMatchObject({ code: 'reconnect_required' });
});

const page = (status: number): OwnEnding => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'text/html' },
  body: '<html>blocked</html>',
});

describe('what never disconnects an account', () => {
  test.each([
    ['a hang', HANG],
    ['a reset', RESET],
    ['garbage', GARBAGE],
    ['an outage', outage(500)],
    ['a broken gateway', outage(502)],
    ['a firewall', page(403)],
    ['a sign-in page', page(401)],
    ['a missing page', page(404)],
    ['a redirect', page(302)],
  ])('%s', async (_, ending) => {
    const signIns = real.proxy.count(SIGN_IN).received;
    real.proxy.setFault(REFRESH, beforePds(ending), 3);
    await expect(renew(appPassword(), 300)).rejects.toThrow(StepUnanswered);
    expect(real.proxy.count(SIGN_IN).received).toBe(signIns);
  });

  test('a throttle, which names its end', async () => {
    const resetAt = Math.ceil(Date.now() / 1_000) + 240;
    real.proxy.setFault(REFRESH, beforePds(rateLimited(resetAt)));
    const resumeAt = new Date(resetAt * 1_000).toISOString();
    expect(await refusal(renew(appPassword()))).toMatchObject({
      code: 'rate_limited',
      stage: 'grant',
      window: 'token',
      resumeAt,
    });
  });

  test("the PDS's own throttle of sign-ins, after thirty in five minutes", async () => {
    const nobody = { refreshToken: undefined, identifier: 'nobody.test', password: 'wron-gpas-swor-dxyz' };
    const tries = await Promise.all(Array.from({ length: 30 }, () => refusal(renew(nobody))));
    expect(new Set(tries.map((cause) => cause.code))).toEqual(new Set(['auth_failed']));
    const cause = await refusal(renew(nobody));
    expect(cause).toMatchObject({ code: 'rate_limited', httpStatus: 429, window: 'token' });
    const waitMs = Date.parse(cause.resumeAt ?? '') - Date.now();
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(300_000);
  });
});
