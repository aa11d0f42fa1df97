// Instagram's one token: refreshing, expiry and revocation by subcode, scopes, throttles.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { instagramAccount, instagramOf } from './instagram-stage.ts';
import { get, openStage, type Stage, send } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const dayMs = 24 * 3_600_000;
const refresh = (token: string) =>
  send(`${stage.url}/instagram/refresh_access_token?grant_type=ig_refresh_token&access_token=${token}`);

test('a token a day old is exchanged for sixty more days', async () => {
  const account = await instagramAccount(stage, { tokenAgeMs: dayMs });
  const reply = await refresh(account.accessToken);
  expect(reply.body).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
  const { access_token: token } = z.object({ access_token: z.string() }).parse(reply.body);
  expect((await get(`${stage.url}/instagram/v25.0/me?fields=user_id,username`, token)).body).toMatchObject({
    user_id: account.igUserId,
    username: 'ada',
  });
});

test('a younger one is refused, an expired one is dead', async () => {
  expect((await refresh((await instagramAccount(stage)).accessToken)).status).toBe(400);
  const expired = await instagramAccount(stage, { tokenState: 'expired' });
  const reply = await refresh(expired.accessToken);
  expect(reply.body).toMatchObject({ error: { code: 190, error_subcode: 463, type: 'OAuthException' } });
  expect(reply.headers.get('www-authenticate')).toMatch(/^OAuth "Facebook Platform" "invalid_token" "/);
});

test.each(['458', '459', '460', '464', '467', '492'])('a token revoked as %s says so', async (detail) => {
  const account = await instagramAccount(stage);
  await stage.control.changeTokens(account.id, { action: 'revoke', detail });
  const reply = await instagramOf(stage, account).read('/me');
  expect(reply.status).toBe(400);
  expect(reply.body).toMatchObject({ error: { code: 190, error_subcode: Number(detail) } });
});

test('no token and a malformed one are two different errors', async () => {
  expect((await send(`${stage.url}/instagram/v25.0/me`)).body).toMatchObject({ error: { code: 2500 } });
  const malformed = await get(`${stage.url}/instagram/v25.0/me`, 'nonsense');
  expect(malformed.body).toMatchObject({ error: { code: 190 } });
  expect(malformed.text).not.toContain('error_subcode');
});

test('the token may come as a parameter', async () => {
  const account = await instagramAccount(stage);
  const reply = await send(`${stage.url}/instagram/v25.0/me?fields=user_id&access_token=${account.accessToken}`);
  expect(reply.body).toMatchObject({ user_id: account.igUserId });
});

test('publishing without its scope is code 10, with status 403', async () => {
  const account = await instagramAccount(stage, { scopes: ['instagram_business_basic'] });
  const instagram = instagramOf(stage, account);
  const reply = await instagram.create(instagram.image);
  expect(reply.status).toBe(403);
  expect(reply.body).toMatchObject({ error: { code: 10 } });
});

test("another account's id is an object that does not exist", async () => {
  const [account, other] = [await instagramAccount(stage), await instagramAccount(stage)];
  const reply = await instagramOf(stage, account).read(`/${other.igUserId}/media?fields=id`);
  expect(reply.body).toMatchObject({ error: { code: 100, error_subcode: 33, type: 'GraphMethodException' } });
});

test('too many calls: 80002 with the minutes to wait in the business header', async () => {
  const account = await instagramAccount(stage, { settings: { quota: { calls: { limit: 2, windowMs: 600_000 } } } });
  const instagram = instagramOf(stage, account);
  const first = await instagram.read('/me');
  expect(JSON.parse(first.headers.get('x-app-usage') ?? '')).toMatchObject({ call_count: 50 });
  await instagram.read('/me');
  const third = await instagram.read('/me');
  expect(third.body).toMatchObject({ error: { code: 80002, error_subcode: 2446079, is_transient: true } });
  const usage: unknown = JSON.parse(third.headers.get('x-business-use-case-usage') ?? '');
  expect(usage).toMatchObject({ [account.id]: [{ type: 'instagram', estimated_time_to_regain_access: 10 }] });
});

const forms = [
  { form: 'usage_minutes', status: 400, code: 80002 },
  { form: 'app_usage', status: 403, code: 4 },
  { form: 'none', status: 403, code: 4 },
  { form: 'user', status: 400, code: 17 },
  { form: 'custom', status: 400, code: 613 },
  { form: 'abusive', status: 400, code: 368 },
  { form: 'quota', status: 400, code: 9 },
  { form: 'retry_after', status: 429, code: 4 },
];

test.each(forms)('a throttle in the form $form is $status with code $code', async ({ form, status, code }) => {
  const account = await instagramAccount(stage);
  await stage.control.addFault({
    platform: 'instagram',
    account: account.id,
    call: 'me',
    fault: { kind: 'rate_limited', form, resetInMs: 120_000 },
  });
  const reply = await instagramOf(stage, account).read('/me');
  expect(reply.status).toBe(status);
  expect(reply.body).toMatchObject({ error: { code } });
  if (form === 'retry_after') expect(Number(reply.headers.get('retry-after'))).toBe(120);
  if (form === 'usage_minutes')
    expect(reply.headers.get('x-business-use-case-usage')).toContain('"estimated_time_to_regain_access":2');
});
