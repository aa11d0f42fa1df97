// Text posts through the adapter and the sandbox's sockets: what goes live, and what each refusal of the create means.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CreateReading } from '../../../src/platforms/create-and-look.ts';
import { adapter } from '../../../src/platforms/x/adapter.ts';
import type { AdapterSession } from '../../harness/adapter-session.ts';
import { post } from './facts.ts';
import { openXStage, type XStage } from './x-stage.ts';

let stage: XStage;
beforeAll(async () => {
  stage = await openXStage();
});
afterAll(() => stage.close());

/** Sends the create and reads its answer, which must be complete. */
async function create(session: AdapterSession): Promise<CreateReading> {
  const exchange = await session.sendCreate(adapter);
  if (exchange.kind !== 'answer') throw new TypeError(`no answer: ${exchange.kind}`);
  return adapter.readCreate(exchange, session);
}

test('a text goes live once, under the id and the address the reading names', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Hello & <welcome> to https://example.com/a?b=1') });
  await adapter.prepare(session);
  const reading = await create(session);
  const live = await stage.control.live({ platform: 'x', account: card.id });
  expect(live).toHaveLength(1);
  expect(live[0]).toMatchObject({ text: 'Hello & <welcome> to https://example.com/a?b=1', replyTo: null });
  const id = live[0]?.id;
  expect(reading).toEqual({ kind: 'live', platformPostId: id, url: `https://x.com/i/web/status/${id}` });
});

test('a reply names the post it replies to', async () => {
  const card = await stage.newAccount();
  const first = await create(stage.session({ card, post: post('First') }));
  const replyToPostId = first.kind === 'live' ? first.platformPostId : '';
  await create(stage.session({ card, post: post('Second', [], { replyToPostId }) }));
  const live = await stage.control.live({ platform: 'x', account: card.id });
  expect(live.map(({ text, replyTo }) => ({ text, replyTo }))).toEqual([
    { text: 'First', replyTo: null },
    { text: 'Second', replyTo: replyToPostId },
  ]);
});

test('a reply to a post that is gone is refused', async () => {
  const card = await stage.newAccount();
  const reply = post('Hello', [], { replyToPostId: '1600000000000000009' });
  expect(await create(stage.session({ card, post: reply }))).toMatchObject({
    kind: 'refused',
    cause: { code: 'publish_failed', stage: 'create' },
  });
});

const REFUSALS: readonly (readonly [preset: string, kind: CreateReading['kind'], code: string])[] = [
  ['unauthorized', 'refused', 'auth_expired'],
  ['duplicate_content', 'unclear', 'publish_failed'],
  ['invalid_media_ids', 'refused', 'media_invalid'],
  ['invalid_parameter', 'refused', 'publish_failed'],
  ['text_too_long', 'refused', 'publish_failed'],
  ['credits_depleted', 'refused', 'permissions_missing'],
  ['credits_depleted_alt', 'refused', 'permissions_missing'],
  ['not_permitted', 'refused', 'publish_failed'],
  ['video_too_long', 'refused', 'media_invalid'],
  ['invalid_url', 'refused', 'publish_failed'],
  ['cashtags', 'refused', 'publish_failed'],
  ['unsupported_authentication', 'refused', 'auth_failed'],
  ['oauth1_permissions', 'refused', 'permissions_missing'],
  ['client_forbidden', 'refused', 'permissions_missing'],
  ['code_453', 'refused', 'permissions_missing'],
  ['not_authorized_for_resource', 'refused', 'publish_failed'],
  ['user_suspended', 'refused', 'auth_failed'],
  ['account_locked', 'refused', 'auth_failed'],
  ['resource_not_found', 'refused', 'publish_failed'],
  ['payload_too_large', 'refused', 'media_invalid'],
  ['usage_capped', 'refused', 'rate_limited'],
  ['rate_limited_code_88', 'refused', 'rate_limited'],
  ['request_timeout', 'unclear', 'unknown'],
  ['internal_error', 'unclear', 'unknown'],
  ['bad_gateway', 'unclear', 'unknown'],
  ['over_capacity', 'unclear', 'unknown'],
  ['gateway_timeout', 'unclear', 'unknown'],
];

test.each(REFUSALS)('a create refused with %s is %s: %s', async (preset, kind, code) => {
  const card = await stage.newAccount();
  const fault = { kind: 'refuse_before', preset } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'create_post', fault });
  expect(await create(stage.session({ card, post: post('Hello') }))).toMatchObject({ kind, cause: { code } });
  expect(await stage.control.live({ platform: 'x', account: card.id })).toEqual([]);
});

test('a grant without tweet.write lacks a permission', async () => {
  const card = await stage.newAccount({ scopes: ['tweet.read', 'users.read'] });
  expect(await create(stage.session({ card, post: post('Hello') }))).toMatchObject({
    kind: 'refused',
    cause: { code: 'permissions_missing', source: 'raw_error_signature' },
  });
});

test('a redirect is not followed', async () => {
  const card = await stage.newAccount();
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'create_post', fault: { kind: 'redirect' } });
  expect(await create(stage.session({ card, post: post('Hello') }))).toMatchObject({ kind: 'unclear' });
  expect(await stage.control.live({ platform: 'x', account: card.id })).toEqual([]);
});

test.each(['epoch', 'delta', 'retry_after', 'retry_after_date', 'day'])(
  'a throttled create in the form %s resumes when X says',
  async (form) => {
    const card = await stage.newAccount();
    const fault = { kind: 'rate_limited', form, resetInMs: 3_600_000 } as const;
    await stage.control.addFault({ platform: 'x', account: card.id, call: 'create_post', fault });
    const reading = await create(stage.session({ card, post: post('Hello') }));
    expect(reading).toMatchObject({ kind: 'refused', cause: { code: 'rate_limited' } });
    const resumeAt = reading.kind === 'refused' ? Date.parse(reading.cause.resumeAt ?? '') : 0;
    expect(Math.abs(resumeAt - Date.now() - 3_600_000)).toBeLessThan(10_000);
  },
);

test('no token of the grant reaches a cause, even when X repeats it', async () => {
  const card = await stage.newAccount();
  const body = { title: 'Forbidden', detail: `Bad token ${card.accessToken} (refresh ${card.refreshToken})` };
  const fault = { kind: 'refuse_before', status: 403, body } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'create_post', fault });
  const reading = JSON.stringify(await create(stage.session({ card, post: post('Hello') })));
  expect(reading).toContain('[redacted]');
  expect(reading).not.toContain(card.accessToken);
  expect(reading).not.toContain(card.refreshToken);
});
