// Lets a page be seen by whoever is signed in, and by nobody else; who is not is led to the sign-in page and back.
import type { MiddlewareHandler } from 'hono';
import { may } from '../../domain/people/caller.ts';
import { OPERATIONS, type Operation } from '../../domain/people/operations.ts';
import { isPlainText } from '../../domain/text/plain-text.ts';
import { findSession } from '../../ledger/people/sessions.ts';
import { workspacesOf } from '../../ledger/people/users.ts';
import type { PageContext, PagesDeps, PagesEnv } from '../deps.ts';
import { readOnHold } from '../holds/on-hold.ts';
import { PageRefused } from '../page-refused.ts';
import { dropSessionCookie, readSessionCookie, readZone, takeNotice } from './cookies.ts';
import { assertOwnForm } from './csrf.ts';

/** Finds out who is signed in, before any page that needs somebody. */
export function signedIn(deps: PagesDeps): MiddlewareHandler<PagesEnv> {
  return async (c, next) => {
    const id = readSessionCookie(c, deps);
    const caller = id === undefined ? null : await findSession(deps.ledger, id, deps.settings.sessions);
    if (id === undefined || caller === null) {
      if (id !== undefined) dropSessionCookie(c, deps);
      return c.redirect(signInAddress(c), 303);
    }
    c.set('sessionId', id);
    c.set('workspaces', await workspacesOf(deps.ledger, caller.userId));
    c.set('caller', caller);
    c.set('zone', readZone(c));
    c.set('onHold', await readOnHold(deps.ledger, caller.workspaceId));
    c.set('notice', c.req.method === 'GET' && c.req.header('hx-request') === undefined ? takeNotice(c) : null);
    await next();
  };
}

/** The way back is kept for what can be looked at again; a form that was sent cannot. */
function signInAddress(c: PageContext): string {
  const { pathname, search } = new URL(c.req.url);
  const back = `${pathname}${search}`;
  return c.req.method === 'GET' && back !== '/' ? `/sign-in?back=${encodeURIComponent(back)}` : '/sign-in';
}

/** Lets only those pass whose role allows it. @throws PageRefused that says which role does */
export function allowed(operation: Operation): MiddlewareHandler<PagesEnv> {
  return async (c, next) => {
    assertMay(c, operation);
    await next();
  };
}

/** @throws PageRefused */
function assertMay(c: PageContext, operation: Operation): void {
  const caller = c.get('caller');
  if (may(caller, operation)) return;
  const { role, does } = OPERATIONS[operation];
  throw new PageRefused(
    403,
    'Not with your role',
    `To ${does} one needs the role ${role}, and yours is ${caller.role}, so nothing was changed; ask an admin of ${caller.workspaceName}.`,
  );
}

/** The fields of a form of ours, each once. @throws PageRefused when it is none */
export async function readForm(c: PageContext): Promise<Readonly<Record<string, string>>> {
  const body = await c.req.parseBody();
  assertOwnForm(c, c.get('sessionId'), body);
  const fields = Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  if (fields.flat().every(isPlainText)) return Object.fromEntries(fields);
  throw new PageRefused(
    422,
    'The form cannot be stored',
    'The form holds a character that cannot be stored as it is, so nothing was changed; go back and leave it out.',
  );
}
