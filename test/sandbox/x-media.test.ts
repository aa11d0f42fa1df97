// X's media as its clients see it: one-shot and chunked uploads, processing, alt text, and what a post may carry.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { AccountCard } from '../../src/sandbox/control.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import { get, openStage, post, type Reply, type Stage, send, xAccount } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());
afterEach(() => stage.control.shiftClock(0));

const samples = makeSamples();
const bytesOf = (name: string) => samples.get(name)?.bytes ?? Buffer.alloc(0);
const data = z.object({ data: z.object({ id: z.string(), media_key: z.string(), expires_after_secs: z.number() }) });

function sendFile(account: AccountCard, path: string, bytes: Buffer, fields: Record<string, string>): Promise<Reply> {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  body.set('media', new Blob([new Uint8Array(bytes)]));
  return send(`${stage.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${account.accessToken}` },
    body,
  });
}

async function uploadImage(account: AccountCard): Promise<{ id: string; media_key: string }> {
  const reply = await sendFile(account, '/x/2/media/upload', bytesOf('sample.jpg'), { media_category: 'tweet_image' });
  expect(reply.status).toBe(200);
  return data.parse(reply.body).data;
}

function initialize(account: AccountCard, category: string, type: string, totalBytes: number): Promise<Reply> {
  const body = { media_type: type, total_bytes: totalBytes, media_category: category };
  return post(`${stage.url}/x/2/media/upload/initialize`, account.accessToken, body);
}

/** Uploads a file in chunks and answers the id and what finalize said. */
async function uploadChunks(account: AccountCard, category: string, type: string, bytes: Buffer, chunkBytes = 8000) {
  const { id } = data.parse((await initialize(account, category, type, bytes.length)).body).data;
  for (let index = 0; index * chunkBytes < bytes.length; index += 1) {
    const chunk = bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes);
    const path = `/x/2/media/upload/${id}/append`;
    expect((await sendFile(account, path, chunk, { segment_index: String(index) })).status).toBe(200);
  }
  const finalized = await post(`${stage.url}/x/2/media/upload/${id}/finalize`, account.accessToken, undefined);
  return { id, finalized };
}

const status = (account: AccountCard, id: string) =>
  get(`${stage.url}/x/2/media/upload?command=STATUS&media_id=${id}`, account.accessToken);

const postWith = (account: AccountCard, mediaIds: string[], text = 'Look') =>
  post(`${stage.url}/x/2/tweets`, account.accessToken, { text, media: { media_ids: mediaIds } });

test('an image in one request is ready at once, and a post with it shows its media key', async () => {
  const account = await xAccount(stage);
  const reply = await sendFile(account, '/x/2/media/upload', bytesOf('sample.jpg'), { media_category: 'tweet_image' });
  const { id, media_key: key } = data.parse(reply.body).data;
  expect(reply.body).toMatchObject({ data: { size: 1404, image: { w: 320, h: 320 }, expires_after_secs: 86_400 } });
  expect(key).toBe(`3_${id}`);
  const created = await postWith(account, [id]);
  expect(created.status).toBe(201);
  expect(created.text).toMatch(/"text":"Look https:\/\/t\.co\/\w{10}"/);
  const fields = 'tweet.fields=created_at,text,attachments,entities&expansions=attachments.media_keys';
  const page = await get(`${stage.url}/x/2/users/${account.id}/tweets?${fields}`, account.accessToken);
  expect(page.body).toMatchObject({
    data: [{ attachments: { media_keys: [key] }, entities: { urls: [{ media_key: key }] } }],
    includes: { media: [{ media_key: key, type: 'photo' }] },
  });
});

test('the one-shot upload takes JSON with base64 too', async () => {
  const account = await xAccount(stage);
  const body = { media: bytesOf('sample.png').toString('base64'), media_category: 'tweet_image' };
  expect((await post(`${stage.url}/x/2/media/upload`, account.accessToken, body)).status).toBe(200);
});

test('a video goes in chunks, is processed, and can be attached only then', async () => {
  const account = await xAccount(stage, { settings: { processingMs: 5000 } });
  const { id, finalized } = await uploadChunks(account, 'tweet_video', 'video/mp4', bytesOf('sample.mp4'));
  expect(finalized.body).toMatchObject({ data: { id, processing_info: { state: 'pending', check_after_secs: 5 } } });
  const early = await postWith(account, [id]);
  expect(early.status).toBe(400);
  expect(early.body).toMatchObject({
    errors: [{ parameters: { 'media.media_ids': [id] }, message: 'Your media IDs are invalid.' }],
    title: 'Invalid Request',
  });
  await stage.control.shiftClock(3000);
  expect((await status(account, id)).body).toMatchObject({ data: { processing_info: { state: 'in_progress' } } });
  await stage.control.shiftClock(5001);
  const done = await status(account, id);
  expect(done.body).toMatchObject({ data: { processing_info: { state: 'succeeded', progress_percent: 100 } } });
  expect(done.text).not.toContain('check_after_secs');
  expect((await postWith(account, [id])).status).toBe(201);
});

test('processing can fail by name, and can never end', async () => {
  const account = await xAccount(stage, { settings: { processingMs: 0 } });
  const call = { platform: 'x', account: account.id, call: 'media_finalize' };
  await stage.control.addFault({ ...call, fault: { kind: 'processing_failed', name: 'UnsupportedMedia' } });
  const failed = await uploadChunks(account, 'tweet_video', 'video/mp4', bytesOf('sample.mp4'));
  expect((await status(account, failed.id)).body).toMatchObject({
    data: { processing_info: { state: 'failed', error: { code: 1, name: 'UnsupportedMedia' } } },
  });
  await stage.control.addFault({ ...call, fault: { kind: 'processing_never_ends' } });
  const stuck = await uploadChunks(account, 'tweet_gif', 'image/gif', bytesOf('sample.gif'));
  await stage.control.shiftClock(86_000_000);
  const again = await stage.control.reconnect(account.id);
  expect((await status(again, stuck.id)).body).toMatchObject({ data: { processing_info: { state: 'in_progress' } } });
});

