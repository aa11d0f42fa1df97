// The create call, byte for byte, and what each kind of answer to it means.
import { afterEach, describe, expect, test } from 'vitest';
import { adapter } from '../../../src/platforms/bluesky/adapter.ts';
import { create } from '../../../src/platforms/bluesky/create.ts';
import type { Json } from '../../../src/platforms/sessions.ts';
import { StepUnanswered } from '../../../src/platforms/step-errors.ts';
import type { HttpAnswer } from '../../../src/transport/exchange.ts';
import { type AdapterSession, openAdapterSession } from '../../harness/adapter-session.ts';
import { anAccount, aPost, DID } from './post-on-paper.ts';

// Worked out in Python, like the key in record-key.test.ts.
const RKEY = '3mn7ppqdqmezb';
const NOW = new Date('2026-06-02T07:30:00.125Z');
const URI = `at://${DID}/app.bsky.feed.post/${RKEY}`;
const URL_OF_POST = `https://bsky.app/profile/${DID}/post/${RKEY}`;

const sessions: AdapterSession[] = [];
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});

function open(post = aPost(), saved: Readonly<Record<string, Json>> = {}, now = NOW): AdapterSession {
  const grant = { accessToken: 'token-of-alice' };
  const session = openAdapterSession({
    account: anAccount(),
    post,
    grant,
    now: () => now,
    saved: new Map(Object.entries(saved)),
  });
  sessions.push(session);
  return session;
}

const blob = (link: string, mimeType = 'image/png') => ({ $type: 'blob', ref: { $link: link }, mimeType, size: 70 });
const upload = (url: string, uploaded: ReturnType<typeof blob>) => ({
  url,
  uploadedAt: '2026-06-01T08:59:00Z',
  blob: uploaded,
});
const image = (name: string) =>
  ({ url: `https://cdn.example.com/${name}`, mediaType: 'image/png', sizeBytes: 70 }) as const;

function bodyOf(session: AdapterSession): unknown {
  return JSON.parse(String(create(session).request.body));
}

