// Each of X's media calls, met by each thing that can go wrong with it: asked again, or a typed refusal that a later
// attempt recovers from; one post goes live in the end.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Json } from '../../../src/platforms/sessions.ts';
import { adapter } from '../../../src/platforms/x/adapter.ts';
import { post } from './facts.ts';
import { openXStage, type SessionFacts, type XStage } from './x-stage.ts';

let stage: XStage;
beforeAll(async () => {
  stage = await openXStage();
});
afterAll(() => stage.close());

type MediaCall =
  | 'media_initialize'
  | 'media_append'
  | 'media_finalize'
  | 'media_status'
  | 'media_metadata'
  | 'media_upload';

const CALLS: readonly MediaCall[] = [
  'media_initialize',
  'media_append',
  'media_finalize',
  'media_status',
  'media_metadata',
  'media_upload',
];

/** A described item that needs the call: a photo for the one-shot upload, else a video. */
async function postOver(call: MediaCall): Promise<SessionFacts & { saved: Map<string, Json> }> {
  const card = await stage.newAccount({ settings: { processingMs: call === 'media_status' ? 200 : 0 } });
  const media = [stage.file(call === 'media_upload' ? 'sample.jpg' : 'sample.mp4', { altText: 'Described' })];
  return { card, post: post('Look', media), saved: new Map<string, Json>(), timeoutMs: 1_000 };
}

async function publishOnce(facts: SessionFacts): Promise<void> {
  const session = stage.session(facts);
  await adapter.prepare(session);
  expect(await session.sendCreate(adapter)).toMatchObject({ kind: 'answer', status: 201 });
  const live = await stage.control.live({ platform: 'x', account: facts.card.id });
  expect(live.map(({ media }) => media.map(({ altText }) => altText))).toEqual([['Described']]);
}

const LOST = ['commit_then_reset', 'commit_then_hang', 'commit_then_truncate', 'reset_before', 'hang_before'] as const;

/** Refusals that outages have worn: 404 on media, 2025-05-28, 05-30 and 2026-01-29. A redirect is nobody's word. */
const PASSING = [
  ['something gone', { kind: 'refuse_before', preset: 'resource_not_found' }],
  ['an address that X says it lacks', { kind: 'refuse_before', status: 404, body: { code: 34, message: 'No page.' } }],
  ['a gateway', { kind: 'html_error', status: 403 }],
  ['a redirect', { kind: 'redirect' }],
] as const;

const REFUSALS = [
  ['an expired token', { kind: 'unauthorized' }, 'auth_expired'],
  ['throttling', { kind: 'rate_limited', form: 'day' }, 'rate_limited'],
  ['a file too large', { kind: 'refuse_before', preset: 'payload_too_large' }, 'media_invalid'],
  ['a capability it lacks', { kind: 'refuse_before', preset: 'forbidden' }, 'x_media_capability_missing'],
  ['a bad parameter', { kind: 'refuse_before', preset: 'invalid_parameter' }, 'media_invalid'],
  ['a suspended account', { kind: 'refuse_before', preset: 'user_suspended' }, 'auth_failed'],
] as const;

const APP_FAULTS = [
  ['a lack of credits', { kind: 'refuse_before', preset: 'credits_depleted' }, 'permissions_missing'],
  ['a tier that lacks it', { kind: 'refuse_before', preset: 'code_453' }, 'x_media_capability_missing'],
  ['an app in no project', { kind: 'refuse_before', preset: 'client_forbidden' }, 'permissions_missing'],
] as const;

