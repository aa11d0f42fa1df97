// Users' media over real sockets: exact chunks of the file that was meant, or one typed sentence.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createMediaSource, type MediaSourceSettings } from '../../src/transport/media.ts';
import { MediaUnavailable } from '../../src/transport/media-unavailable.ts';
import { listen } from './wire-server.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

interface FileServer {
  readonly url: string;
  readonly port: number;
  readonly asked: string[];
}

async function serve(answer: Answer, host?: string): Promise<FileServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(response, request);
  });
  const port = await listen(server, host);
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://${host ?? '127.0.0.1'}:${port}`, port, asked };
}

function openSource(settings: Partial<MediaSourceSettings> = {}) {
  const source = createMediaSource({
    userAgent: 'Oncepost/7.8.9',
    allowPrivateHosts: true,
    timeoutMs: 5_000,
    ...settings,
  });
  closing.push(() => source.close());
  return source;
}

const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(2_492, 7)]);
const png = { sizeBytes: PNG.byteLength, mediaType: 'image/png' };

async function read(url: string, expected = png, settings: Partial<MediaSourceSettings> = {}, chunkBytes = 1_000) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openSource(settings).chunks(url, expected, chunkBytes)) chunks.push(chunk);
  return { sizes: chunks.map((chunk) => chunk.byteLength), bytes: Buffer.concat(chunks) };
}

async function failure(reading: Promise<unknown>): Promise<Pick<MediaUnavailable, 'problem' | 'message'>> {
  const error = await reading.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof MediaUnavailable)) throw new TypeError(`not a typed failure: ${String(error)}`);
  return { problem: error.problem, message: error.message };
}

describe('a file that is what the schedule says', () => {
  test.each([
    [1_000, [1_000, 1_000, 500]],
    [2_500, [2_500]],
    [1_250, [1_250, 1_250]],
    [10_000, [2_500]],
  ])('comes in chunks of %i bytes', async (chunkBytes, sizes) => {
    const server = await serve((response) => response.end(PNG));
    const file = await read(`${server.url}/a.png`, png, {}, chunkBytes);
    expect(file.sizes).toEqual(sizes);
    expect(file.bytes.equals(PNG)).toBe(true);
  });

  test('comes in the same chunks when it drips in', async () => {
    const server = await serve((response) => {
      for (let at = 0; at < PNG.byteLength; at += 5) response.write(PNG.subarray(at, at + 5));
      response.end();
    });
    expect((await read(server.url)).sizes).toEqual([1_000, 1_000, 500]);
  });

  test('is asked for as written, without compression, in our name', async () => {
    const seen: unknown[] = [];
    const server = await serve((response, request) => {
      seen.push(request.headers['accept-encoding'], request.headers['user-agent']);
      response.end(PNG);
    });
    await read(`${server.url}/a%20b.png?signature=x%2Fy`);
    expect(server.asked).toEqual(['/a%20b.png?signature=x%2Fy']);
    expect(seen).toEqual(['identity', 'Oncepost/7.8.9']);
  });

  test('may be left in the middle', async () => {
    const server = await serve((response) => response.end(PNG));
    for await (const chunk of openSource().chunks(server.url, png, 100)) {
      expect(chunk.byteLength).toBe(100);
      break;
    }
  });
});

