// The media page: what each file is beside what its destination takes, and the new version when one is replaced.
import { randomBytes, randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cause, cause } from '../../src/domain/causes/causes.ts';
import type { MediaItem } from '../../src/domain/schedules/post.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { storedMedia } from '../../src/ledger/schema/media.ts';
import { attempts, schedules } from '../../src/ledger/schema/schedules.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { recodedVideo } from '../harness/recoded-video.ts';
import { type SignedIn, signIn } from '../harness/signed-in.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { place, placeAccount } from '../recovery/place.ts';

const LIMIT = 300_000;

let stage: Stage;
let api: TestApi;
let files: MediaFiles;
let person: SignedIn;
const accounts: Record<string, string> = {};
beforeAll(async () => {
  stage = await openStage({ 'media.upload_max': LIMIT });
  api = await openApi(stage);
  files = await serveMedia();
  person = await signIn(stage, api.url);
  for (const platform of ['x', 'instagram']) {
    accounts[platform] = await placeAccount(stage, { name: `acme-${platform}`, platform, scopes: ['media.write'] });
  }
});
afterAll(async () => {
  await files.close();
  await api.close();
  await stage.close();
});

const FINGERPRINT = 'a'.repeat(64);

/** A post that failed for its media. */
async function failed(platform: 'x' | 'instagram', media: readonly MediaItem[]): Promise<string> {
  const accountId = accounts[platform] ?? '';
  const id = await place(stage, {
    state: 'failed',
    cause: 'media_invalid',
    platform,
    accountId,
    id: `m-${randomUUID().slice(0, 8)}`,
  });
  const content = { text: 'With media', media: [...media] };
  await stage.context.ledger.db
    .update(schedules)
    .set({ content, fingerprint: FINGERPRINT })
    .where(eq(schedules.id, id));
  return id;
}

const MEDIA_REFUSED = cause({
  source: 'raw_error_signature',
  platform: 'x',
  stage: 'media',
  code: 'media_invalid',
  externalText: '',
  rawText: '',
});

/** An attempt that ended with this failure. */
async function attempted(id: string, failure: Cause, at = new Date(), number = 1): Promise<void> {
  const row = { id: randomUUID(), ...stage.keyOf(id), number, fence: number, worker: 'w', startedAt: at, endedAt: at };
  await stage.context.ledger.db.insert(attempts).values({ ...row, outcome: 'refused', cause: failure });
}

/** Stores a video, and answers its address in the store. */
async function stored(video: Buffer<ArrayBuffer>): Promise<string> {
  const answer = await api.ask('POST', '/api/media', { raw: video, headers: { 'content-type': 'video/mp4' } });
  expect(answer.status).toBe(201);
  return (answer.body as { url: string }).url;
}

const scheduleOf = async (id: string) =>
  (await stage.context.ledger.db.select().from(schedules).where(eq(schedules.id, id)))[0];
const picture = new Uint8Array(makeSamples().get('sample.jpg')?.bytes ?? []);
const asFile = (bytes: Uint8Array<ArrayBuffer>, type = 'image/jpeg') => new File([bytes], 'picture.jpg', { type });
const replace = (id: string, fields: Readonly<Record<string, string | File>>, number = 1) =>
  person.submit(`/schedules/${id}/media/${number}`, {
    expectedFingerprint: FINGERPRINT,
    altText: '',
    url: '',
    ...fields,
  });

