// The cookies of the pages: the session, what is to be said once, and the viewer's time zone.
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import type { Notice, PageContext, PagesDeps } from '../deps.ts';

type Where = Pick<PagesDeps, 'publicUrl'>;

const NOTICE_SECONDS = 60;
const NOTICE_CHARS = 1_000;
const NOTICE = 'oncepost_notice';
const ZONE = 'oncepost_zone';

function isSecure({ publicUrl }: Where): boolean {
  return publicUrl?.startsWith('https:') === true;
}

/** Behind TLS a cookie that proves something is bound to this very host, and never sent in the clear. */
function hostName(where: Where, name: string): string {
  return isSecure(where) ? `__Host-${name}` : name;
}

/** What the cookie that holds a session is called. */
export const sessionName = (where: Where): string => hostName(where, 'oncepost_session');
const flowName = (where: Where) => hostName(where, 'oncepost_sign_in');

function options(where: Where) {
  return { path: '/', httpOnly: true, sameSite: 'Lax', secure: isSecure(where) } as const;
}

/** The session's id, or undefined. */
export function readSessionCookie(c: PageContext, where: Where): string | undefined {
  return getCookie(c, sessionName(where));
}

export function writeSessionCookie(c: PageContext, where: Where, session: { id: string; expiresAt: Date }): void {
  setCookie(c, sessionName(where), session.id, { ...options(where), expires: session.expiresAt });
}

export function dropSessionCookie(c: PageContext, where: Where): void {
  deleteCookie(c, sessionName(where), options(where));
}

/** The secret of a try to sign in through a provider, which only the browser that began it holds. */
export function writeFlowCookie(c: PageContext, where: Where, flow: { browser: string; expiresAt: Date }): void {
  setCookie(c, flowName(where), flow.browser, { ...options(where), expires: flow.expiresAt });
}

/** Takes it; undefined when this browser began none. */
export function takeFlowCookie(c: PageContext, where: Where): string | undefined {
  return deleteCookie(c, flowName(where), options(where));
}

const noticeSchema = z.object({ kind: z.enum(['done', 'refused']), text: z.string().max(NOTICE_CHARS) });

/** Leaves a sentence for the page that follows. */
export function leaveNotice(c: PageContext, where: Where, notice: Notice): void {
  const value = JSON.stringify({ ...notice, text: notice.text.slice(0, NOTICE_CHARS) });
  setCookie(c, NOTICE, value, { ...options(where), maxAge: NOTICE_SECONDS });
}

/** Takes what was left to be said; whoever forged it said it to themselves. */
export function takeNotice(c: PageContext): Notice | null {
  const value = getCookie(c, NOTICE);
  if (value === undefined) return null;
  deleteCookie(c, NOTICE, { path: '/' });
  try {
    return noticeSchema.parse(JSON.parse(value));
  } catch {
    return null;
  }
}

/** The viewer's zone, which a script of ours has written down; UTC for whoever runs none. */
export function readZone(c: PageContext): string {
  const zone = getCookie(c, ZONE);
  if (zone === undefined) return 'UTC';
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
