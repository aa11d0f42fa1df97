// The authorize pages and the exchange of codes, on the wire: a code goes once, to its app alone, and only while it lives.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const BACK = 'http://127.0.0.1:9/back';
const VERIFIER = 'v'.repeat(64);
const challengeOf = (verifier: string) => createHash('sha256').update(verifier).digest('base64url');

async function register(platform: 'x' | 'instagram'): Promise<string> {
  const app = { platform, clientId: 'our-app', clientSecret: 'our-secret', redirectUris: [BACK] };
  await stage.control.registerApp(app);
  return (await stage.control.createAccount({ platform, name: 'asked' })).id;
}

function pageOf(platform: 'x' | 'instagram', changes: Record<string, string> = {}): string {
  const x = { scope: 'tweet.read users.read', code_challenge: challengeOf(VERIFIER), code_challenge_method: 'S256' };
  const query = {
    response_type: 'code',
    client_id: 'our-app',
    redirect_uri: BACK,
    state: 'our-state',
    ...(platform === 'x' ? x : { scope: 'instagram_business_basic,instagram_business_content_publish' }),
    ...changes,
  };
  const path = platform === 'x' ? 'x/i/oauth2/authorize' : 'instagram/oauth/authorize';
  return `${stage.url}/${path}?${new URLSearchParams(query)}`;
}

async function decide(page: string, account: string, verdict = 'allow', scopes: readonly string[] = []) {
  const body = new URLSearchParams({ account, verdict });
  for (const scope of scopes) body.append('scope', scope);
  const answer = await fetch(page, { method: 'POST', body, redirect: 'manual' });
  return { status: answer.status, back: answer.headers.get('location') };
}

async function codeFrom(page: string, account: string, scopes?: readonly string[]): Promise<string> {
  const { back } = await decide(page, account, 'allow', scopes);
  return new URL(back ?? '').searchParams.get('code') ?? '';
}

const BASIC = `Basic ${Buffer.from('our-app:our-secret').toString('base64')}`;

async function exchange(
  platform: 'x' | 'instagram',
  code: string,
  changes: Record<string, string> = {},
  basic = BASIC,
) {
  const secrets =
    platform === 'x' ? { code_verifier: VERIFIER } : { client_id: 'our-app', client_secret: 'our-secret' };
  const form = { grant_type: 'authorization_code', redirect_uri: BACK, code, ...secrets, ...changes };
  const path = platform === 'x' ? 'x/2/oauth2/token' : 'instagram/oauth/access_token';
  const headers: Record<string, string> = platform === 'x' ? { authorization: basic } : {};
  const answer = await fetch(`${stage.url}/${path}`, { method: 'POST', headers, body: new URLSearchParams(form) });
  return { status: answer.status, body: answerSchema.parse(await answer.json()) };
}

/** What either platform may answer. */
const answerSchema = z.looseObject({
  refresh_token: z.string().optional(),
  error_description: z.string().optional(),
  error_message: z.string().optional(),
  data: z.array(z.looseObject({ access_token: z.string() })).optional(),
});

it.each(['x', 'instagram'] as const)(
  '%s asks the person, and sends them back with the state and a code or a denial',
  async (platform) => {
    const account = await register(platform);
    const shown = await fetch(pageOf(platform));
    expect(shown.status).toBe(200);
    expect(await shown.text()).toContain('@asked');
    const allowed = await decide(pageOf(platform), account);
    expect(allowed.status).toBe(302);
    expect(allowed.back).toMatch(/^http:\/\/127\.0\.0\.1:9\/back\?(?=.*state=our-state)(?=.*code=[\w-]{64})/);
    const denied = await decide(pageOf(platform), account, 'deny');
    expect(denied.back).toMatch(/\?error=access_denied&.*state=our-state$/);
  },
);

it.each([
  ['another address back', { redirect_uri: `${BACK}/` }],
  ['an app there is not', { client_id: 'nobody' }],
  ['a scope there is not', { scope: 'everything' }],
])('nobody is sent anywhere with %s', async (_what, changes) => {
  for (const platform of ['x', 'instagram'] as const) {
    await register(platform);
    const answer = await fetch(pageOf(platform, changes), { redirect: 'manual' });
    expect({ status: answer.status, back: answer.headers.get('location') }).toEqual({ status: 400, back: null });
  }
});

