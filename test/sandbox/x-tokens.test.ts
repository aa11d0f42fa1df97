// X's token endpoint and the token's way through the calls: rotation, reuse, expiry, revocation, scopes.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { AccountCard } from '../../src/sandbox/control.ts';
import { get, openStage, type Reply, type Stage, send, tweet, xAccount } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => stage.control.shiftClock(0));

const pair = z.object({
  token_type: z.literal('bearer'),
  expires_in: z.literal(7200),
  access_token: z.string(),
  refresh_token: z.string(),
  scope: z.string(),
});

function refresh(
  { clientId, refreshToken }: Pick<AccountCard, 'clientId' | 'refreshToken'>,
  basic?: string,
): Promise<Reply> {
  return send(`${stage.url}/x/2/oauth2/token`, {
    method: 'POST',
    headers: basic === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken ?? '', client_id: clientId }),
  });
}

const deadToken = { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' };

test('a refresh token rotates: the new pair works, the old refresh token is dead', async () => {
  const account = await xAccount(stage);
  const first = await refresh(account);
  expect(first.status).toBe(200);
  const issued = pair.parse(first.body);
  expect(issued.scope).toBe('tweet.read tweet.write users.read media.write offline.access');
  expect((await tweet(stage, { ...account, accessToken: issued.access_token }, 'Hello')).status).toBe(201);
  const again = await refresh(account);
  expect(again.status).toBe(400);
  expect(again.body).toEqual(deadToken);
  expect((await refresh({ ...account, refreshToken: issued.refresh_token })).status).toBe(200);
});

test('of two refreshes at once with one token, one wins', async () => {
  const account = await xAccount(stage);
  const statuses = (await Promise.all([refresh(account), refresh(account)])).map((reply) => reply.status);
  expect(statuses.sort()).toEqual([200, 400]);
});

test('a rotation whose answer is lost has used up the token', async () => {
  const account = await xAccount(stage);
  await stage.control.addFault({
    platform: 'x',
    account: account.id,
    call: 'token',
    fault: { kind: 'commit_then_reset' },
  });
  await expect(refresh(account)).rejects.toThrow();
  expect((await refresh(account)).body).toEqual(deadToken);
});

test('a confidential client must authenticate with its secret', async () => {
  const account = await xAccount(stage, { confidentialClient: true });
  expect((await refresh(account)).status).toBe(401);
  expect((await refresh(account, `${account.clientId}:wrong`)).status).toBe(401);
  expect((await refresh(account, `${account.clientId}:${account.clientSecret}`)).status).toBe(200);
});

test('expired, revoked, unknown and missing access tokens are the same 401', async () => {
  const expired = await xAccount(stage, { tokenState: 'expired' });
  const revoked = await xAccount(stage, { tokenState: 'revoked' });
  const unauthorized = { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' };
  for (const token of [expired.accessToken, revoked.accessToken, 'made-up']) {
    const reply = await get(`${stage.url}/x/2/users/me`, token);
    expect(reply.status).toBe(401);
    expect(reply.body).toEqual(unauthorized);
  }
  expect((await send(`${stage.url}/x/2/users/me`)).body).toEqual(unauthorized);
  expect((await refresh(expired)).status).toBe(200);
  expect((await refresh(revoked)).status).toBe(400);
});

test('an access token lives two hours of the sandbox clock, or as long as a test says', async () => {
  const [usual, brief] = [await xAccount(stage), await xAccount(stage, { accessExpiresInMs: 60_000 })];
  await stage.control.shiftClock(60_001);
  expect((await tweet(stage, brief, 'Hello')).status).toBe(401);
  expect((await tweet(stage, usual, 'Hello')).status).toBe(201);
  await stage.control.shiftClock(7_200_001);
  expect((await tweet(stage, usual, 'Later')).status).toBe(401);
});

test('a scope that was never granted, or was taken away, is a generic 403', async () => {
  const reader = await xAccount(stage, { scopes: ['tweet.read', 'users.read'] });
  const forbidden = { title: 'Forbidden', status: 403, detail: 'Forbidden', type: 'about:blank' };
  expect((await tweet(stage, reader, 'Hello')).body).toEqual(forbidden);
  const writer = await xAccount(stage);
  await stage.control.changeTokens(writer.id, { action: 'drop_scope', scope: 'tweet.write' });
  expect((await tweet(stage, writer, 'Hello')).body).toEqual(forbidden);
});

test('reconnecting gives the same account new tokens', async () => {
  const account = await xAccount(stage, { tokenState: 'revoked' });
  const again = await stage.control.reconnect(account.id);
  expect(again.id).toBe(account.id);
  expect((await tweet(stage, again, 'Hello')).status).toBe(201);
});

test('users/me names the account the token belongs to', async () => {
  const account = await xAccount(stage, { name: 'Ada Lovelace' });
  const reply = await get(`${stage.url}/x/2/users/me`, account.accessToken);
  expect(reply.body).toEqual({ data: { id: account.userId, name: 'Ada Lovelace', username: 'ada_lovelace' } });
});
