// Where a site's REST API is found: pretty permalinks have it under /wp-json/, all others under ?rest_route=, and some
// under a prefix of their own, which the front page names.
import { z } from 'zod';
import { bodyJson, type HttpAnswer, type HttpRequest } from '../../transport/exchange.ts';
import type { AccountSession, PlatformSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { classifyAnswer, isWorded } from './errors.ts';
import { indexSchema } from './wire.ts';

/** A site as a session speaks to it. */
export interface Site {
  /** Ends where a route begins: `https://example.com/wp-json` or `https://example.com/?rest_route=`. */
  readonly root: string;
  /** The site's own address, by its own word. */
  readonly home: string;
  /** Whether it takes application passwords at all. */
  readonly takesPasswords: boolean;
}

const TRIES = 3;
const FIRST_PAUSE_MS = 500;
const SAVED_KEY = 'rest';

/** The address of a route, for example `/wp/v2/posts`, with a query. */
export function routeUrl(root: string, route: string, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  if (search === '') return `${root}${route}`;
  return `${root}${route}${root.includes('?') ? '&' : '?'}${search}`;
}

/** Signs a call in: Basic, with the application password as it is shown or without its spaces. */
export function signIn({ grant }: Pick<AccountSession, 'grant'>): { readonly authorization: string } {
  const { identifier = '', password = '' } = grant;
  const pair = `${identifier.trim()}:${password.replace(/\s+/g, '')}`;
  return { authorization: `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}

/**
 * Finds the API by trying. @throws StepRefused when WordPress itself refuses, or a host throttles; StepUnanswered when
 * nothing answers in its form, whatever it is that answers instead
 */
export async function findSite(session: AccountSession): Promise<Site> {
  let last = 'nothing was tried';
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await session.wait(FIRST_PAUSE_MS * 2 ** (tried - 1));
    const found = await tryAll(session);
    if (typeof found !== 'string') return found;
    last = found;
  }
  throw new StepUnanswered(
    'grant',
    `no WordPress REST API answers at ${session.account.apiBase}, neither under /wp-json/ nor under ?rest_route= (${last})`,
  );
}

/** As `findSite`, and saves where, so that the create can be built. */
export async function openSite(session: PlatformSession): Promise<Site> {
  const site = await findSite(session);
  if (session.remote.get(SAVED_KEY) !== site.root) await session.remote.save(SAVED_KEY, site.root);
  return site;
}

/** Where the preparation found the API. @throws StepUnanswered when it is not on record */
export function savedRoot({ remote }: Pick<PlatformSession, 'remote'>): string {
  const saved = z.string().safeParse(remote.get(SAVED_KEY)).data;
  if (saved === undefined) throw new StepUnanswered('create', 'the address of the REST API is not on record');
  return saved;
}

async function tryAll(session: AccountSession): Promise<Site | string> {
  const base = session.account.apiBase;
  const tried: string[] = [];
  for (const root of [`${base}/wp-json`, `${base}/?rest_route=`]) {
    const found = await tryRoot(session, root);
    if (typeof found !== 'string') return found;
    tried.push(found);
  }
  const named = await namedRoot(session);
  const found = named === null ? 'the front page names none' : await tryRoot(session, named);
  return typeof found === 'string' ? [...tried, found].join('; ') : found;
}

async function tryRoot(session: AccountSession, root: string): Promise<Site | string> {
  const url = routeUrl(root, '/', { _fields: 'namespaces,home,authentication' });
  const answer = await get(session, { method: 'GET', url, headers: signIn(session) });
  if (typeof answer === 'string') return answer;
  if (isRefusal(answer)) throw new StepRefused(classifyAnswer(answer, 'grant', session, 'read').cause);
  const index = indexSchema.safeParse(bodyJson(answer)).data;
  if (answer.status !== 200 || !index?.namespaces.includes('wp/v2')) return told(answer);
  const { authentication } = index;
  const takesPasswords = !Array.isArray(authentication) && 'application-passwords' in authentication;
  return { root, home: index.home.replace(/\/+$/, ''), takesPasswords };
}

/** What the front page's Link header names; never another origin than the account's, where its secrets have no business. */
async function namedRoot(session: AccountSession): Promise<string | null> {
  const answer = await get(session, { method: 'GET', url: `${session.account.apiBase}/` });
  if (typeof answer === 'string') return null;
  const [, named] = /<([^>]+)>;\s*rel="?https:\/\/api\.w\.org\/"?/.exec(answer.headers.link ?? '') ?? [];
  const url = named === undefined ? null : URL.parse(named);
  const own = URL.parse(session.account.apiBase);
  return url !== null && url.origin === own?.origin ? url.href.replace(/\/+$/, '') : null;
}

async function get(session: AccountSession, request: HttpRequest): Promise<HttpAnswer | string> {
  const exchange = await session.call(request);
  return exchange.kind === 'answer' ? exchange : exchange.detail;
}

/** A site whose API is for its own people alone refuses even its index. */
function isRefusal(answer: HttpAnswer): boolean {
  return [401, 403, 429].includes(answer.status) && isWorded(answer);
}

function told({ status, headers }: HttpAnswer): string {
  const { location } = headers;
  return status >= 300 && status < 400 && location ? `it sends on to ${location}` : `it answered ${status}`;
}
