// Fetches a public page like a visitor: redirects followed and shown, caches asked to look again, tried again for as long as
// a site may take to show it.
import type { FetchedPage, Hop, ImageAnswer, VisitProblem } from '../../domain/pipeline/page/fetched-page.ts';
import type { VisitDoor } from '../../transport/visit.ts';
import { pageText } from './page-text.ts';

export const REDIRECTS = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface FetchDeps {
  readonly door: Pick<VisitDoor, 'ask'>;
  /** The sites of the pipeline, which may lie in a private network; whatever a page leads to beside them may not. */
  readonly ownOrigins: ReadonlySet<string>;
  readonly now: () => Date;
  /** Waits so many ms; may throw to end the fetch. */
  readonly wait: (ms: number) => Promise<void>;
}

export interface WantedPage {
  readonly url: string;
  /** How long a site may take to show what was published, in ms; 0: one try. */
  readonly windowMs: number;
  /** Whether a page is the one wanted; what is not is asked for again within the window. */
  readonly isGood: (page: FetchedPage) => boolean | Promise<boolean>;
}

export interface PageVisit {
  /** The last try. */
  readonly page: FetchedPage;
  readonly tries: number;
  /**
   * The page behind the caches of the site, where the last try was not good: asked with a query parameter that no cache knows.
   * It tells a stale cache from a page that is not there, and is never what is checked: visitors do not get it.
   */
  readonly behindCaches: FetchedPage | null;
}

/** Fetches until the page is good or the window is over. Never throws by itself. */
export async function fetchPage(deps: FetchDeps, { url, windowMs, isGood }: WantedPage): Promise<PageVisit> {
  const until = deps.now().getTime() + windowMs;
  let pauseMs = FIRST_PAUSE_MS;
  for (let tries = 1; ; tries += 1) {
    const page = await visit(deps, url);
    if (await isGood(page)) return { page, tries, behindCaches: null };
    const leftMs = until - deps.now().getTime();
    if (leftMs <= 0)
      return { page, tries, behindCaches: tries > 1 ? await visit(deps, pastCaches(url, deps.now())) : null };
    await deps.wait(Math.min(pauseMs, leftMs));
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

function pastCaches(address: string, now: Date): string {
  const url = new URL(address);
  url.searchParams.set('oncepost-check', String(now.getTime()));
  return url.href;
}

async function visit({ door, ownOrigins }: FetchDeps, first: string): Promise<FetchedPage> {
  const hops: Hop[] = [];
  let url = first;
  const ended = (problem: VisitProblem | null, html: string | null = null): FetchedPage => ({
    hops,
    url,
    status: hops.at(-1)?.status ?? null,
    problem,
    html,
  });
  for (;;) {
    const answer = await door.ask({ url, want: 'page', ownOrigins });
    if (answer.kind === 'problem') return ended(answer.problem);
    const location = locationOf(answer, url);
    hops.push({ url, status: answer.status, location });
    if (!isRedirect(answer.status)) return { ...ended(null), ...read(answer) };
    if (location === null) return ended('bad_redirect');
    if (hops.some((hop) => hop.url === location)) return ended('redirect_loop');
    if (hops.length > REDIRECTS) return ended('too_many_redirects');
    url = location;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

/** Where a redirect leads, as a whole address; null where it does not say, or is none. */
export function locationOf({ status, headers }: Pick<Answer, 'status' | 'headers'>, from: string): string | null {
  const to = isRedirect(status) && headers.location ? URL.parse(headers.location, from) : null;
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:') return null;
  to.hash = '';
  return to.href;
}

function read({ headers, body }: Answer): Pick<FetchedPage, 'html' | 'problem'> {
  const contentType = headers['content-type'] ?? 'text/html';
  if (!/^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType)) return { html: null, problem: 'not_html' };
  const html = pageText(body, contentType);
  return { html, problem: html === null ? 'unreadable' : null };
}

/** Asks each image whether it is there: by `HEAD`, and by its first byte where a server has another word for `HEAD`. */
export async function askImages(
  deps: Pick<FetchDeps, 'door' | 'ownOrigins'>,
  addresses: readonly string[],
): Promise<ImageAnswer[]> {
  const answers: ImageAnswer[] = [];
  for (const url of addresses) {
    const head = await imageStatus(deps, url, 'head');
    answers.push({ url, status: head === 200 ? head : await imageStatus(deps, url, 'first_byte') });
  }
  return answers;
}

/** The status in the end, behind redirects: 206 is 200 for a part; null where none came. */
async function imageStatus(
  { door, ownOrigins }: Pick<FetchDeps, 'door' | 'ownOrigins'>,
  first: string,
  want: 'head' | 'first_byte',
): Promise<number | null> {
  let url = first;
  for (let hop = 0; hop <= REDIRECTS; hop += 1) {
    const answer = await door.ask({ url, want, ownOrigins });
    if (answer.kind === 'problem') return null;
    const location = locationOf(answer, url);
    if (location === null) return answer.status === 206 ? 200 : answer.status;
    url = location;
  }
  return null;
}
