// Renewing a grant: the refresh token rotates, a dead one ends the connection, and nothing else ever does.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Grant } from '../../../src/platforms/sessions.ts';
import { adapter } from '../../../src/platforms/x/adapter.ts';
import type { AccountCard, NewFault } from '../../../src/sandbox/control.ts';
import { ALL_SCOPES, post } from './facts.ts';
import { grantOf, openXStage, type XStage } from './x-stage.ts';

let stage: XStage;
beforeAll(async () => {
  stage = await openXStage();
});
afterAll(() => stage.close());

function renew(card: AccountCard, grant: Grant = grantOf(card)) {
  return adapter.renew(stage.session({ card, grant, post: post('Hello'), timeoutMs: 500 }));
}

async function tokenFault(card: AccountCard, fault: NewFault['fault']): Promise<void> {
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'token', fault });
}

test.each([
  ['public client', false],
  ['confidential client', true],
])('a %s renews an expired grant, and again with what it was given', async (_name, confidentialClient) => {
  const card = await stage.newAccount({ tokenState: 'expired', confidentialClient });
  const first = await renew(card);
  expect(first.grant).toMatchObject({ clientId: card.clientId });
  expect(first.grant.accessToken).not.toBe(card.accessToken);
  expect(first.grant.refreshToken).not.toBe(card.refreshToken);
  expect(first.scopes).toEqual(ALL_SCOPES);
  const expiresInMs = (first.expiresAt?.getTime() ?? 0) - Date.now();
  expect(Math.abs(expiresInMs - 7_200_000)).toBeLessThan(10_000);
  const second = await renew(card, first.grant);
  const session = stage.session({ card, grant: second.grant, post: post('Hello') });
  expect(await session.sendCreate(adapter)).toMatchObject({ kind: 'answer', status: 201 });
});

test('a refresh token that was used before ends the connection', async () => {
  const card = await stage.newAccount();
  await renew(card);
  await expect(renew(card)).rejects.toMatchObject({
    name: 'StepRefused',
    cause: { code: 'reconnect_required', stage: 'grant', source: 'raw_error_signature' },
  });
});

test('a revoked grant cannot be renewed', async () => {
  const card = await stage.newAccount({ tokenState: 'revoked' });
  await expect(renew(card)).rejects.toMatchObject({ cause: { code: 'reconnect_required' } });
});

test('a renewal whose answer was lost has used up the token: the next one says so', async () => {
  const card = await stage.newAccount();
  await tokenFault(card, { kind: 'commit_then_reset' });
  await expect(renew(card)).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'grant' });
  await expect(renew(card)).rejects.toMatchObject({ cause: { code: 'reconnect_required' } });
});

test("a wrong secret is our app's, not a dead grant", async () => {
  const card = await stage.newAccount({ confidentialClient: true });
  const wrong = { ...grantOf(card), clientSecret: 'not-the-secret-of-this-client' };
  await expect(renew(card, wrong)).rejects.toMatchObject({ name: 'AppFault', cause: { code: 'auth_failed' } });
  await expect(renew(card)).resolves.toMatchObject({ scopes: ALL_SCOPES });
});

test.each([
  ['token_invalid_grant', 'StepRefused', 'reconnect_required'],
  ['token_invalid_request', 'StepRefused', 'reconnect_required'],
  ['token_unauthorized_client', 'AppFault', 'auth_failed'],
  ['token_invalid_client', 'AppFault', 'auth_failed'],
  ['credits_depleted', 'AppFault', 'permissions_missing'],
])('a token endpoint that says %s is a %s: %s', async (preset, name, code) => {
  const card = await stage.newAccount();
  await tokenFault(card, { kind: 'refuse_before', preset });
  await expect(renew(card)).rejects.toMatchObject({ name, cause: { code, stage: 'grant' } });
});