describe('the create call', () => {
  test('writes our record under our key, only where no record stands', () => {
    const { request, markers } = create(
      open(aPost({ text: 'Grüße an @alice.test #fest', options: { langs: ['de'] } }), { 'mention.alice.test': DID }),
    );
    expect(request).toMatchObject({
      method: 'POST',
      url: 'https://pds.example.com/xrpc/com.atproto.repo.putRecord',
      headers: { authorization: 'Bearer token-of-alice', 'content-type': 'application/json' },
    });
    expect(JSON.parse(String(request.body))).toEqual({
      repo: DID,
      collection: 'app.bsky.feed.post',
      rkey: RKEY,
      record: {
        $type: 'app.bsky.feed.post',
        text: 'Grüße an @alice.test #fest',
        createdAt: '2026-06-02T07:30:00.125Z',
        langs: ['de'],
        facets: [
          { index: { byteStart: 11, byteEnd: 22 }, features: [{ $type: 'app.bsky.richtext.facet#mention', did: DID }] },
          { index: { byteStart: 23, byteEnd: 28 }, features: [{ $type: 'app.bsky.richtext.facet#tag', tag: 'fest' }] },
        ],
      },
      swapRecord: null,
    });
    // Python's hashlib over the record above, keys sorted, no blanks.
    const recordSha256 = '87c51f408965a0756c8eaf241f0a262c1d5b7d6b9cd8ecca0658ebc8d599e2d6';
    expect(markers).toEqual({ rkey: RKEY, recordSha256, createdAt: '2026-06-02T07:30:00.125Z' });
  });

  test('is the same to the byte in every attempt after the first that may have left, whenever it is made', () => {
    const post = aPost({ text: 'Hello @alice.test', media: [image('a.png')] });
    const saved = { 'mention.alice.test': DID, 'blob.0': upload('https://cdn.example.com/a.png', blob('bafkrei1')) };
    const first = adapter.create(open(post, saved));
    const firstCreate = { sentAt: NOW, markers: first.markers };
    const aDayLater = new Date('2026-06-03T07:30:00.125Z');
    expect(adapter.create(open({ ...post, firstCreate }, { ...saved }, aDayLater))).toEqual(first);
  });

  test('is made at the instant of its first attempt, however late that is: feeds would bury it under an older one', () => {
    const late = new Date('2026-07-09T10:11:12.130Z');
    expect(bodyOf(open(aPost(), {}, late))).toMatchObject({ record: { createdAt: '2026-07-09T10:11:12.130Z' } });
  });

  test('goes under the key that a version before chose, which kept no instant beside it', () => {
    const firstCreate = { sentAt: NOW, markers: { rkey: '3mn7pppubowp4', recordSha256: 'a'.repeat(64) } };
    expect(bodyOf(open(aPost({ firstCreate })))).toMatchObject({
      rkey: '3mn7pppubowp4',
      record: { createdAt: '2026-06-02T07:30:00.125Z' },
    });
  });

  test('carries images in order, with alternative text and proportions', () => {
    const media = [{ ...image('a.png'), altText: 'A cat', widthPx: 4, heightPx: 3 }, image('b.png')];
    const saved = {
      'blob.0': upload('https://cdn.example.com/a.png', blob('bafkrei1')),
      'blob.1': upload('https://cdn.example.com/b.png', blob('bafkrei2', 'image/jpeg')),
    };
    expect(bodyOf(open(aPost({ media }), saved))).toMatchObject({
      record: {
        embed: {
          $type: 'app.bsky.embed.images',
          images: [
            { image: blob('bafkrei1'), alt: 'A cat', aspectRatio: { width: 4, height: 3 } },
            { image: blob('bafkrei2', 'image/jpeg'), alt: '' },
          ],
        },
      },
    });
  });

  test('carries one video', () => {
    const video = {
      url: 'https://cdn.example.com/a.mp4',
      mediaType: 'video/mp4',
      sizeBytes: 70,
      altText: 'A cat runs',
    } as const;
    const saved = { 'blob.0': upload(video.url, blob('bafkrei3', 'video/mp4')) };
    expect(bodyOf(open(aPost({ media: [{ ...video, widthPx: 16, heightPx: 9 }] }), saved))).toMatchObject({
      record: {
        embed: {
          $type: 'app.bsky.embed.video',
          video: blob('bafkrei3', 'video/mp4'),
          alt: 'A cat runs',
          aspectRatio: { width: 16, height: 9 },
        },
      },
    });
  });

  test('is never built without an upload it needs', () => {
    const media = [image('a.png'), image('b.png')];
    const saved = { 'blob.0': upload('https://cdn.example.com/a.png', blob('bafkrei1')) };
    expect(() => adapter.create(open(aPost({ media }), saved))).toThrow(StepUnanswered);
  });
});

function answer(status: number, body: unknown): HttpAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'answer', status, headers: {}, body: new TextEncoder().encode(text) };
}

