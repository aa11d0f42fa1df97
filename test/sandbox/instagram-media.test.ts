// Instagram fetches media itself: what it says about addresses and files it does not like.
import { createServer, type Server, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makePng } from '../../src/sandbox/media/images.ts';
import { makeJpeg } from '../../src/sandbox/media/jpeg.ts';
import { instagramAccount, instagramOf } from './instagram-stage.ts';
import { openStage, patience, type Stage } from './stage.ts';

let stage: Stage;
let host: Server;
let base = '';

const jpeg = makeJpeg(40, () => 128);
/** A JPEG frame header that claims 100 x 300 pixels. */
const tall = Buffer.from(jpeg);
tall.writeUInt16BE(300, tall.indexOf(Buffer.from([0xff, 0xc0])) + 5);
tall.writeUInt16BE(100, tall.indexOf(Buffer.from([0xff, 0xc0])) + 7);

const pages: Record<string, (response: ServerResponse) => void> = {
  '/missing.jpg': (response) => response.writeHead(404).end(),
  '/moved.jpg': (response) => response.writeHead(302, { location: '/good.jpg' }).end(),
  '/partial.jpg': (response) => response.writeHead(206).end(jpeg),
  '/page.jpg': (response) => response.end('<html>not an image</html>'),
  '/drawing.jpg': (response) => response.end(makePng(8, 8, () => 0)),
  '/huge.jpg': (response) => response.end(Buffer.concat([jpeg, Buffer.alloc(8 * 1024 ** 2)])),
  '/tall.jpg': (response) => response.end(tall),
  '/slow.jpg': () => undefined,
  '/good.jpg': (response) => response.end(jpeg),
  '/page.mp4': (response) => response.end('<html>not a video</html>'),
};

beforeAll(async () => {
  stage = await openStage();
  host = createServer((request, response) => pages[request.url ?? '']?.(response));
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  const address = host.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});
afterAll(async () => {
  host.closeAllConnections();
  host.close();
  await stage.close();
});

const images = [
  { path: '/good.jpg', code: undefined, subcode: undefined },
  { path: '/missing.jpg', code: 9004, subcode: 2207052 },
  { path: '/moved.jpg', code: 9004, subcode: 2207052 },
  { path: '/partial.jpg', code: 9004, subcode: 2207052 },
  { path: '/page.jpg', code: 9004, subcode: 2207052 },
  { path: '/drawing.jpg', code: 36001, subcode: 2207005 },
  { path: '/huge.jpg', code: 36000, subcode: 2207004 },
  { path: '/tall.jpg', code: 36003, subcode: 2207009 },
  { path: '/slow.jpg', code: -2, subcode: 2207003 },
];

test.each(images)('an image at $path: $code/$subcode', async ({ path, code, subcode }) => {
  const settings = path === '/slow.jpg' ? { fetchTimeoutMs: 300 } : {};
  const account = await instagramAccount(stage, { settings });
  const reply = await instagramOf(stage, account).create({ image_url: `${base}${path}` });
  if (code === undefined) expect(reply.status).toBe(200);
  else expect(reply.body).toMatchObject({ error: { code, error_subcode: subcode } });
});

test('an address nobody listens on, or that is no address, cannot be fetched', async () => {
  const instagram = instagramOf(stage, await instagramAccount(stage));
  for (const url of ['http://127.0.0.1:1/x.jpg', 'x.jpg', 'ftp://example.org/x.jpg']) {
    expect((await instagram.create({ image_url: url })).body).toMatchObject({ error: { code: 9004 } });
  }
});

const videos = [
  { path: '/page.mp4', failure: '2207026' },
  { path: '/missing.jpg', failure: '2207052' },
];

test.each(videos)('a video at $path fails after the call with $failure', async ({ path, failure }) => {
  const instagram = instagramOf(stage, await instagramAccount(stage));
  const container = await instagram.created({ media_type: 'REELS', video_url: `${base}${path}` });
  await expect.poll(() => instagram.status(container), patience).toBe('ERROR');
  expect((await instagram.read(`/${container}?fields=status`)).body).toEqual({
    status: `Error: Media upload has failed with error code ${failure}`,
    id: container,
  });
});

const refused = [
  { why: 'no media at all', parameters: { caption: 'x' }, code: 100, subcode: undefined },
  { why: 'an unknown type', parameters: { media_type: 'HOLOGRAM' }, code: 100, subcode: 2207023 },
  { why: 'a caption over 2200 characters', parameters: { caption: 'x'.repeat(2201) }, code: 36004, subcode: 2207010 },
  { why: 'more than 30 hashtags', parameters: { caption: '#tag '.repeat(31) }, code: 36004, subcode: 2207010 },
  { why: 'more than 20 mentions', parameters: { caption: '@ada '.repeat(21) }, code: 36004, subcode: 2207010 },
];

test.each(refused)('a container with $why is refused', async ({ parameters, code, subcode }) => {
  const instagram = instagramOf(stage, await instagramAccount(stage));
  const image = code === 36004 ? instagram.image : {};
  const reply = await instagram.create({ ...image, ...parameters });
  expect(reply.status).toBe(400);
  expect(reply.body).toMatchObject({ error: { code, ...(subcode === undefined ? {} : { error_subcode: subcode }) } });
});
