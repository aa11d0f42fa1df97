// Images and video on a real PDS: uploaded, remembered, uploaded again when need be, and live once.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { adapter } from '../../../src/platforms/bluesky/adapter.ts';
import type { Json } from '../../../src/platforms/sessions.ts';
import { AppFault, StepUnanswered } from '../../../src/platforms/step-errors.ts';
import { expiredCopy } from '../../pds/expired-token.ts';
import {
  afterCommit,
  before as beforePds,
  HANG,
  outage,
  RESET,
  rateLimited,
  TRUNCATE,
  xrpcError,
} from '../../pds/faults.ts';
import { aPost } from './post-on-paper.ts';
import { afterCreate, publish, type RealPds, refusal, startRealPds } from './real-pds.ts';

const PNG_BASE64 = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let real: RealPds;
beforeAll(async () => {
  real = await startRealPds();
});
afterEach(() => real.reset());
afterAll(() => real.stop());

/** A picture no other test uploads: the bytes after a PNG's end are ignored. */
function picture(name: string) {
  const bytes = Buffer.concat([Buffer.from(PNG_BASE64, 'base64'), Buffer.from(name)]);
  return { url: real.file(name, bytes), mediaType: 'image/png', sizeBytes: bytes.byteLength } as const;
}

function clip(name: string, sizeBytes: number) {
  const bytes = Buffer.alloc(sizeBytes);
  bytes.write('\0\0\0\x18ftypisom\0\0\0\0isommp41', 'latin1');
  bytes.write(name, 64);
  return { url: real.file(name, bytes), mediaType: 'video/mp4', sizeBytes } as const;
}

