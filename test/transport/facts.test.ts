// What a file says of itself, over real sockets: from a part of it, whatever its server makes of ranges.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { makeGif } from '../../src/sandbox/media/images.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import type { MediaFacts } from '../../src/transport/facts/media-facts.ts';
import { createMediaSource } from '../../src/transport/media.ts';
import { MediaUnavailable } from '../../src/transport/media-unavailable.ts';
import { movingPng, movingWebp, phoneJpeg, phonePng, phoneWebp } from './pictures.ts';
import { listen } from './wire-server.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface Asked {
  /** Method and range of each request. */
  readonly asked: string[];
  facts(): Promise<MediaFacts>;
  failure(): Promise<string>;
}

async function serve(answer: Answer): Promise<Asked> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.range ?? ''}`.trim());
    answer(request, response);
  });
  const port = await listen(server);
  const source = createMediaSource({ userAgent: 'Oncepost/test', allowPrivateHosts: true, timeoutMs: 5_000 });
  closing.push(async () => {
    await source.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const facts = () => source.facts(`http://127.0.0.1:${port}/file`);
  return {
    asked,
    facts,
    failure: async () => {
      const error = await facts().catch((thrown: unknown) => thrown);
      if (!(error instanceof MediaUnavailable)) throw new TypeError('the file was read');
      return `${error.problem}: ${error.happened}`;
    },
  };
}

/** Answers ranges as RFC 9110 says; `total` may be kept back. */
const ranged =
  (file: Buffer, total: string | number = file.byteLength): Answer =>
  (request, response) => {
    if (request.method === 'HEAD') {
      response.writeHead(200, { 'content-length': file.byteLength }).end();
      return;
    }
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    if (Number(from) >= file.byteLength) {
      response.writeHead(416, { 'content-range': `bytes */${file.byteLength}` }).end();
      return;
    }
    const part = file.subarray(Number(from), Number(to) + 1);
    const range = `bytes ${from}-${Number(from) + part.byteLength - 1}/${total}`;
    response.writeHead(206, { 'content-range': range, 'content-type': 'application/octet-stream' }).end(part);
  };
const ignoring =
  (file: Buffer): Answer =>
  (_, response) =>
    void response.end(file);
const unannounced =
  (file: Buffer): Answer =>
  (_, response) => {
    response.write(file.subarray(0, 1));
    response.end(file.subarray(1));
  };

const sample = (name: string) => makeSamples().get(name)?.bytes ?? Buffer.alloc(0);

/** The samples as the sandbox draws them; all else is built with these pixels in test/transport/pictures.ts. */
const FILES: readonly (readonly [string, Buffer, Omit<MediaFacts, 'sizeBytes'>])[] = [
  ['a JPEG', sample('sample.jpg'), { mediaType: 'image/jpeg', widthPx: 320, heightPx: 320 }],
  ['a JPEG on its side', phoneJpeg(6), { mediaType: 'image/jpeg', widthPx: 320, heightPx: 320 }],
  ['a JPEG behind 600 kB of profiles', phoneJpeg(1, 600_000), { mediaType: 'image/jpeg', widthPx: 320, heightPx: 320 }],
  ['a PNG', sample('sample.png'), { mediaType: 'image/png', widthPx: 320, heightPx: 320, animated: false }],
  ['a PNG upright', phonePng(1), { mediaType: 'image/png', widthPx: 30, heightPx: 20, animated: false }],
  ['a PNG on its side', phonePng(8), { mediaType: 'image/png', widthPx: 20, heightPx: 30, animated: false }],
  ['a PNG on its head', phonePng(3), { mediaType: 'image/png', widthPx: 30, heightPx: 20, animated: false }],
  ['a PNG that moves', movingPng(), { mediaType: 'image/png', widthPx: 30, heightPx: 20, animated: true }],
  ['a WebP on its side', phoneWebp(5), { mediaType: 'image/webp', widthPx: 20, heightPx: 30, animated: false }],
  ['a WebP that moves', movingWebp(), { mediaType: 'image/webp', widthPx: 30, heightPx: 20, animated: true }],
  ['a GIF that moves', sample('sample.gif'), { mediaType: 'image/gif', widthPx: 64, heightPx: 64, animated: true }],
  [
    'a GIF that does not move',
    makeGif(64, 1, (x, y) => x + y),
    { mediaType: 'image/gif', widthPx: 64, heightPx: 64, animated: false },
  ],
  [
    'an MP4',
    sample('sample.mp4'),
    { mediaType: 'video/mp4', widthPx: 128, heightPx: 96, durationSeconds: 4, codecs: ['avc'] },
  ],
];