describe('the review', () => {
  it('reads each file now, and marks what does not fit with the limit it passes', async () => {
    const media = [files.item('sample.png'), files.item('sample.mp4')];
    const id = await failed('instagram', media);
    const review = await api.client().mediaReview(id);
    expect(review.items[0]).toMatchObject({
      number: 1,
      found: { mediaType: 'image/png', sizeBytes: media[0]?.sizeBytes },
      limits: [
        { fact: 'mediaType', allowed: 'image/jpeg', is: 'image/png', fits: false },
        { fact: 'sizeBytes', allowed: 'at most 8 MiB', fits: true },
        { fact: 'shape', allowed: '0.8:1 to 1.91:1', fits: true },
        { fact: 'altText', allowed: 'at most 1000 characters', is: 'none', fits: true },
      ],
      problems: ['Type is image/png: Instagram takes pictures as JPEG only (image/jpeg).'],
    });
    expect(review.items[1]).toMatchObject({
      found: { mediaType: 'video/mp4', widthPx: 128, heightPx: 96, durationSeconds: 4, codecs: ['avc'] },
      problems: [],
      unavailable: null,
    });
    const page = await (await person.get(`/schedules/${id}/media`)).text();
    expect(page).toContain('Instagram takes pictures as JPEG only');
    expect(page).toContain('does not fit');
    expect(page).toContain('video/mp4');
  });

  it('holds the codecs of a video to what the destination takes', async () => {
    const address = await stored(recodedVideo('vp09'));
    const review = async (platform: 'x' | 'instagram', url: string) => {
      const media = [{ url, mediaType: 'video/mp4', sizeBytes: files.item('sample.mp4').sizeBytes } as const];
      return (await api.client().mediaReview(await failed(platform, media))).items[0];
    };
    const limitOf = (item: Awaited<ReturnType<typeof review>>) => item?.limits.find(({ fact }) => fact === 'codecs');
    const onX = await review('x', address);
    expect(limitOf(onX)).toEqual({ fact: 'codecs', allowed: 'H.264 or AAC', is: 'VP9', fits: false });
    expect(onX?.problems).toEqual(['Codecs VP9: X does not take that (H.264 or AAC only).']);
    const onInstagram = await review('instagram', address);
    expect(limitOf(onInstagram)).toMatchObject({ allowed: 'H.264 or HEVC or AAC', is: 'VP9', fits: false });
    const hevc = await stored(recodedVideo('hvc1'));
    expect(limitOf(await review('instagram', hevc))).toMatchObject({ is: 'HEVC', fits: true });
    expect(limitOf(await review('x', hevc))).toMatchObject({ is: 'HEVC', fits: false });
  });

  it('offers a replay only where the gate would let it run, and else says why not', async () => {
    const id = await failed('x', [files.item('sample.jpg')]);
    const page = async () => (await person.get(`/schedules/${id}/media`)).text();
    expect(await page()).toContain('<button>Replay it with these media</button>');
    const accountOf = eq(connectedAccounts.id, accounts.x ?? '');
    const { db } = stage.context.ledger;
    await db.update(connectedAccounts).set({ status: 'disconnected' }).where(accountOf);
    expect(await page()).not.toContain('<button>Replay it with these media</button>');
    expect(await page()).toContain('class="reason">The account is not connected; reconnect it, then replay.<');
    await db.update(connectedAccounts).set({ status: 'connected' }).where(accountOf);
    await person.become('viewer');
    expect(await page()).toContain('class="reason">This needs the role operator.<');
    await person.become('admin');
  });

  it('says which item the platform refused, and with what words', async () => {
    const media = [files.item('sample.jpg'), files.item('sample.jpg')];
    const id = await failed('instagram', media);
    const facts = { source: 'raw_error_signature', platform: 'instagram', stage: 'child', rawText: '' } as const;
    const refused = cause({
      ...facts,
      code: 'child_create_failed',
      externalText: 'The image <b>ratio</b> is wrong.',
      mediaItem: 1,
    });
    const at = new Date();
    await attempted(id, refused, at);
    const review = await api.client().mediaReview(id);
    expect(review.items.map((item) => item.refused?.words ?? null)).toEqual([null, 'The image <b>ratio</b> is wrong.']);
    expect(await (await person.get(`/schedules/${id}/media`)).text()).toContain('&lt;b&gt;ratio&lt;/b&gt;');
  });

  it('tells what was refused of the very file: one that was replaced since is another one', async () => {
    const media = [files.item('sample.jpg'), files.item('sample.png')];
    const id = await failed('x', media);
    await attempted(id, { ...MEDIA_REFUSED, externalText: 'The first is broken.', mediaItem: 0 });
    await attempted(id, { ...MEDIA_REFUSED, externalText: 'The second is broken.', mediaItem: 1 }, new Date(), 2);
    await attempted(id, { ...MEDIA_REFUSED, externalText: 'One of them is broken.' }, new Date(), 3);
    const told = async () => {
      const { items, refused } = await api.client().mediaReview(id);
      return [...items.map((item) => item.refused?.words ?? null), refused?.words ?? null];
    };
    expect(await told()).toEqual(['The first is broken.', 'The second is broken.', 'One of them is broken.']);
    await replace(id, { file: asFile(picture) }, 2);
    expect(await told()).toEqual(['The first is broken.', null, null]);
    const page = await (await person.get(`/schedules/${id}/media`)).text();
    expect(page.match(/Something is wrong with it/g)).toHaveLength(1);
    // Another text leaves the file what it is.
    const { fingerprint } = await api.client().mediaReview(id);
    await replace(id, { expectedFingerprint: fingerprint, altText: 'A square' }, 1);
    expect(await told()).toEqual(['The first is broken.', null, null]);
  });

  it('tells of a file that cannot be had, and shows no secret of its address', async () => {
    const gone = { url: 'http://127.0.0.1:1/a.jpg?token=secret', mediaType: 'image/jpeg', sizeBytes: 10 } as const;
    const id = await failed('x', [gone]);
    const review = await api.client().mediaReview(id);
    expect(review.items[0]?.unavailable).toContain('could not be reached');
    expect(JSON.stringify(review)).not.toContain('secret');
    expect(await (await person.get(`/schedules/${id}/media`)).text()).not.toContain('secret');
  });
});

