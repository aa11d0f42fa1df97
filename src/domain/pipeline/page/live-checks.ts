// The checks of `live_qa`: what a visitor gets under the planned address, row by row, with what was expected and seen.
import { HtmlTooDeep } from '../html/tree.ts';
import { leaksInFeed } from '../leakage/in-feed.ts';
import { type LeakOptions, leaksInHtml } from '../leakage/in-html.ts';
import type { Leak, LeakKind } from '../leakage/leak.ts';
import { compareBody, compareTitle, type Difference } from './compare-content.ts';
import type { FeedSeen } from './feed.ts';
import { type FetchedPage, type ImageAnswer, VISIT_PROBLEMS } from './fetched-page.ts';
import { postImages } from './post-images.ts';
import { isSameAddress } from './same-address.ts';
import { type Digest, type PlannedPost, readPage, readPlanned, type SeenContent } from './signals.ts';

export const LIVE_CHECKS = {
  status: 'The page answers',
  address: 'It stands at the planned address',
  canonical_url: 'It names the planned canonical address',
  title: 'Its title is there',
  content: 'Its headings and text are there',
  markers: 'No planning marker is left',
  placeholders: 'No placeholder is left',
  images: 'Its images answer',
} as const;
export type LiveCheck = keyof typeof LIVE_CHECKS;
const isLiveCheck = (name: string): name is LiveCheck => Object.hasOwn(LIVE_CHECKS, name);
export const LIVE_CHECK_NAMES: readonly LiveCheck[] = Object.keys(LIVE_CHECKS).filter(isLiveCheck);

export interface CheckRow {
  readonly check: LiveCheck;
  readonly expected: string;
  /** Null where nothing could be seen: the page was not read, which does not say that it is wrong. */
  readonly seen: string | null;
  readonly ok: boolean;
}

export interface LiveInput {
  readonly planned: PlannedPost;
  readonly fetched: FetchedPage;
  /** What the addresses of `imagesToAsk` answered. */
  readonly images: readonly ImageAnswer[];
  /** Addresses of assets that do not count as made. */
  readonly placeholders?: ReadonlySet<string>;
  /** What the feed says that the page names; null: it names none. Left out: nobody looked. */
  readonly feed?: FeedSeen | null;
  readonly digest: Digest;
}

/** Every row, always all of them and in this order. A page that could not be read passes none but by what was seen. */
export function liveChecks(input: LiveInput): CheckRow[] {
  const { planned, fetched, digest } = input;
  const seen = readable(fetched, digest);
  return [
    statusRow(fetched),
    addressRow(planned, fetched),
    canonicalRow(planned, fetched, seen),
    ...contentRows(planned, seen, digest),
    ...leakRows(input, seen),
    imagesRow(input, seen),
  ];
}

/** What does not hold, in one sentence, and line by line; the rows must hold one that does not. */
export function wrongWords(rows: readonly CheckRow[]): { readonly text: string; readonly raw: string } {
  const wrong = rows.filter(({ ok }) => !ok);
  const [first] = wrong;
  const more = wrong.length > 1 ? ` ${wrong.length} checks do not hold in all.` : '';
  return {
    text: first
      ? `${LIVE_CHECKS[first.check]}: no. Expected ${first.expected}; seen ${first.seen ?? 'nothing'}.${more}`
      : '',
    raw: wrong
      .map(({ check, expected, seen }) => `${check}: expected ${expected}, seen ${seen ?? 'nothing'}`)
      .join('\n'),
  };
}

/** The digest over the text of the page as it was read, its theme included; null where it could not be. */
export function pageDigest(fetched: FetchedPage, digest: Digest): string | null {
  return readable(fetched, digest)?.bodyDigest ?? null;
}

/** The pictures of the post on the fetched page, as whole addresses; none where it could not be read. */
export function imagesToAsk(planned: PlannedPost, fetched: FetchedPage, digest: Digest): readonly string[] {
  const seen = readable(fetched, digest);
  return seen ? postImages(readPlanned(planned, digest), seen, fetched.url).addresses : [];
}

function readable({ html, url }: FetchedPage, digest: Digest): SeenContent | null {
  if (html === null) return null;
  try {
    return readPage(html, url, digest);
  } catch (error) {
    if (error instanceof HtmlTooDeep) return null;
    throw error;
  }
}

function statusRow({ hops, status, problem }: FetchedPage): CheckRow {
  const way = hops.map((hop) => (hop.location === null ? String(hop.status) : `${hop.status} to ${hop.location}`));
  const said = [...way, ...(problem === null ? [] : [VISIT_PROBLEMS[problem]])];
  return {
    check: 'status',
    expected: '200',
    seen: said.length > 0 ? said.join(', ') : null,
    ok: status === 200 && problem === null,
  };
}

function addressRow(planned: PlannedPost, { hops, status, url }: FetchedPage): CheckRow {
  const seen =
    status === null || hops.length === 0 ? null : [hops[0]?.url, ...hops.slice(1).map((hop) => hop.url)].join(' to ');
  return { check: 'address', expected: planned.url, seen, ok: seen !== null && isSameAddress(planned.url, url) };
}