describe('an answer to the create', () => {
  test('that names our record is live', () => {
    const written = { uri: URI, cid: 'bafyrei', commit: { cid: 'bafyrei', rev: '3l' }, validationStatus: 'valid' };
    expect(adapter.readCreate(answer(200, written), open())).toEqual({
      kind: 'live',
      platformPostId: URI,
      url: URL_OF_POST,
    });
  });

  test('that says the record already stood there is live', () => {
    expect(adapter.readCreate(answer(200, { uri: URI, cid: 'bafyrei' }), open())).toMatchObject({ kind: 'live' });
  });

  test.each([
    ['nothing', 200, ''],
    ['half of itself', 200, '{"uri":"at://'],
    ['a page', 200, '<html>welcome</html>'],
    ['no id', 200, { ok: true }],
    ['another record', 200, { uri: URI.replace(RKEY, '3mn7pppubowp5'), cid: 'bafyrei' }],
    ['nothing, accepted', 204, ''],
  ])('that is a yes with %s is unclear, and goes on after an absence', (_, status, body) => {
    const reading = adapter.readCreate(answer(status, body), open());
    expect(reading).toMatchObject({ kind: 'unclear', cause: { code: 'unknown', stage: 'create', httpStatus: status } });
    expect(reading).not.toHaveProperty('ifAbsent');
  });

  test('that gave up waiting is unclear, and goes on after an absence', () => {
    const reading = adapter.readCreate(answer(408, ''), open());
    expect(reading).toMatchObject({ kind: 'unclear' });
    expect(reading).not.toHaveProperty('ifAbsent');
  });

  test.each([
    ['a record under our key', 400, { error: 'InvalidSwap', message: 'Record was at bafyrei' }],
    ['a redirect', 302, ''],
    ['a page of something in between', 404, '<html>no</html>'],
  ])('that is %s is unclear, and a failure after an absence', (_, status, body) => {
    const failed = { code: 'publish_failed', httpStatus: status };
    expect(adapter.readCreate(answer(status, body), open())).toMatchObject({
      kind: 'unclear',
      cause: failed,
      ifAbsent: failed,
    });
  });

  test.each([
    [400, 'ExpiredToken', 'auth_expired'],
    [401, 'AuthenticationRequired', 'auth_failed'],
    [401, 'AccountDeactivated', 'reconnect_required'],
    [400, 'InvalidRequest', 'publish_failed'],
    [400, 'InvalidMimeType', 'media_invalid'],
    [429, 'RateLimitExceeded', 'rate_limited'],
  ])('that is %i %s is a refusal: %s', (status, error, code) => {
    const reading = adapter.readCreate(answer(status, { error, message: 'no' }), open());
    expect(reading).toMatchObject({ kind: 'refused', cause: { code, stage: 'create' } });
  });

  test.each([
    ['a 401 of nobody', 401, 'auth_failed'],
    ['a body limit in front of the PDS', 413, 'media_invalid'],
  ])('that is %s is unclear: something in between may have said it', (_, status, code) => {
    const reading = adapter.readCreate(answer(status, '<html>no</html>'), open());
    expect(reading).toMatchObject({ kind: 'unclear', ifAbsent: { code } });
  });

  test('of a server that is no PDS is our app’s, not the account’s', () => {
    const unknown = answer(404, { error: 'XRPCNotSupported', message: 'XRPC Not Supported' });
    expect(adapter.readCreate(unknown, open())).toMatchObject({ kind: 'refused', app: true });
  });

  test.each([
    ['blob too big (maximum 2000000, got 3000000) at $.record.embed.images[1].image', 1],
    ['Missing required key "alt" at $.record.embed.images[0]', 0],
    ['Missing required key "images" at $.record.embed', undefined],
  ])('that stumbles over the record names the item where the path does: %s', (path, mediaItem) => {
    const message = `Invalid app.bsky.feed.post record: ${path}`;
    const reading = adapter.readCreate(answer(400, { error: 'InvalidRequest', message }), open());
    expect(reading).toMatchObject({ kind: 'refused', cause: { code: 'media_invalid' } });
    expect(reading.kind === 'refused' && reading.cause.mediaItem).toBe(mediaItem);
  });

  test('that misses a blob is a refusal, and says which references to forget', async () => {
    const post = aPost({ media: [image('a.png'), image('b.png')] });
    const session = open(post, {
      'blob.0': upload('https://cdn.example.com/a.png', blob('bafkrei1')),
      'blob.1': upload('https://cdn.example.com/b.png', blob('bafkrei2')),
      'mention.alice.test': DID,
    });
    const missing = answer(400, { error: 'BlobNotFound', message: 'Could not find blob: bafkrei2' });
    expect(adapter.readCreate(missing, session)).toMatchObject({
      kind: 'refused',
      cause: { code: 'child_create_failed', mediaItem: 1 },
      forget: ['blob.0', 'blob.1'],
    });
  });
});
