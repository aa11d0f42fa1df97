// What looks at a published post come to, written out: one look alone never says that it is gone or changed.
import { describe, expect, it } from 'vitest';
import type { FetchedPage } from '../../src/domain/pipeline/page/fetched-page.ts';
import { judgeVisit } from '../../src/domain/pipeline/page/judge-visit.ts';
import { imagesToAsk, liveChecks } from '../../src/domain/pipeline/page/live-checks.ts';
import { concludeLooks, type RecheckVerdict, refuseRecheck } from '../../src/domain/pipeline/recheck.ts';
import { RUN_STATES } from '../../src/domain/pipeline/states.ts';
import { sha256Hex } from '../../src/runtime/ids.ts';

const LETTERS: Readonly<Record<string, RecheckVerdict>> = { l: 'live', c: 'changed', g: 'gone', u: 'unreadable' };

/** Each letter a look; `-`: another is needed. */
const LOOKS: readonly (readonly [looks: string, verdict: RecheckVerdict | '-'])[] = [
  ['', '-'],
  ['l', 'live'],
  ['c', '-'],
  ['g', '-'],
  ['u', '-'],
  ['cc', 'changed'],
  ['gg', 'gone'],
  ['uu', '-'],
  ['cg', '-'],
  ['gc', '-'],
  ['gu', '-'],
  ['ug', '-'],
  ['gl', 'live'],
  ['ul', 'live'],
  ['ugg', 'gone'],
  ['ucc', 'changed'],
  ['cgg', 'gone'],
  ['gcc', 'changed'],
  ['uuu', 'unreadable'],
  ['uug', 'unreadable'],
  ['gug', 'unreadable'],
  ['ggu', 'gone'],
  ['cgc', 'unreadable'],
  ['cgu', 'unreadable'],
  ['cgl', 'live'],
];

describe('looks at a published post', () => {
  it.each(LOOKS)('%j come to %s', (looks, verdict) => {
    // As they are made: what is concluded is not looked at again.
    const found = Array.from(looks, (letter) => ({ verdict: LETTERS[letter] ?? 'live', says: letter }));
    let concluded: RecheckVerdict | '-' = '-';
    for (let count = 1; count <= found.length && concluded === '-'; count += 1) {
      concluded = concludeLooks(found.slice(0, count))?.verdict ?? '-';
    }
    expect(concluded).toBe(verdict);
  });

  it('that do not agree say so', () => {
    const found = (['changed', 'gone', 'changed'] as const).map((verdict) => ({ verdict, says: 'Seen.' }));
    expect(concludeLooks(found)?.says).toBe('The looks at it do not agree: changed, gone, changed. Seen.');
  });
});

const URL = 'https://blog.example/news/sea/';
const PLANNED = {
  title: 'The sea',
  body: 'It is wide.\n\n![Waves](waves.png)\n',
  format: 'markdown',
  url: URL,
} as const;
const PAGE = '<title>The sea</title><h1>The sea</h1><p>It is wide.</p><img src="/waves.png" alt="Waves">';

function judged(page: Partial<FetchedPage>, imageStatus: number | null = 200) {
  const status = page.status === undefined ? 200 : page.status;
  const hops = status === null ? [] : [{ url: URL, status, location: null }];
  const fetched: FetchedPage = { hops, url: URL, status, problem: null, html: PAGE, ...page };
  const images = imagesToAsk(PLANNED, fetched, sha256Hex).map((url) => ({ url, status: imageStatus }));
  const input = { planned: PLANNED, fetched, images, digest: sha256Hex };
  return judgeVisit(input, { rows: liveChecks(input), counts: () => true });
}

describe('one look', () => {
  it.each<readonly [string, RecheckVerdict, Partial<FetchedPage>, number | null]>([
    ['at the page as it was published', 'live', {}, 200],
    ['at a page without its text', 'changed', { html: PAGE.replace('wide', 'narrow') }, 200],
    ['at a page without its picture', 'changed', { html: PAGE.replace(/<img.*>/, '') }, 200],
    ['at a page elsewhere', 'changed', { url: 'https://blog.example/' }, 200],
    ['whose picture is not there', 'changed', {}, 404],
    ['whose picture gives no answer', 'unreadable', {}, null],
    ['whose picture answers 502', 'unreadable', {}, 502],
    ['that answers 404', 'gone', { status: 404, html: '<title>No</title>' }, 200],
    ['that answers 404 without HTML', 'gone', { status: 404, html: null, problem: 'not_html' }, 200],
    ['that answers 410', 'gone', { status: 410, html: null }, 200],
    ['that answers 401', 'unreadable', { status: 401, html: PAGE }, 200],
    ['that answers 403', 'unreadable', { status: 403, html: '<title>No</title>' }, 200],
    ['that answers 451', 'unreadable', { status: 451, html: '<title>No</title>' }, 200],
    ['that answers 429', 'unreadable', { status: 429, html: '' }, 200],
    ['that answers 500', 'unreadable', { status: 500, html: '<title>Oh</title>' }, 200],
    ['that answers 204', 'unreadable', { status: 204, html: '' }, 200],
    ['that nobody answers', 'unreadable', { status: null, html: null, problem: 'unreachable' }, 200],
    ['that is late', 'unreadable', { status: null, html: null, problem: 'timeout' }, 200],
    ['that leads in a circle', 'unreadable', { status: 302, html: null, problem: 'redirect_loop' }, 200],
    ['at what is no page', 'unreadable', { html: null, problem: 'not_html' }, 200],
    ['at a page nested too deep to be read', 'unreadable', { html: '<div>'.repeat(2_000) }, 200],
  ])('%s is %s', (_, verdict, page, imageStatus) => {
    expect(judged(page, imageStatus).verdict).toBe(verdict);
  });
});

describe('a run', () => {
  const stage = { inputs: [], artifacts: [], gates: [], timeoutMs: 1, next: null, effect: 'none' } as const;
  const retry = { attempts: 1, firstMs: 1, maxMs: 1 };
  const ends = { ...stage, retry, terminal: 'out' } as const;
  const contract = (uses: 'live_qa' | 'publish') => ({
    stages: [{ ...ends, id: 'the-last-look', runner: 'builtin', uses } as const],
  });

  it('is checked again once it has ended, whatever its last stage and its end are called', () => {
    const refused = RUN_STATES.map((state) => refuseRecheck({ state, contract: contract('live_qa') }));
    expect(Object.fromEntries(RUN_STATES.map((state, index) => [state, refused[index]]))).toEqual({
      running: 'not_published',
      waiting: 'not_published',
      failed: 'not_published',
      blocked: 'not_published',
      canceled: 'not_published',
      ended: null,
    });
  });

  it('without a stage that checks the page is not', () => {
    expect(refuseRecheck({ state: 'ended', contract: contract('publish') })).toBe('no_live_check');
  });
});