it('X exchanges a code once, for a pair that its app renews', async () => {
  const code = await codeFrom(pageOf('x', { scope: 'tweet.read users.read offline.access' }), await register('x'));
  const first = await exchange('x', code);
  expect(first).toMatchObject({
    status: 200,
    body: { token_type: 'bearer', expires_in: 7200, scope: 'tweet.read users.read offline.access' },
  });
  expect(await exchange('x', code)).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: 'Value passed for the authorization code was invalid.' },
  });
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token ?? '' });
  const renewed = await fetch(`${stage.url}/x/2/oauth2/token`, {
    method: 'POST',
    headers: { authorization: BASIC },
    body,
  });
  expect(renewed.status).toBe(200);
});

it('X gives no refresh token to whoever did not ask to stay', async () => {
  const { body } = await exchange('x', await codeFrom(pageOf('x'), await register('x')));
  expect(body).not.toHaveProperty('refresh_token');
});

it.each([
  [
    'another verifier',
    { code_verifier: 'w'.repeat(64) },
    BASIC,
    400,
    'code verifier did not match the code challenge.',
  ],
  ['another address back', { redirect_uri: 'http://127.0.0.1:9/else' }, BASIC, 400, 'redirect uri did not match'],
  [
    'another app',
    {},
    `Basic ${Buffer.from('our-app:wrong').toString('base64')}`,
    401,
    'Missing valid authorization header',
  ],
])('X exchanges no code with %s', async (_what, changes, basic, status, words) => {
  const code = await codeFrom(pageOf('x'), await register('x'));
  const answer = await exchange('x', code, changes, basic);
  expect(answer.status).toBe(status);
  expect(answer.body.error_description).toContain(words);
});

it('X wants PKCE by S256', async () => {
  await register('x');
  for (const changes of [{ code_challenge: '' }, { code_challenge_method: 'plain' }]) {
    expect((await fetch(pageOf('x', changes))).status).toBe(400);
  }
});

it.each([
  ['x', 31_000],
  ['instagram', 3_601_000],
] as const)('a code of %s ends', async (platform, ms) => {
  const code = await codeFrom(pageOf(platform), await register(platform));
  await stage.control.shiftClock(ms);
  expect((await exchange(platform, code)).status).toBe(400);
});

it('Instagram lets a person allow some scopes alone, and the token of an hour becomes one of 60 days', async () => {
  const account = await register('instagram');
  const code = await codeFrom(pageOf('instagram'), account, ['instagram_business_basic']);
  const { status, body } = await exchange('instagram', code);
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { data: [{ user_id: account, permissions: 'instagram_business_basic' }] },
  });
  const query = new URLSearchParams({
    grant_type: 'ig_exchange_token',
    client_secret: 'our-secret',
    access_token: body.data?.[0]?.access_token ?? '',
  });
  const long = await fetch(`${stage.url}/instagram/access_token?${query}`);
  expect(await long.json()).toMatchObject({ token_type: 'bearer', expires_in: 5_184_000 });
  query.set('client_secret', 'wrong');
  expect((await fetch(`${stage.url}/instagram/access_token?${query}`)).status).toBe(400);
});

it.each([
  ['a code that was used', {}, 'Matching code was not found or was already used'],
  ['another secret', { client_secret: 'wrong' }, 'Invalid Client Secret'],
  ['another address back', { redirect_uri: `${BACK}/` }, 'redirect_uri is identical'],
])('Instagram exchanges no code with %s', async (what, changes, words) => {
  const code = await codeFrom(pageOf('instagram'), await register('instagram'));
  if (what === 'a code that was used') await exchange('instagram', code);
  const { status, body } = await exchange('instagram', code, changes);
  expect(status).toBe(400);
  expect(body).toMatchObject({ error_type: 'OAuthException', code: 400 });
  expect(body.error_message).toContain(words);
});