const SERVERS: readonly (readonly [string, (file: Buffer) => Answer])[] = [
  ['knows ranges', (file) => ranged(file)],
  ['knows ranges and says no length', (file) => ranged(file, '*')],
  ['ignores ranges', ignoring],
  ['ignores ranges and says no length', unannounced],
  [
    'refuses ranges',
    (file) => (request, response) => {
      if (request.headers.range === undefined) response.end(file);
      else response.writeHead(416).end();
    },
  ],
];

describe.each(SERVERS)('from a server that %s', (_, answer) => {
  it.each(FILES)('%s', async (_name, file, facts) => {
    const server = await serve(answer(file));
    expect(await server.facts()).toEqual({ ...facts, sizeBytes: file.byteLength });
  });
});

it('asks for the beginning first, as it lies there', async () => {
  const server = await serve((request, response) => {
    expect(request.headers['accept-encoding']).toBe('identity');
    ranged(sample('sample.png'))(request, response);
  });
  await server.facts();
  expect(server.asked).toEqual(['GET bytes=0-65535']);
});

it('reads the index at the end of a video of two gigabytes, and little else', async () => {
  const mp4 = sample('sample.mp4');
  const at = mp4.indexOf('moov') - 4;
  const moov = mp4.subarray(at, at + mp4.readUInt32BE(at));
  const ftyp = mp4.subarray(0, mp4.readUInt32BE(0));
  const mdatBytes = 2_000_000_000;
  const mdat = Buffer.from([0, 0, 0, 0, 0x6d, 0x64, 0x61, 0x74]);
  mdat.writeUInt32BE(mdatBytes, 0);
  const total = ftyp.byteLength + mdatBytes + moov.byteLength;
  const moovAt = ftyp.byteLength + mdatBytes;
  let sentBytes = 0;
  const server = await serve((request, response) => {
    const [, first = '0', last = '0'] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
    const [from, to] = [Number(first), Math.min(Number(last) + 1, total)];
    const part = Buffer.alloc(to - from);
    for (const [piece, pieceAt] of [
      [ftyp, 0],
      [mdat, ftyp.byteLength],
      [moov, moovAt],
    ] as const) {
      const [start, end] = [Math.max(from, pieceAt), Math.min(to, pieceAt + piece.byteLength)];
      if (start < end) piece.copy(part, start - from, start - pieceAt, end - pieceAt);
    }
    sentBytes += part.byteLength;
    response.writeHead(206, { 'content-range': `bytes ${from}-${to - 1}/${total}` }).end(part);
  });
  expect(await server.facts()).toMatchObject({
    mediaType: 'video/mp4',
    sizeBytes: total,
    widthPx: 128,
    heightPx: 96,
    durationSeconds: 4,
    codecs: ['avc'],
  });
  expect(sentBytes).toBeLessThan(2 * 1024 ** 2);
});

describe('what is nothing that can be posted', () => {
  it.each([
    ['a page', ignoring(Buffer.from('<!doctype html><title>Sign in</title>')), /^wrong_type: is neither a JPEG/],
    ['an empty file', ignoring(Buffer.alloc(0)), 'wrong_size: is empty'],
    ['an empty file of a server of ranges', ranged(Buffer.alloc(0)), 'wrong_size: is empty'],
    [
      'a file that comes compressed',
      (_: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(200, { 'content-encoding': 'gzip' }).end(sample('sample.png')),
      'refused: is sent compressed, though it was asked for as it is',
    ],
    [
      'a file that is not there',
      (_: IncomingMessage, response: ServerResponse) => void response.writeHead(404).end(),
      'refused: is not served: the answer was 404',
    ],
    [
      'a file whose server is in trouble',
      (_: IncomingMessage, response: ServerResponse) => void response.writeHead(502).end(),
      'unreachable: is not served: the answer was 502',
    ],
  ])('%s', async (_, answer, failure) => {
    const server = await serve(answer);
    expect(await server.failure()).toMatch(failure);
  });
});

it('reads a JPEG that is nothing but its first bytes and zeros in no time, and little of it', async () => {
  const file = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(8_000_000)]);
  const server = await serve(ranged(file));
  const before = performance.now();
  expect(await server.facts()).toEqual({ mediaType: 'image/jpeg', sizeBytes: file.byteLength });
  expect(performance.now() - before).toBeLessThan(5_000);
});

it('believes no HEAD: a length that no byte proves is no length', async () => {
  const file = sample('sample.png');
  const server = await serve((request, response) => {
    if (request.method === 'HEAD') response.writeHead(200, { 'content-length': 5 }).end();
    else ranged(file, '*')(request, response);
  });
  const facts = await server.facts();
  expect(facts).toMatchObject({ mediaType: 'image/png' });
  expect(facts.sizeBytes).toBeUndefined();
});