describe('images', () => {
  test('go live in order with their descriptions and proportions, each upload saved as soon as it is known', async () => {
    const media = [1, 2, 3, 4].map((index) => ({
      ...picture(`order-${index}.png`),
      altText: `picture ${index}`,
      widthPx: index,
      heightPx: 1,
    }));
    const session = real.open(aPost({ scheduleId: 'images', text: 'four pictures', media }));
    expect(await publish(session)).toMatchObject({ kind: 'live' });
    expect(session.reached).toEqual(['media_uploaded', 'media_uploaded', 'media_uploaded', 'media_uploaded']);
    const [post] = await real.live('four pictures');
    for (const index of [0, 1, 2, 3]) {
      expect(post?.value).toHaveProperty(`embed.images.${index}.alt`, `picture ${index + 1}`);
      expect(post?.value).toHaveProperty(`embed.images.${index}.aspectRatio`, { width: index + 1, height: 1 });
      expect(post?.value).toHaveProperty(`embed.images.${index}.image.size`, media[index]?.sizeBytes);
    }
  });

  test('without text go live', async () => {
    const media = [picture('alone.png')];
    expect(await publish(real.open(aPost({ scheduleId: 'alone', text: '', media })))).toMatchObject({ kind: 'live' });
  });

  test('that were uploaded are not uploaded again by the next attempt', async () => {
    const post = aPost({ scheduleId: 'resumed', text: 'resumed', media: [picture('r1.png'), picture('r2.png')] });
    const first = real.open(post);
    await adapter.prepare(first);
    const second = real.open(post, { saved: first.saved });
    expect(await publish(second)).toMatchObject({ kind: 'live' });
    expect(second.reached).toEqual([]);
  });

  test('of a half-done preparation are completed', async () => {
    const media = [picture('h1.png'), picture('h2.png')];
    const saved = new Map<string, Json>();
    await adapter.prepare(real.open(aPost({ scheduleId: 'half', text: 'half', media: media.slice(0, 1) }), { saved }));
    const session = real.open(aPost({ scheduleId: 'half', text: 'half', media }), { saved });
    expect(await publish(session)).toMatchObject({ kind: 'live' });
    expect(session.reached).toEqual(['media_uploaded']);
  });

  test('whose upload is too old to be kept are uploaded again, and give the same bytes', async () => {
    const post = aPost({ scheduleId: 'aged', text: 'aged', media: [picture('aged.png')] });
    const first = real.open(post);
    await adapter.prepare(first);
    const blob = first.saved.get('blob.0');
    if (typeof blob !== 'object' || blob === null || Array.isArray(blob)) throw new TypeError('the upload is saved');
    const saved = new Map(first.saved).set('blob.0', {
      ...blob,
      uploadedAt: new Date(Date.now() - 11 * 60_000).toISOString(),
    });
    const second = real.open(afterCreate(first), { saved });
    await adapter.prepare(second);
    expect(second.reached).toEqual(['media_uploaded']);
    expect(adapter.create(second)).toEqual(adapter.create(first));
  });

  test('that the PDS collected meanwhile are refused, uploaded again, and live once', async () => {
    const media = [picture('gone.png')];
    const post = aPost({ scheduleId: 'gone', text: 'collected', media });
    const ref = { $link: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku' };
    const blob = { $type: 'blob', ref, mimeType: 'image/png', size: media[0]?.sizeBytes ?? 0 };
    const saved = new Map<string, Json>([
      ['blob.0', { url: media[0]?.url ?? '', uploadedAt: new Date().toISOString(), blob }],
    ]);
    const session = real.open(post, { saved });
    expect(await publish(session)).toMatchObject({
      kind: 'refused',
      cause: { code: 'child_create_failed', httpStatus: 400 },
    });
    expect(await publish(real.open(post, { saved }))).toMatchObject({ kind: 'live' });
    expect(await real.live('collected')).toHaveLength(1);
  });

  test('that the file server lost meanwhile are a typed failure', async () => {
    const media = [{ ...picture('lost.png'), sizeBytes: 1 }];
    await expect(adapter.prepare(real.open(aPost({ scheduleId: 'lost', media })))).rejects.toMatchObject({
      cause: { code: 'media_invalid', rawText: 'wrong_size' },
    });
  });

  test.each([
    ['hangs', beforePds(HANG)],
    ['resets', beforePds(RESET)],
    ['resets after the upload', afterCommit(RESET)],
    ['breaks off its answer', afterCommit(TRUNCATE)],
    ['is out of order', beforePds(outage(500))],
    ['has a broken gateway', beforePds(outage(503))],
  ])('survive a PDS that %s once', async (name, fault) => {
    real.proxy.setFault('com.atproto.repo.uploadBlob', fault);
    const text = `an upload that ${name}`;
    const session = real.open(
      aPost({ scheduleId: name.replaceAll(' ', '-'), text, media: [picture(`${name}.png`.replaceAll(' ', '-'))] }),
      { timeoutMs: 1_000 },
    );
    expect(await publish(session)).toMatchObject({ kind: 'live' });
    expect(await real.live(text)).toHaveLength(1);
  });

  test('meet a PDS that stays out of order: nothing is sent, it is tried later', async () => {
    real.proxy.setFault('com.atproto.repo.uploadBlob', beforePds(outage(500)), 3);
    const session = real.open(aPost({ scheduleId: 'down', media: [picture('down.png')] }));
    await expect(adapter.prepare(session)).rejects.toThrow(StepUnanswered);
    expect(session.saved.size).toBe(0);
  });

  test.each([
    ['a firewall', 403],
    ['a page that is not found', 404],
    ['a body limit of a gateway', 413],
    ['a 401 of nobody', 401],
    ['a redirect', 307],
  ])('meet %s: that is not the word of the PDS, it is tried later', async (name, status) => {
    const page = { kind: 'answer', status, headers: { 'content-type': 'text/html' }, body: '<html></html>' } as const;
    real.proxy.setFault('com.atproto.repo.uploadBlob', beforePds(page), 3);
    const media = [picture(`${name}.png`.replaceAll(' ', '-'))];
    const session = real.open(aPost({ scheduleId: name.replaceAll(' ', '-'), media }));
    await expect(adapter.prepare(session)).rejects.toThrow(StepUnanswered);
    expect(session.saved.size).toBe(0);
  });

  test('meet a server that is no PDS now: no account is disconnected for it', async () => {
    const gone = xrpcError(404, 'XRPCNotSupported', 'XRPC Not Supported');
    real.proxy.setFault('com.atproto.repo.uploadBlob', beforePds(gone));
    const session = real.open(aPost({ scheduleId: 'no-pds', media: [picture('no-pds.png')] }));
    await expect(adapter.prepare(session)).rejects.toThrow(AppFault);
  });

  test('larger than the lexicon of this PDS are media_invalid, with its limit in words, and nothing is live', async () => {
    const bytes = Buffer.concat([Buffer.from(PNG_BASE64, 'base64')], 1_500_000);
    const media = [{ url: real.file('big.png', bytes), mediaType: 'image/png', sizeBytes: 1_500_000 } as const];
    expect(await publish(real.open(aPost({ scheduleId: 'big', text: 'too big', media })))).toMatchObject({
      kind: 'refused',
      cause: {
        code: 'media_invalid',
        externalText: expect.stringMatching(/^This server takes at most 1,000,000 bytes .* it has 1,500,000/),
      },
    });
    expect(await real.live('too big')).toEqual([]);
  });

  test('meet an access token that expired', async () => {
    const grant = { accessToken: expiredCopy(real.dataFolder, real.alice.accessJwt) };
    const session = real.open(aPost({ scheduleId: 'expired-media', media: [picture('expired.png')] }), { grant });
    expect(await refusal(adapter.prepare(session))).toMatchObject({ code: 'auth_expired', stage: 'media' });
  });

  test('are throttled until the instant the PDS names', async () => {
    const resetAt = Math.ceil(Date.now() / 1_000) + 120;
    real.proxy.setFault('com.atproto.repo.uploadBlob', beforePds(rateLimited(resetAt)));
    const session = real.open(aPost({ scheduleId: 'throttled', media: [picture('throttled.png')] }));
    expect(await refusal(adapter.prepare(session))).toMatchObject({
      code: 'rate_limited',
      stage: 'media',
      window: 'upload',
      resumeAt: new Date(resetAt * 1_000).toISOString(),
    });
  });
});

describe('a video', () => {
  test('goes live with its description', async () => {
    const media = [{ ...clip('clip.mp4', 2_500_000), altText: 'a clip', widthPx: 16, heightPx: 9 }];
    expect(await publish(real.open(aPost({ scheduleId: 'video', text: 'a video', media })))).toMatchObject({
      kind: 'live',
    });
    const [post] = await real.live('a video');
    expect(post?.value).toMatchObject({
      embed: {
        $type: 'app.bsky.embed.video',
        video: { size: 2_500_000, mimeType: 'video/mp4' },
        alt: 'a clip',
        aspectRatio: { width: 16, height: 9 },
      },
    });
  });

  test('larger than this PDS takes is media_invalid', async () => {
    const session = real.open(aPost({ scheduleId: 'large', media: [clip('large.mp4', 6_000_000)] }));
    expect(await refusal(adapter.prepare(session))).toMatchObject({
      code: 'media_invalid',
      stage: 'media',
      httpStatus: 413,
    });
  });
});
