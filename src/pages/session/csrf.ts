// Forms of other sites change nothing here: each of ours carries a token that only the session's own pages can know.
import { timingSafeEqual } from 'node:crypto';
import { sha256Hex } from '../../runtime/ids.ts';
import type { PageContext } from '../deps.ts';
import { PageRefused } from '../page-refused.ts';

/** The name of the hidden field. */
export const CSRF_FIELD = 'csrf';

/** The token of a session; from it nobody can find the session. */
export function csrfToken(sessionId: string): string {
  return sha256Hex(`csrf\n${sessionId}`);
}

/** @throws PageRefused when the form was not made by a page of this session */
export function assertOwnForm(c: PageContext, sessionId: string, form: Readonly<Record<string, unknown>>): void {
  const given = form[CSRF_FIELD];
  if (!isForeign(c) && typeof given === 'string' && isEqual(given, csrfToken(sessionId))) return;
  throw outOfDate();
}

/** For forms before there is a session. @throws PageRefused when a browser says that another site sends it */
export function assertOwnSite(c: PageContext): void {
  if (isForeign(c)) throw outOfDate();
}

function isForeign(c: PageContext): boolean {
  const site = c.req.header('sec-fetch-site');
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

function outOfDate(): PageRefused {
  return new PageRefused(
    403,
    'This form is out of date',
    'The form does not belong to your present session, so nothing was changed; go back, reload the page and send it again.',
  );
}

function isEqual(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