test('a file that is not the video it was announced as fails in processing', async () => {
  const account = await xAccount(stage, { settings: { processingMs: 0 } });
  const { id } = await uploadChunks(account, 'tweet_video', 'video/mp4', bytesOf('sample.jpg'));
  expect((await status(account, id)).body).toMatchObject({
    data: {
      processing_info: {
        state: 'failed',
        error: { code: 1, name: 'InvalidMedia', message: 'Unsupported video format' },
      },
    },
  });
});

test('a chunk sent twice counts once, and a missing one stops finalize', async () => {
  const account = await xAccount(stage);
  const bytes = bytesOf('sample.jpg');
  const { id } = data.parse((await initialize(account, 'tweet_image', 'image/jpeg', bytes.length)).body).data;
  const append = (index: number, chunk: Buffer) =>
    sendFile(account, `/x/2/media/upload/${id}/append`, chunk, { segment_index: String(index) });
  const finalize = () => post(`${stage.url}/x/2/media/upload/${id}/finalize`, account.accessToken, undefined);
  expect((await append(1, bytes.subarray(700))).status).toBe(200);
  expect((await finalize()).status).toBe(400);
  await append(0, bytes.subarray(0, 700));
  await append(0, bytes.subarray(0, 700));
  const done = await finalize();
  expect(done.body).toMatchObject({ data: { size: 1404 } });
  expect(done.text).not.toContain('processing_info');
});

test('a chunk whose answer is lost is there: sending it again harms nothing', async () => {
  const account = await xAccount(stage);
  await stage.control.addFault({
    platform: 'x',
    account: account.id,
    call: 'media_append',
    fault: { kind: 'commit_then_reset' },
  });
  const bytes = bytesOf('sample.jpg');
  const { id } = data.parse((await initialize(account, 'tweet_image', 'image/jpeg', bytes.length)).body).data;
  const append = () => sendFile(account, `/x/2/media/upload/${id}/append`, bytes, { segment_index: '0' });
  await expect(append()).rejects.toThrow();
  expect((await append()).status).toBe(200);
  expect((await post(`${stage.url}/x/2/media/upload/${id}/finalize`, account.accessToken, undefined)).status).toBe(200);
});

test('a type that does not fit its category, a size beyond it and a chunk beyond 8 MB are refused', async () => {
  const account = await xAccount(stage);
  expect((await initialize(account, 'tweet_image', 'video/mp4', 100)).status).toBe(400);
  expect((await initialize(account, 'tweet_image', 'image/jpeg', 5 * 1024 ** 2 + 1)).status).toBe(400);
  const { id } = data.parse((await initialize(account, 'tweet_video', 'video/mp4', 10_000_000)).body).data;
  const path = `/x/2/media/upload/${id}/append`;
  const tooBig = await sendFile(account, path, Buffer.alloc(8 * 1024 ** 2 + 1), { segment_index: '0' });
  expect([tooBig.status, tooBig.text]).toEqual([413, '']);
});

test('without the scope, or without the capability, media is a generic 403', async () => {
  const forbidden = { title: 'Forbidden', status: 403, detail: 'Forbidden', type: 'about:blank' };
  const scopeless = await xAccount(stage, { scopes: ['tweet.read', 'tweet.write', 'users.read'] });
  expect((await initialize(scopeless, 'tweet_image', 'image/jpeg', 100)).body).toEqual(forbidden);
  const incapable = await xAccount(stage, { settings: { mediaCapability: false } });
  expect((await initialize(incapable, 'tweet_image', 'image/jpeg', 100)).body).toEqual(forbidden);
});

test('alt text stays with the medium and comes back on request', async () => {
  const account = await xAccount(stage);
  const { id } = await uploadImage(account);
  const metadata = { id, metadata: { alt_text: { text: 'A grey gradient' } } };
  expect((await post(`${stage.url}/x/2/media/metadata`, account.accessToken, metadata)).status).toBe(200);
  await postWith(account, [id]);
  expect(await stage.control.live({ account: account.id })).toMatchObject([
    { media: [{ id, altText: 'A grey gradient' }] },
  ]);
  const fields = 'tweet.fields=attachments&expansions=attachments.media_keys&media.fields=alt_text';
  const page = await get(`${stage.url}/x/2/users/${account.id}/tweets?${fields}`, account.accessToken);
  expect(page.body).toMatchObject({ includes: { media: [{ alt_text: 'A grey gradient' }] } });
});

test('a post carries four photos, or one video, of its own account, not older than a day', async () => {
  const account = await xAccount(stage, { settings: { processingMs: 0 } });
  const photos: string[] = [];
  for (let count = 0; count < 5; count += 1) photos.push((await uploadImage(account)).id);
  const video = await uploadChunks(account, 'tweet_video', 'video/mp4', bytesOf('sample.mp4'));
  expect((await postWith(account, photos)).status).toBe(400);
  expect((await postWith(account, [...photos.slice(0, 1), video.id])).status).toBe(400);
  expect((await postWith(account, photos.slice(0, 4), '')).status).toBe(201);
  const other = await xAccount(stage);
  expect((await postWith(other, photos.slice(0, 1))).status).toBe(400);
  await stage.control.shiftClock(86_400_001);
  const later = await stage.control.reconnect(account.id);
  expect((await postWith(later, photos.slice(0, 1), 'Old')).status).toBe(400);
});
