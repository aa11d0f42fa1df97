// The media store in a bucket, on a real server that speaks S3.
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedMedia } from '../../src/ledger/schema/media.ts';
import type { MediaStore } from '../../src/mediastore/media-store.ts';
import { openMediaStore } from '../../src/mediastore/open-store.ts';
import { dropUnused } from '../../src/mediastore/sweep-unused.ts';
import { readEnv } from '../../src/runtime/env.ts';
import { StartRefused } from '../../src/runtime/start-refused.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';

const BUCKET = 'oncepost-media';

let stage: Stage;
let server: S3rver;
let store: MediaStore;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(stage.folder, 's3'),
    configureBuckets: [{ name: BUCKET, configs: [] }],
  });
  const { port } = await server.run();
  store = storeAt(port);
  api = await openApi(stage, { context: { store } });
});
afterAll(async () => {
  await api.close();
  await server.close().catch(() => undefined);
  await stage.close();
});

const envOf = (more: Readonly<Record<string, string>>) =>
  readEnv({ ...stage.env, ONCEPOST_MEDIA_S3_BUCKET: BUCKET, ...more });

function storeAt(port: number): MediaStore {
  const env = envOf({
    ONCEPOST_MEDIA_S3_ENDPOINT: `http://127.0.0.1:${port}`,
    ONCEPOST_MEDIA_S3_ACCESS_KEY_ID: 'S3RVER',
    ONCEPOST_MEDIA_S3_SECRET_ACCESS_KEY: 'S3RVER',
  });
  return openMediaStore({ env, secretKey: new Uint8Array(32), attemptMs: 60_000 });
}

const freshPicture = () =>
  new Uint8Array(Buffer.concat([makeSamples().get('sample.jpg')?.bytes ?? Buffer.alloc(0), Buffer.from(randomUUID())]));
const upload = (to: TestApi, bytes: Uint8Array<ArrayBuffer>) =>
  to.ask('POST', '/api/media', { raw: bytes, headers: { 'content-type': 'image/jpeg' } });
const stored = async () => (await stage.context.ledger.db.select().from(storedMedia)).map(({ sha256 }) => sha256);
const incoming = () => readdir(join(stage.folder, 'media', 'incoming')).catch(() => []);

describe('a bucket', () => {
  it('takes an upload and gives it back, whole and in parts', async () => {
    const bytes = freshPicture();
    const answer = await upload(api, bytes);
    expect(answer.status).toBe(201);
    const { id } = answer.body as { id: string };
    const address = new URL(store.addresses.sign(id, new Date()));
    const url = `${api.url}${address.pathname}${address.search}`;
    expect(new Uint8Array(await (await fetch(url)).arrayBuffer())).toEqual(bytes);
    const part = await fetch(url, { headers: { range: 'bytes=3-7' } });
    expect(part.status).toBe(206);
    expect(new Uint8Array(await part.arrayBuffer())).toEqual(bytes.subarray(3, 8));
    expect(await incoming()).toEqual([]);
  });

  it('loses what nobody names', async () => {
    const { id } = (await upload(api, freshPicture())).body as { id: string };
    const { context } = stage;
    const inTwoDays = { ...context.ledger.clock, now: () => new Date(Date.now() + 2 * 24 * 3_600_000) };
    await dropUnused({ ...context, store, ledger: { ...context.ledger, clock: inTwoDays } });
    expect(await stored()).not.toContain(id);
    await expect(store.blobs.read({ workspaceId: stage.workspaceId, sha256: id })).rejects.toMatchObject({
      name: 'BlobMissing',
    });
  });

  it('that is away is told in a sentence, and nothing is stored', async () => {
    const away = await openApi(stage, { context: { store: storeAt(1) } });
    const before = await stored();
    const answer = await upload(away, freshPicture());
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'media_store_unavailable' } } });
    expect(JSON.stringify(answer.body)).toContain('The media store cannot be used now, so nothing was stored');
    expect(await stored()).toEqual(before);
    expect(await incoming()).toEqual([]);
    await away.close();
  });

  it('with half a key is refused at the start', () => {
    const env = envOf({ ONCEPOST_MEDIA_S3_ACCESS_KEY_ID: 'only' });
    expect(() => openMediaStore({ env, secretKey: new Uint8Array(32), attemptMs: 1 })).toThrow(StartRefused);
  });
});