for (const call of CALLS) {
  test.concurrent.each(LOST)(`${call}: an answer that was lost (%s) is asked for again`, async (kind) => {
    const facts = await postOver(call);
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault: { kind } });
    await publishOnce(facts);
  });

  test.concurrent.each(REFUSALS)(`${call}: refused for %s`, async (_name, fault, code) => {
    const facts = await postOver(call);
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault });
    await expect(adapter.prepare(stage.session(facts))).rejects.toMatchObject({
      name: 'StepRefused',
      cause: { code, stage: 'media', ...(code === 'rate_limited' ? { resumeAt: expect.any(String) } : {}) },
    });
    await publishOnce(facts);
  });

  test.concurrent.each(PASSING)(`${call}: refused once by %s is asked again`, async (_name, fault) => {
    const facts = await postOver(call);
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault });
    await publishOnce(facts);
  });

  test.concurrent.each(APP_FAULTS)(`${call}: refused to our app for %s`, async (_name, fault, code) => {
    const facts = await postOver(call);
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault });
    const expected = { name: 'AppFault', stage: 'media', cause: { code, stage: 'media' } };
    await expect(adapter.prepare(stage.session(facts))).rejects.toMatchObject(expected);
    await publishOnce(facts);
  });

  test.concurrent(`${call}: what is gone after three tries is gone`, async () => {
    const facts = await postOver(call);
    const gone = { kind: 'refuse_before', preset: 'resource_not_found' } as const;
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault: gone, times: 3 });
    const prepared = adapter.prepare(stage.session(facts));
    if (call === 'media_finalize') await prepared;
    else await expect(prepared).rejects.toMatchObject({ name: 'StepRefused', cause: { code: 'media_invalid' } });
  });

  test.concurrent(`${call}: a gateway that refuses for long leaves the step for later, and blames nobody`, async () => {
    const facts = await postOver(call);
    const fault = { kind: 'html_error', status: 403 } as const;
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault, times: 3 });
    const prepared = adapter.prepare(stage.session(facts));
    await expect(prepared).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'media' });
    await publishOnce(facts);
  });

  test.concurrent(`${call}: server errors that outlast the tries are a failed step`, async () => {
    const facts = await postOver(call);
    const fault = { kind: 'html_error', status: 503 } as const;
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault, times: 3 });
    await expect(adapter.prepare(stage.session(facts))).rejects.toMatchObject({
      name: 'StepRefused',
      cause: { code: 'child_create_failed', stage: 'media' },
    });
  });

  test.concurrent(`${call}: no answer at all leaves the step for later`, async () => {
    const facts = await postOver(call);
    const fault = { kind: 'reset_before' } as const;
    await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault, times: 3 });
    const prepared = adapter.prepare(stage.session(facts));
    await expect(prepared).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'media' });
  });
}

const ANSWERED_WITH_IDS = CALLS.filter((call) => call !== 'media_append' && call !== 'media_metadata');

test.concurrent.each(ANSWERED_WITH_IDS)('%s: an answer that cannot be read is no answer', async (call) => {
  const facts = await postOver(call);
  const fault = { kind: 'commit_then_garbage' } as const;
  await stage.control.addFault({ platform: 'x', account: facts.card.id, call, fault });
  const prepared = adapter.prepare(stage.session(facts));
  await expect(prepared).rejects.toMatchObject({ name: 'StepUnanswered', stage: 'media' });
  await publishOnce(facts);
});

test('a finalize that X refuses the second time is asked about, since the first one may have taken effect', async () => {
  const facts = await postOver('media_status');
  const { id: account } = facts.card;
  const call = 'media_finalize';
  const refusal = {
    kind: 'refuse_before',
    status: 400,
    body: { errors: [{ message: 'Already finalized.' }] },
  } as const;
  await stage.control.addFault({ platform: 'x', account, call, fault: { kind: 'commit_then_reset' } });
  await stage.control.addFault({ platform: 'x', account, call, fault: refusal, skip: 1 });
  await publishOnce(facts);
  expect(await stage.control.calls({ account, call })).toHaveLength(2);
});

test('a finalize that X refuses for good stays refused', async () => {
  const facts = await postOver('media_finalize');
  const { id: account } = facts.card;
  const gone = { kind: 'refuse_before', preset: 'resource_not_found' } as const;
  await stage.control.addFault({ platform: 'x', account, call: 'media_finalize', fault: { kind: 'reset_before' } });
  await stage.control.addFault({ platform: 'x', account, call: 'media_finalize', fault: gone, times: 2 });
  await stage.control.addFault({ platform: 'x', account, call: 'media_status', fault: gone, times: 3 });
  await expect(adapter.prepare(stage.session(facts))).rejects.toMatchObject({ cause: { code: 'media_invalid' } });
});

test.each([
  ['a state that nobody has heard of', { state: 'quarantined', check_after_secs: null, error: null }],
  ['a state, and nothing else', { state: 'pending' }],
])('a medium in %s is still running', async (_what, processing_info) => {
  const facts = await postOver('media_status');
  const { id: account } = facts.card;
  const body = { data: { id: '1840000000000000001', media_key: null, expires_after_secs: null, processing_info } };
  const fault = { kind: 'refuse_before', status: 200, body } as const;
  await stage.control.addFault({ platform: 'x', account, call: 'media_status', fault });
  await publishOnce(facts);
  expect(await stage.control.calls({ account, call: 'media_status' })).toHaveLength(2);
});
