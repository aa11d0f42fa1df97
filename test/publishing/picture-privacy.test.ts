// Pictures leave us without what was written about them, unless the settings say otherwise; videos leave as they are.
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StepRefused } from '../../src/platforms/step-errors.ts';
import { leasedMedia } from '../../src/publishing/session/media.ts';
import { createMediaSource } from '../../src/transport/media.ts';
import { barJpeg, barPng, barWebp, phoneJpeg, phonePng, phoneWebp } from '../transport/pictures.ts';
import { listen } from '../transport/wire-server.ts';

const BROKEN = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(500)]);
const FILES = new Map([
  ['/phone.jpg', phoneJpeg(1)],
  ['/phone.png', phonePng(1)],
  ['/phone.webp', phoneWebp(1)],
  ['/broken.jpg', BROKEN],
]);
const server = createServer((request, response) => void response.end(FILES.get(request.url ?? '')));
const source = createMediaSource({ userAgent: 'Oncepost/test', allowPrivateHosts: true, timeoutMs: 5_000 });
let url: string;
beforeAll(async () => {
  url = `http://127.0.0.1:${await listen(server)}`;
});
afterAll(async () => {
  await source.close();
  server.closeAllConnections();
  server.close();
});

const KEPT = { assertInTime: () => {}, ended: new AbortController().signal };
const picture = (name: string, mediaType: 'image/jpeg' | 'image/png' | 'image/webp', stripMetadata = true) =>
  leasedMedia(source, KEPT, 'x', { stripMetadata }).picture({
    url: `${url}${name}`,
    mediaType,
    sizeBytes: FILES.get(name)?.byteLength ?? 0,
  });

it.each([
  ['/phone.jpg', 'image/jpeg', barJpeg()],
  ['/phone.png', 'image/png', barPng()],
  ['/phone.webp', 'image/webp', barWebp()],
] as const)('%s leaves as the bare picture', async (name, mediaType, bar) => {
  expect(Buffer.from(await picture(name, mediaType)).equals(bar)).toBe(true);
});

it('leaves as it lies there where the settings say so', async () => {
  expect(Buffer.from(await picture('/phone.jpg', 'image/jpeg', false)).equals(phoneJpeg(1))).toBe(true);
  expect(Buffer.from(await picture('/broken.jpg', 'image/jpeg', false)).equals(BROKEN)).toBe(true);
});

it('is refused, not sent with what it may hold, where it is built as no picture is', async () => {
  const refusal = await picture('/broken.jpg', 'image/jpeg').catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(StepRefused);
  expect(refusal).toMatchObject({ cause: { code: 'media_invalid', stage: 'media' } });
});
