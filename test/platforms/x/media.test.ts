// Media on their way to X: uploaded once, transcoded, described, remembered, and never a reason to post twice.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adapter } from '../../../src/platforms/x/adapter.ts';
import { ALL_SCOPES, post } from './facts.ts';
import { openXStage, type SessionFacts, sentNow, type XStage } from './x-stage.ts';

const MIB = 1024 ** 2;

let stage: XStage;
beforeAll(async () => {
  stage = await openXStage();
});
afterAll(() => stage.close());

/** One attempt: prepares, sends, reads. Answers what came of it. */
async function attempt(facts: SessionFacts) {
  const session = stage.session(facts);
  await adapter.prepare(session);
  const exchange = await session.sendCreate(adapter);
  if (exchange.kind !== 'answer') throw new TypeError(`no answer: ${exchange.kind}`);
  return { session, reading: adapter.readCreate(exchange, session) };
}

async function liveMedia(account: string) {
  const live = await stage.control.live({ platform: 'x', account });
  return live.map(({ media }) => media.map(({ kind, altText }) => ({ kind, altText })));
}

async function callsOf(account: string): Promise<string[]> {
  return (await stage.control.calls({ platform: 'x', account })).map(({ call }) => call);
}

test('a photo goes up in one call, is described and attached', async () => {
  const card = await stage.newAccount();
  const photo = stage.file('sample.jpg', { altText: 'A grey square' });
  const { session, reading } = await attempt({ card, post: post('Look', [photo]) });
  expect(reading.kind).toBe('live');
  expect(await liveMedia(card.id)).toEqual([[{ kind: 'photo', altText: 'A grey square' }]]);
  expect(await callsOf(card.id)).toEqual(['media_upload', 'media_metadata', 'create_post']);
  expect(session.reached).toEqual(['media_finalized', 'media_ready', 'media_described']);
});

test('four photos go on one post, in their order, and no text is needed', async () => {
  const card = await stage.newAccount();
  const photos = ['1', '2', '3', '4'].map((altText) => stage.file('sample.png', { altText }));
  const { reading } = await attempt({ card, post: post('', photos) });
  expect(reading.kind).toBe('live');
  expect(await liveMedia(card.id)).toEqual([['1', '2', '3', '4'].map((altText) => ({ kind: 'photo', altText }))]);
});

test.each([
  ['GIF', 'sample.gif', 'animated_gif', {}, 1],
  ['video', 'sample.mp4', 'video', { sizeBytes: 9 * MIB }, 3],
] as const)('a %s goes up in segments of at most 4 MB and is awaited', async (_name, sample, kind, more, segments) => {
  const card = await stage.newAccount({ settings: { processingMs: 300 } });
  const { session, reading } = await attempt({ card, post: post('Look', [stage.file(sample, more)]) });
  expect(reading.kind).toBe('live');
  expect(await liveMedia(card.id)).toEqual([[{ kind, altText: null }]]);
  const appended = Array.from({ length: segments }, () => 'media_appended');
  expect(session.reached).toEqual(['media_initialized', ...appended, 'media_finalized', 'media_ready']);
  const calls = await callsOf(card.id);
  expect(calls.filter((call) => call === 'media_append')).toHaveLength(segments);
  expect(calls.filter((call) => call === 'media_status')).toHaveLength(1);
});

test('a later attempt goes on with what was uploaded', async () => {
  const card = await stage.newAccount({ settings: { processingMs: 0 } });
  const item = stage.file('sample.mp4', { altText: 'A film' });
  const facts = { card, post: post('Look', [item]), saved: new Map() };
  await adapter.prepare(stage.session(facts));
  const calls = await callsOf(card.id);
  const { reading } = await attempt(facts);
  expect(reading.kind).toBe('live');
  expect(await callsOf(card.id)).toEqual([...calls, 'create_post']);
});

test('what is saved names the upload, its key and its end, as soon as they are known', async () => {
  const card = await stage.newAccount({ settings: { processingMs: 0 } });
  const item = stage.file('sample.mp4');
  const session = stage.session({ card, post: post('Look', [item]) });
  const seen: unknown[] = [];
  const watched = {
    ...session,
    reach: async (point: string) => void seen.push([point, structuredClone([...session.saved.values()])]),
  };
  await adapter.prepare(watched);
  const shared = { id: expect.stringMatching(/^\d+$/), mediaKey: expect.stringMatching(/^7_\d+$/) };
  const saved = { ...shared, sizeBytes: item.sizeBytes, usableUntil: expect.any(String), altText: null };
  expect(seen).toEqual([
    ['media_initialized', [{ ...saved, finalized: false, ready: false }]],
    ['media_appended', [{ ...saved, finalized: false, ready: false }]],
    ['media_finalized', [{ ...saved, finalized: true, ready: expect.any(Boolean) }]],
    ['media_ready', [{ ...saved, finalized: true, ready: true }]],
  ]);
});