const box = (brand: string) => Buffer.from(`\0\0\0\x18ftyp${brand}\0\0\0\0`, 'latin1');
const start = (text: string) => Buffer.from(text.padEnd(40, '\0'), 'latin1');
const FILES = {
  jpeg: start('\xff\xd8\xff\xe0\0\x10JFIF'),
  png: start('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
  gif: start('GIF89a'),
  oldGif: start('GIF87a'),
  webp: start('RIFF\x20\0\0\0WEBPVP8 '),
  mp4: box('isom'),
  mp42: box('mp42'),
  mov: box('qt  '),
  oldMov: start('\0\0\x10\0moov\0\0\0\x6cmvhd'),
  heic: box('heic'),
  avif: box('avif'),
  m4a: box('M4A '),
  wav: start('RIFF\x20\0\0\0WAVEfmt '),
  html: start('<!doctype html><title>Sign in</title>'),
  svg: start('<svg xmlns="http://www.w3.org/2000/svg"/>'),
};

const TYPES: Readonly<Record<string, readonly (keyof typeof FILES)[]>> = {
  'image/jpeg': ['jpeg'],
  'image/png': ['png'],
  'image/gif': ['gif', 'oldGif'],
  'image/webp': ['webp'],
  'video/mp4': ['mp4', 'mp42'],
  'video/quicktime': ['mov', 'oldMov'],
  'text/html': [],
};

describe.each(Object.entries(TYPES))('what goes as %s', (mediaType, fitting) => {
  test.each(Object.entries(FILES))('of the files: %s', async (name, bytes) => {
    const server = await serve((response) => response.end(bytes));
    const reading = read(server.url, { mediaType, sizeBytes: bytes.byteLength });
    if (fitting.some((fits) => fits === name)) expect((await reading).bytes.equals(bytes)).toBe(true);
    else expect(await failure(reading)).toMatchObject({ problem: 'wrong_type' });
  });
});

describe('a file of another size', () => {
  const announced: Answer = (response) => response.end(PNG);
  const unannounced: Answer = (response) => {
    response.write(PNG.subarray(0, 700));
    response.end(PNG.subarray(700));
  };

  test.each([
    ['one byte longer, announced', announced, png.sizeBytes - 1],
    ['one byte shorter, announced', announced, png.sizeBytes + 1],
    ['one byte longer, unannounced', unannounced, png.sizeBytes - 1],
    ['one byte shorter, unannounced', unannounced, png.sizeBytes + 1],
  ])('%s', async (_, answer, sizeBytes) => {
    const server = await serve(answer);
    expect(await failure(read(server.url, { ...png, sizeBytes }))).toMatchObject({ problem: 'wrong_size' });
  });

  test('that never ends is dropped at the size it should have', async () => {
    const server = await serve((response) => {
      const more = () => response.write(PNG, (error) => error || more());
      more();
    });
    expect(await failure(read(server.url))).toMatchObject({ problem: 'wrong_size' });
  });

  test('that is empty', async () => {
    const server = await serve((response) => response.end());
    expect(await failure(read(server.url))).toMatchObject({ problem: 'wrong_size' });
  });

  test('that is too short to be anything', async () => {
    const server = await serve((response) => response.end('\x89PN'));
    expect(await failure(read(server.url, { ...png, sizeBytes: 4 }))).toMatchObject({ problem: 'wrong_type' });
  });
});

describe('a server that does not serve', () => {
  test.each([
    [404, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [204, 'refused'],
    [206, 'refused'],
    [304, 'refused'],
    [408, 'unreachable'],
    [429, 'unreachable'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('with %i is %s', async (status, problem) => {
    const server = await serve((response) => response.writeHead(status).end());
    const { message, ...rest } = await failure(read(`${server.url}/a.png?signature=secret`));
    expect(rest).toEqual({ problem });
    expect(message).toContain(String(status));
    expect(message).toContain(`127.0.0.1:${server.port}`);
    expect(message).not.toContain('secret');
  });

  test('because nobody listens', async () => {
    const { url } = await serve(() => {});
    await Promise.all(closing.splice(0).map((close) => close()));
    expect(await failure(read(url))).toMatchObject({ problem: 'unreachable' });
  });

  test('because its name cannot exist', async () => {
    const settings = { allowPrivateHosts: false };
    expect(await failure(read(`http://${'a'.repeat(64)}.invalid/a.png`, png, settings))).toMatchObject({
      problem: 'unreachable',
    });
  });

  test('because it hangs before the answer', async () => {
    const server = await serve(() => {});
    expect(await failure(read(server.url, png, { timeoutMs: 200 }))).toMatchObject({ problem: 'unreachable' });
  });

  test('because it hangs in the middle', async () => {
    const server = await serve((response) => response.write(PNG.subarray(0, 100)));
    expect(await failure(read(server.url, png, { timeoutMs: 200 }))).toMatchObject({ problem: 'unreachable' });
  });

  test('because it breaks off in the middle', async () => {
    const server = await serve((response) => {
      response.setHeader('content-length', PNG.byteLength);
      response.write(PNG.subarray(0, 100), () => response.destroy());
    });
    expect(await failure(read(server.url))).toMatchObject({ problem: 'unreachable' });
  });
});

describe('a redirect', () => {
  const chain: Answer = (response, request) => {
    const left = Number(request.url?.slice(1));
    if (left === 0) response.end(PNG);
    else response.writeHead(302, { location: `/${left - 1}` }).end('moved');
  };

  test.each([1, 2, 3])('is followed, up to three times: %i', async (hops) => {
    const server = await serve(chain);
    expect((await read(`${server.url}/${hops}`)).bytes.equals(PNG)).toBe(true);
  });

  // What a browser asks for: the bytes of UTF-8, each not ASCII one as percent and two digits.
  test.each([
    ['raw UTF-8', Buffer.from('/bilder/größe 日.png').toString('latin1'), '/bilder/gr%C3%B6%C3%9Fe%20%E6%97%A5.png'],
    ['raw UTF-8, relative', Buffer.from('größe.png?s=ü').toString('latin1'), '/a/gr%C3%B6%C3%9Fe.png?s=%C3%BC'],
    ['up and over', '../b/c.png', '/b/c.png'],
    ['Latin-1', '/caf\xe9.png', '/caf%C3%A9.png'],
    ['percent and digits already', '/gr%C3%B6%C3%9Fe.png', '/gr%C3%B6%C3%9Fe.png'],
  ])('written as %s leads to the file that was meant', async (_, location, path) => {
    const server = await serve((response, request) => {
      if (request.url === path) response.end(PNG);
      else response.writeHead(302, { location }).end();
    });
    expect((await read(`${server.url}/a/first`)).bytes.equals(PNG)).toBe(true);
    expect(server.asked).toEqual(['/a/first', path]);
  });

  test('is not followed a fourth time', async () => {
    const server = await serve(chain);
    expect(await failure(read(`${server.url}/4`))).toMatchObject({ problem: 'refused' });
    expect(server.asked).toEqual(['/4', '/3', '/2', '/1']);
  });

  test.each(['', 'file:///etc/passwd', 'ftp://example.com/a.png', 'http://'])(
    'to "%s" is refused',
    async (location) => {
      const server = await serve((response) => response.writeHead(301, { location }).end());
      expect(await failure(read(server.url))).toMatchObject({ problem: 'refused' });
    },
  );

  test('from a public address into a private network is refused, and nothing is asked there', async () => {
    const inside = await serve((response) => response.end(PNG), '127.0.0.2');
    const outside = await serve((response) => response.writeHead(302, { location: inside.url }).end());
    const settings = { allowPrivateHosts: false, isPublic: (address: string) => address === '127.0.0.1' };
    expect(await failure(read(outside.url, png, settings))).toMatchObject({ problem: 'private_address' });
    expect(outside.asked).toEqual(['/']);
    expect(inside.asked).toEqual([]);
  });
});

describe('an address of a private network', () => {
  const guarded = { allowPrivateHosts: false };

  test.each([
    ['the address itself', (port: number) => `http://127.0.0.1:${port}`],
    ['a short form of it', (port: number) => `http://127.1:${port}`],
    ['one number', (port: number) => `http://2130706433:${port}`],
    ['octal and hex', (port: number) => `http://0177.0.0.0x1:${port}`],
    ['IPv6 around IPv4', (port: number) => `http://[::ffff:127.0.0.1]:${port}`],
    ['a name that resolves to it', (port: number) => `http://localhost:${port}`],
    ['the unspecified address', (port: number) => `http://0.0.0.0:${port}`],
  ])('is refused, written as %s', async (_, url) => {
    const server = await serve((response) => response.end(PNG));
    expect(await failure(read(url(server.port), png, guarded))).toMatchObject({ problem: 'private_address' });
    expect(server.asked).toEqual([]);
  });

  test('is read when the settings allow it', async () => {
    const server = await serve((response) => response.end(PNG));
    expect((await read(`http://localhost:${server.port}`)).bytes.equals(PNG)).toBe(true);
  });
});
