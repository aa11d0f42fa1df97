// A published post as a visitor finds it, on a real server on loopback.
import { createServer, type RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, test } from 'vitest';
import { imagesToAsk, liveChecks } from '../../../src/domain/pipeline/page/live-checks.ts';
import { askImages, fetchPage } from '../../../src/pipeline/page/fetch-page.ts';
import { sha256Hex } from '../../../src/runtime/ids.ts';
import { createVisitDoor } from '../../../src/transport/visit.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}

const BODY = 'It\'s the *first* paragraph...\n\n## Why it "works"\n\n- one\n- two\n\n![Flow](/flow.png)\n\nThe end.\n';
const article = (more = '') =>
  `<h1>Tom &amp; Jerry</h1><p>It’s the <em>first</em> paragraph…</p><h2 id="w">Why it “works”</h2><ul><li>one</li><li>two</li></ul><p><img data-src="/flow-1024.png" src="data:," alt="Flow"></p><p>The end.</p>${more}`;
const html = (body: string, head = '') =>
  `<html><head><title>Tom &amp; Jerry – Site</title>${head}</head><body><nav>Home</nav>${body}<footer>(c)</footer></body></html>`;

async function check(listener: RequestListener, { tries = 1, path = '/news/tom/' } = {}) {
  const base = await serve(listener);
  const door = createVisitDoor({ userAgent: 'test', timeoutMs: 1_000, limitBytes: 5_000_000 });
  closing.push(() => door.close());
  let nowMs = 0;
  const wait = async (ms: number) => {
    nowMs += ms;
  };
  const planned = { title: 'Tom & Jerry', body: BODY, format: 'markdown', url: `${base}/news/tom/` } as const;
  const deps = { door, ownOrigins: new Set([base]), wait, now: () => new Date(nowMs) };
  const isGood = ({ status }: { status: number | null }) => status === 200;
  const visit = await fetchPage(deps, { url: base + path, windowMs: (tries - 1) * 1_000, isGood });
  const images = await askImages(deps, imagesToAsk(planned, visit.page, sha256Hex));
  const rows = liveChecks({ planned, fetched: visit.page, images, digest: sha256Hex });
  return { visit, rows, bad: rows.filter(({ ok }) => !ok).map((row) => row.check as string) };
}

const page =
  (body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    if (request.url?.startsWith('/flow')) response.writeHead(request.method === 'HEAD' ? 405 : 206).end('x');
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
  };

describe('a page', () => {
  const all = ['canonical_url', 'title', 'content', 'markers', 'placeholders', 'images'];
  it.each<[string, RequestListener, string[]]>([
    ['with its theme, smart quotes and late images is as planned', page(html(article())), []],
    ['that is compressed is as planned', page(gzipSync(html(article())), { 'content-encoding': 'gzip' }), []],
    [
      'with another canonical address',
      page(html(article(), '<link rel="canonical" href="/other/">')),
      ['canonical_url'],
    ],
    ['without its heading', page(html(article().replace(/<h2.*<\/h2>/, ''))), ['content']],
    ['whose heading is none', page(html(article().replaceAll('h2', 'p'))), ['content']],
    ['whose paragraph has grown', page(html(article().replace('The end', 'The end, perhaps'))), ['content']],
    [
      'that answers 200 and says it is not there',
      page('<html><title>Not found</title><p>Sorry</p></html>'),
      ['title', 'content', 'images'],
    ],
    ['with a marker in a comment', page(html(article('<!-- /ZCP:ASSET -->'))), ['markers']],
    ['with a marker in an attribute', page(html(article('<p title="ZCP&#58;ASSET">x</p>'))), ['markers']],
    ['with a placeholder', page(html(article('<img src="https://placehold.co/9">'))), ['placeholders']],
    ['of 10 MB', page('x'.repeat(10_000_000)), ['status', 'address', ...all]],
    ['that hangs', () => undefined, ['status', 'address', ...all]],
    [
      'that redirects in a circle',
      (_, response) => response.writeHead(302, { location: '/news/tom/' }).end(),
      ['status', ...all],
    ],
  ])('%s', async (_, listener, expected) => {
    expect((await check(listener)).bad).toEqual(expected);
  });
});

test('a page that comes late is found within the window, and asked for by its own address', async () => {
  const asked: (string | undefined)[] = [];
  const { visit, bad } = await check(
    (request, response) => {
      asked.push(request.url);
      if (asked.length < 2) response.writeHead(404).end();
      else page(html(article()))(request, response);
    },
    { tries: 3 },
  );
  expect({ tries: visit.tries, bad, asked: asked.slice(0, 2) }).toEqual({
    tries: 2,
    bad: [],
    asked: ['/news/tom/', '/news/tom/'],
  });
});

test('redirects are followed and shown, and an old encoding is read', async () => {
  const { rows, bad } = await check(
    (request, response) => {
      if (request.url === '/old') response.writeHead(301, { location: '/news/tom/' }).end();
      else
        page(
          Buffer.from(
            html(article().replaceAll('’', "'").replace('…', '...').replaceAll(/[“”]/g, '"')).replace('–', '-'),
            'latin1',
          ),
          { 'content-type': 'text/html; charset=iso-8859-1' },
        )(request, response);
    },
    { path: '/old' },
  );
  expect(bad).toEqual([]);
  expect(rows[0]?.seen).toMatch(/^301 to http:.*\/news\/tom\/, 200$/);
});

test('a page that leads into a private network is followed nowhere: neither its redirect nor its pictures', async () => {
  const asked: string[] = [];
  const inside = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('secret');
  });
  const led = await check((_, response) => response.writeHead(302, { location: `${inside}/admin` }).end());
  expect(led.visit.page).toMatchObject({ problem: 'private_address', html: null });
  const shown = await check(page(html(article().replace('data-src="/flow-1024.png"', `src="${inside}/flow.png"`))));
  expect(shown.bad).toEqual(['images']);
  expect(asked).toEqual([]);
});