test('an upload that is too old is uploaded again', async () => {
  const card = await stage.newAccount();
  const facts = { card, post: post('Look', [stage.file('sample.jpg')]), saved: new Map() };
  const session = stage.session(facts);
  await adapter.prepare(session);
  const tomorrow = new Date(Date.now() + 24 * 3_600_000);
  await adapter.prepare({ ...session, now: () => tomorrow });
  expect(await callsOf(card.id)).toEqual(['media_upload', 'media_upload']);
});

test('media that were exchanged at the same address are uploaded again', async () => {
  const card = await stage.newAccount();
  const item = stage.file('sample.jpg');
  const saved = new Map();
  await adapter.prepare(stage.session({ card, post: post('Look', [item]), saved }));
  const exchanged = stage.file('sample.png', { url: item.url });
  await adapter.prepare(stage.session({ card, post: post('Look', [exchanged]), saved }));
  expect(await callsOf(card.id)).toEqual(['media_upload', 'media_upload']);
});

test('X is asked again after the pause it names, and not sooner', async () => {
  const card = await stage.newAccount({ settings: { processingMs: 7_000 } });
  const session = stage.session({ card, post: post('Look', [stage.file('sample.mp4')]), mediaProcessingMs: 60_000 });
  const pausesMs: number[] = [];
  const wait = async (ms: number) => {
    pausesMs.push(ms);
    await stage.control.shiftClock(ms);
  };
  await adapter.prepare({ ...session, wait });
  await stage.control.shiftClock(0);
  expect(pausesMs).toEqual([7_000]);
  expect((await callsOf(card.id)).filter((call) => call === 'media_status')).toHaveLength(1);
});

test('an upload that broke off is begun again', async () => {
  const card = await stage.newAccount({ settings: { processingMs: 0 } });
  const facts = { card, post: post('Look', [stage.file('sample.mp4', { sizeBytes: 9 * MIB })]), saved: new Map() };
  const broken = { kind: 'unauthorized' } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'media_append', fault: broken, skip: 1 });
  await expect(adapter.prepare(stage.session(facts))).rejects.toMatchObject({ cause: { code: 'auth_expired' } });
  const { reading } = await attempt(facts);
  expect(reading.kind).toBe('live');
  expect((await callsOf(card.id)).filter((call) => call === 'media_initialize')).toHaveLength(2);
});

test('a video that X cannot process is invalid, and uploaded anew by a later attempt', async () => {
  const card = await stage.newAccount({ settings: { processingMs: 100 } });
  const facts = { card, post: post('Look', [stage.file('sample.mp4')]), saved: new Map() };
  const fault = { kind: 'processing_failed', name: 'InvalidMedia' } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'media_finalize', fault });
  await expect(adapter.prepare(stage.session(facts))).rejects.toMatchObject({
    cause: { code: 'media_invalid', stage: 'media', externalText: expect.stringContaining('Unsupported video format') },
  });
  expect(facts.saved.size).toBe(0);
  expect((await attempt(facts)).reading.kind).toBe('live');
});

test('what is refused of one photo among several says which it was, and a refusal of the account names none', async () => {
  const card = await stage.newAccount();
  const photos = [stage.file('sample.jpg'), stage.file('sample.png', { sizeBytes: 7 }), stage.file('sample.jpg')];
  await expect(adapter.prepare(stage.session({ card, post: post('Look', photos) }))).rejects.toMatchObject({
    cause: { code: 'media_invalid', mediaItem: 1 },
  });
  const dead = { platform: 'x', account: card.id, call: 'media_upload', fault: { kind: 'unauthorized' } } as const;
  await stage.control.addFault({ ...dead, skip: 0 });
  const whole = post('Look', [stage.file('sample.jpg'), stage.file('sample.png')]);
  const refused = adapter.prepare(stage.session({ card, post: whole }));
  await expect(refused).rejects.toMatchObject({ cause: expect.not.objectContaining({ mediaItem: expect.anything() }) });
});