const PASSING: readonly (readonly [name: string, fault: NewFault['fault']])[] = [
  ['is reset', { kind: 'reset_before' }],
  ['hangs', { kind: 'hang_before' }],
  ['is a 500', { kind: 'refuse_before', preset: 'internal_error' }],
  ['is a 503', { kind: 'refuse_before', preset: 'over_capacity' }],
  ['is a redirect', { kind: 'redirect' }],
  ['is a 403', { kind: 'refuse_before', preset: 'forbidden' }],
  ['is a 401 that names no client', { kind: 'unauthorized' }],
  ['is a 401 without a word', { kind: 'html_error', status: 401 }],
  [
    'is a 400 for a request of ours',
    {
      kind: 'refuse_before',
      status: 400,
      body: { error: 'invalid_request', error_description: 'Missing required parameter [client_id].' },
    },
  ],
  ['is a 400 for another reason', { kind: 'refuse_before', status: 400, body: { error: 'unsupported_grant_type' } }],
  ['is a 400 in HTML', { kind: 'html_error', status: 400 }],
];

test.each(PASSING)('a renewal that %s leaves the grant as it was', async (_name, fault) => {
  const card = await stage.newAccount();
  await tokenFault(card, fault);
  await expect(renew(card)).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'grant' });
  await expect(renew(card)).resolves.toMatchObject({ scopes: ALL_SCOPES });
  expect(await stage.control.calls({ account: card.id, call: 'token' })).toHaveLength(2);
});

test('a renewal that is throttled says until when, and leaves the grant as it was', async () => {
  const card = await stage.newAccount();
  await tokenFault(card, { kind: 'rate_limited', form: 'epoch', resetInMs: 600_000 });
  await expect(renew(card)).rejects.toMatchObject({
    name: 'StepRefused',
    cause: { code: 'rate_limited', resumeAt: expect.any(String) },
  });
  await expect(renew(card)).resolves.toMatchObject({ scopes: ALL_SCOPES });
});

test.each([
  ['garbage', { kind: 'commit_then_garbage' }],
  ['no token', { kind: 'refuse_before', status: 200, body: { expires_in: 7_200 } }],
  ['a list', { kind: 'refuse_before', status: 200, body: [] }],
  ['nothing', { kind: 'refuse_before', status: 200 }],
] as const)('a renewal answered with %s is unanswered', async (_name, fault) => {
  const card = await stage.newAccount();
  await tokenFault(card, fault);
  await expect(renew(card)).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'grant' });
});

test('an answer without a token type, a new refresh token and scopes keeps what was known', async () => {
  const card = await stage.newAccount();
  await tokenFault(card, {
    kind: 'refuse_before',
    status: 200,
    body: { access_token: 'new-token', expires_in: 7_200 },
  });
  const renewed = await renew(card);
  expect(renewed.grant).toEqual({ ...grantOf(card), accessToken: 'new-token' });
  expect(renewed.scopes).toBeUndefined();
});

test('a grant without a refresh token asks for a new connection without calling X', async () => {
  const card = await stage.newAccount();
  const { refreshToken: _none, ...grant } = grantOf(card);
  await expect(renew(card, grant)).rejects.toMatchObject({ cause: { code: 'reconnect_required' } });
  expect(await stage.control.calls({ call: 'token', account: card.id })).toEqual([]);
});

test('no token reaches an error, whatever X answers with it', async () => {
  const card = await stage.newAccount();
  const secret = 'brand-new-access-token';
  const leaky = [
    { status: 200, body: { access_token: secret, token_type: 7 } },
    { status: 400, body: { error: 'invalid_grant', error_description: `token ${card.refreshToken} is dead` } },
  ];
  for (const answer of leaky) {
    await tokenFault(card, { kind: 'refuse_before', ...answer });
    const error: unknown = await renew(card).catch((thrown: unknown) => thrown);
    const told = error instanceof Error ? `${error.stack} ${JSON.stringify(error)} ${JSON.stringify(error.cause)}` : '';
    expect(told).toContain('Step');
    expect(told).not.toContain(secret);
    expect(told).not.toContain(card.refreshToken);
  }
});