describe('an item', () => {
  it('is replaced by an upload, with its alternative text, as a new version', async () => {
    const id = await failed('x', [files.item('sample.png'), files.item('sample.jpg')]);
    const before = await scheduleOf(id);
    const page = await replace(id, { altText: 'A square', file: asFile(picture) });
    expect(page).toContain('The new version stands.');
    const after = await scheduleOf(id);
    expect(after?.content.media[0]).toMatchObject({
      mediaType: 'image/jpeg',
      altText: 'A square',
      sizeBytes: picture.byteLength,
    });
    expect(after?.content.media[0]?.url).toMatch(/^media:[0-9a-f]{64}$/);
    expect(after?.content.media[1]).toMatchObject(before?.content.media[1] ?? {});
    expect(after?.fingerprint).not.toBe(before?.fingerprint);
    const shown = await person.get(`/schedules/${id}/media/1/picture`);
    expect(new Uint8Array(await shown.arrayBuffer())).toEqual(picture);
  });

  it('is replaced by an address, whose file is read anew', async () => {
    const id = await failed('x', [files.item('sample.png')]);
    const other = files.item('sample.jpg');
    expect(await replace(id, { url: other.url })).toContain('The new version stands.');
    expect((await scheduleOf(id))?.content.media[0]).toMatchObject(other);
  });

  it('is left alone by whoever looked at another version, sends nonsense, or may not', async () => {
    const id = await failed('x', [files.item('sample.jpg')]);
    const before = await scheduleOf(id);
    const stale = await replace(id, { expectedFingerprint: 'b'.repeat(64), altText: 'Other' });
    expect(stale).toContain('Somebody changed it since you looked');
    expect(await replace(id, { url: 'file:///etc/passwd' })).toContain('must be an http or https address');
    expect(await replace(id, { url: `media:${'0'.repeat(64)}` })).toContain(
      'is not in the media store of this workspace',
    );
    expect((await person.post(`/schedules/${id}/media/2`, { expectedFingerprint: FINGERPRINT })).status).toBe(404);
    await person.become('viewer');
    expect((await person.post(`/schedules/${id}/media/1`, {})).status).toBe(403);
    await person.become('admin');
    expect(await scheduleOf(id)).toEqual(before);
  });

  it('takes no file that is too large, of another type, or sent by a foreign form', async () => {
    const id = await failed('x', [files.item('sample.jpg')]);
    const stored = async () => (await stage.context.ledger.db.select().from(storedMedia)).length;
    const before = { rows: await stored(), schedule: await scheduleOf(id) };
    const large = new Uint8Array(Buffer.concat([picture, randomBytes(LIMIT)]));
    expect(await replace(id, { file: asFile(large) })).toContain('The file is too large, so nothing was stored');
    expect(await replace(id, { file: asFile(picture, 'video/mp4') })).toContain('The file is of another type');
    expect(await replace(id, { file: asFile(new TextEncoder().encode('<svg/>'), 'image/jpeg') })).toContain(
      'neither a JPEG',
    );
    const fresh = new Uint8Array(Buffer.concat([picture, randomBytes(16)]));
    const forged = await person.post(`/schedules/${id}/media/1`, { csrf: 'x', file: asFile(fresh) });
    expect(forged.status).toBe(403);
    expect({ rows: await stored(), schedule: await scheduleOf(id) }).toEqual(before);
  });

  it('is not replaced by a form that broke off', async () => {
    const id = await failed('x', [files.item('sample.jpg')]);
    const before = await scheduleOf(id);
    const boundary = 'xyz';
    const part = (name: string, value: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    const body = `${part('csrf', person.csrf)}${part('expectedFingerprint', FINGERPRINT)}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n${'x'.repeat(100)}`;
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text));
      socket.write(
        `POST /schedules/${id}/media/1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: oncepost_session=${person.session}\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    expect(answer).toContain('303');
    expect(decodeURIComponent(answer)).toContain('The file broke off before its end, so nothing was stored');
    expect(await scheduleOf(id)).toEqual(before);
  });

  it('cannot be replaced any more once a call may have left, and the page says so', async () => {
    const accountId = accounts.x ?? '';
    const id = await place(stage, {
      state: 'unconfirmed',
      accountId,
      openIntent: true,
      withMedia: true,
      id: `u-${randomUUID().slice(0, 8)}`,
    });
    const page = await (await person.get(`/schedules/${id}/media`)).text();
    expect(page).toContain('A call for this post may have left');
    expect(page).not.toContain('type="file"');
  });
});

describe('a picture for a page', () => {
  it('is the file where it is one, a sign where it is a video, too large or away', async () => {
    const gone = { url: 'http://127.0.0.1:1/a.jpg', mediaType: 'image/jpeg', sizeBytes: 10 } as const;
    const large = { url: 'http://127.0.0.1:1/b.jpg', mediaType: 'image/jpeg', sizeBytes: 90_000_000 } as const;
    const id = await failed('x', [files.item('sample.jpg'), files.item('sample.mp4'), gone, large]);
    const ask = (number: number) => person.get(`/schedules/${id}/media/${number}/picture`);
    const first = await ask(1);
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe('image/jpeg');
    expect(first.headers.get('cache-control')).toBe('private, max-age=300');
    const signs = await Promise.all([ask(2), ask(3), ask(4)]);
    expect(signs.map((sign) => sign.headers.get('location')?.split('?')[0])).toEqual([
      '/assets/video.svg',
      '/assets/no-picture.svg',
      '/assets/no-picture.svg',
    ]);
    expect((await fetch(`${api.url}/schedules/${id}/media/1/picture`, { redirect: 'manual' })).status).toBe(303);
  });
});