test('a video that never gets ready times out, and a later attempt goes on waiting for it', async () => {
  const card = await stage.newAccount({ settings: { processingMs: 2_500 } });
  const facts = { card, post: post('Look', [stage.file('sample.mp4')]), saved: new Map() };
  await expect(adapter.prepare(stage.session({ ...facts, mediaProcessingMs: 500 }))).rejects.toMatchObject({
    cause: { code: 'child_processing_timeout', stage: 'media' },
  });
  const { reading } = await attempt({ ...facts, mediaProcessingMs: 10_000 });
  expect(reading.kind).toBe('live');
  expect((await callsOf(card.id)).filter((call) => call === 'media_initialize')).toHaveLength(1);
});

test('a video that is not ready after a second wait either is uploaded anew', async () => {
  const card = await stage.newAccount({ settings: { processingMs: 100 } });
  const facts = { card, post: post('Look', [stage.file('sample.mp4')]), saved: new Map(), mediaProcessingMs: 500 };
  const fault = { kind: 'processing_never_ends' } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'media_finalize', fault });
  await expect(adapter.prepare(stage.session(facts))).rejects.toMatchObject({
    cause: { code: 'child_processing_timeout' },
  });
  expect((await attempt(facts)).reading.kind).toBe('live');
  expect((await callsOf(card.id)).filter((call) => call === 'media_initialize')).toHaveLength(2);
});

test.each([
  [
    'the grant lacks media.write',
    ALL_SCOPES.filter((scope) => scope !== 'media.write'),
    'x_media_upload_scope_missing',
  ],
  ['the app lacks the capability', ALL_SCOPES, 'x_media_capability_missing'],
])('a photo is refused when %s', async (_name, scopes, code) => {
  const card = await stage.newAccount({ scopes: [...scopes], settings: { mediaCapability: false } });
  const session = stage.session({ card, post: post('Look', [stage.file('sample.jpg')]) });
  await expect(adapter.prepare(session)).rejects.toMatchObject({
    name: 'StepRefused',
    cause: { code, bucket: 'permissions_missing', stage: 'media', httpStatus: 403 },
  });
});

test('a scope taken from the token but not from the record is a missing capability: the record decides', async () => {
  const card = await stage.newAccount();
  await stage.control.changeTokens(card.id, { action: 'drop_scope', scope: 'media.write' });
  const session = stage.session({ card, post: post('Look', [stage.file('sample.mp4')]) });
  await expect(adapter.prepare(session)).rejects.toMatchObject({ cause: { code: 'x_media_capability_missing' } });
});

test('media ids that X no longer knows are refused at the create; forgotten, they are uploaded again, once', async () => {
  const card = await stage.newAccount();
  const facts = { card, post: post('Look', [stage.file('sample.jpg')]), saved: new Map() };
  await adapter.prepare(stage.session(facts));
  for (const [key, value] of facts.saved) facts.saved.set(key, { ...value, id: '1600000000000000009' });
  const { reading } = await attempt(facts);
  expect(reading).toMatchObject({ kind: 'refused', cause: { code: 'media_invalid' } });
  for (const key of reading.kind === 'refused' ? (reading.forget ?? []) : []) facts.saved.delete(key);
  expect((await attempt(facts)).reading.kind).toBe('live');
  expect((await callsOf(card.id)).filter((call) => call === 'media_upload')).toHaveLength(2);
});

test('a post with media whose answer was lost is recognised by its medium, even without text', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('', [stage.file('sample.jpg')]) });
  await adapter.prepare(session);
  const { markers } = adapter.create(session);
  const intent = sentNow(session, markers);
  expect(await adapter.look(session, intent)).toEqual({ kind: 'missing', coverage: { kind: 'whole_list' } });
  const fault = { kind: 'commit_then_reset' } as const;
  await stage.control.addFault({ platform: 'x', account: card.id, call: 'create_post', fault });
  await session.sendCreate(adapter);
  const [live] = await stage.control.live({ platform: 'x', account: card.id });
  expect(await adapter.look(session, intent)).toMatchObject({ kind: 'live', platformPostId: live?.id });
});

test('a create whose uploads are not ready is never built', async () => {
  const card = await stage.newAccount();
  const session = stage.session({ card, post: post('Look', [stage.file('sample.jpg')]) });
  expect(() => adapter.create(session)).toThrow(expect.objectContaining({ name: 'StepUnanswered', stage: 'media' }));
});