/** A page that names none is its own. */
function canonicalRow(planned: PlannedPost, { url }: FetchedPage, seen: SeenContent | null): CheckRow {
  const expected = planned.canonicalUrl ?? planned.url;
  if (!seen) return { check: 'canonical_url', expected, seen: null, ok: false };
  const named = seen.canonicalUrls;
  const ok = (named.length > 0 ? named : [url]).every((address) => isSameAddress(expected, address));
  return {
    check: 'canonical_url',
    expected,
    seen: named.length > 0 ? named.join(', ') : `none; it stands at ${url}`,
    ok,
  };
}

function contentRows(post: PlannedPost, seen: SeenContent | null, digest: Digest): CheckRow[] {
  const planned = readPlanned(post, digest);
  const expected = `${planned.headings.length} headings and ${planned.blocks.length - planned.headings.length} paragraphs, in order`;
  if (!seen) {
    return [
      { check: 'title', expected: post.title, seen: null, ok: false },
      { check: 'content', expected, seen: null, ok: false },
    ];
  }
  const title = compareTitle(planned, seen);
  const body = compareBody(planned, seen);
  return [
    {
      check: 'title',
      expected: post.title,
      seen: title.length > 0 ? (title[0]?.seen ?? 'none') : post.title,
      ok: title.length === 0,
    },
    { check: 'content', expected, seen: body.length === 0 ? 'all of them' : missingWords(body), ok: body.length === 0 },
  ];
}

const TOLD = 5;

function missingWords(differences: readonly Difference[]): string {
  const told = differences.slice(0, TOLD).map(({ planned, seen }) => {
    const instead = seen === null ? '' : `, there is: "${seen}"`;
    return `missing: "${planned}"${instead}`;
  });
  const more = differences.length > TOLD ? [`and ${differences.length - TOLD} more`] : [];
  return [...told, ...more].join('; ');
}

function leakRows({ fetched, placeholders, feed }: LiveInput, seen: SeenContent | null): CheckRow[] {
  const options = placeholders ? { placeholders } : {};
  const leaks = seen && fetched.html !== null ? leaksInHtml(fetched.html, options) : null;
  const inFeed = leaksInItem(feed, options);
  const row = (check: LiveCheck, kind: LeakKind): CheckRow => {
    const [those, fed] = [leaks, inFeed].map((some) => some?.filter((one) => one.kind === kind) ?? null);
    if (!those) return { check, expected: 'none', seen: null, ok: false };
    const words = feed && fed && fed.length > 0 ? `in its feed ${feed.url}: ${leakWords(fed)}` : null;
    const told = [
      ...(those.length > 0 || words === null ? [leakWords(those)] : []),
      ...(words === null ? [] : [words]),
    ];
    if (check === 'markers' && words === null) told.push(...feedWords(feed, inFeed));
    return { check, expected: 'none', seen: told.join('; '), ok: those.length === 0 && words === null };
  };
  return [row('markers', 'marker'), row('placeholders', 'placeholder')];
}

/** Null where nothing was read of the post there, which says nothing of it. */
function leaksInItem(feed: LiveInput['feed'], options: LeakOptions): readonly Leak[] | null {
  if (!feed || typeof feed.item === 'string') return null;
  try {
    return leaksInFeed(feed.item.xml, options);
  } catch (error) {
    if (error instanceof HtmlTooDeep) return null;
    throw error;
  }
}

/** Whether the feed was looked at, for the record. */
function feedWords(feed: LiveInput['feed'], leaks: readonly Leak[] | null): string[] {
  if (feed === undefined) return [];
  if (feed === null) return ['the page names no feed of its site'];
  if (feed.item === 'not_listed') return [`its feed ${feed.url} does not list the post`];
  return [leaks ? `its feed ${feed.url} was looked at, too` : `its feed ${feed.url} could not be read`];
}

function leakWords(leaks: readonly Leak[]): string {
  const told = leaks.slice(0, TOLD).map(({ place, found, line }) => `${place} on line ${line ?? '?'}: ${found}`);
  return leaks.length === 0
    ? 'none'
    : [...told, ...(leaks.length > TOLD ? [`and ${leaks.length - TOLD} more`] : [])].join('; ');
}

function imagesRow({ planned: post, fetched, images, digest }: LiveInput, seen: SeenContent | null): CheckRow {
  const expected = 'each there, and answering 200';
  if (!seen) return { check: 'images', expected, seen: null, ok: false };
  const { addresses, missing } = postImages(readPlanned(post, digest), seen, fetched.url);
  const answers = new Map(images.map(({ url, status }) => [url, status]));
  const bad = addresses.filter((address) => answers.get(address) !== 200);
  const told = [
    ...bad.map(
      (address) => `${address}: ${answers.get(address) ?? (answers.has(address) ? 'no answer' : 'not asked')}`,
    ),
    ...missing.map((address) => `missing: ${address}`),
  ];
  return {
    check: 'images',
    expected,
    seen: told.length > 0 ? told.join(', ') : `${addresses.length} answer`,
    ok: told.length === 0,
  };
}
