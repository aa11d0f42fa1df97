// Signing in and out. On a laptop a link that was printed there is the key.
import { html } from 'hono/html';
import { endSession, endSessionsOf } from '../../ledger/people/sessions.ts';
import { takeSignInLink } from '../../ledger/people/sign-in-links.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { PageRefused } from '../page-refused.ts';
import { dropSessionCookie, leaveNotice, writeSessionCookie } from '../session/cookies.ts';
import { readForm, signedIn } from '../session/signed-in.ts';
import { barePage } from '../shell/layout.ts';

/** Registers the pages for whoever is not signed in yet, and the way out. */
export function signInPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/sign-in', (c) => c.html(barePage('Sign in', HOW)));
  pages.get('/sign-in/:secret', (c) => c.html(barePage('Sign in', confirm(c.req.param('secret')))));
  pages.post('/sign-in/:secret', (c) => signIn(c, deps));
  pages.post('/sign-out', signedIn(deps), async (c) => {
    await readForm(c);
    await endSession(deps.ledger, c.get('sessionId'));
    dropSessionCookie(c, deps);
    return c.redirect('/sign-in', 303);
  });
  pages.post('/sign-out-everywhere', signedIn(deps), async (c) => {
    await readForm(c);
    await endSessionsOf(deps.ledger, c.get('caller'));
    dropSessionCookie(c, deps);
    return c.redirect('/sign-in', 303);
  });
}

const HOW = html`<h1>Sign in</h1>
<p>Open the sign-in link that <code>npm start</code> printed. Each link works once, for ten minutes; <code>npx oncepost sign-in</code> prints a new one.</p>`;

/** The link itself changes nothing, so that whatever looks at it before its reader does not use it up. */
function confirm(secret: string) {
  return html`<h1>Sign in</h1>
<p>This link signs you in on this browser. It works once.</p>
<form method="post" action="/sign-in/${encodeURIComponent(secret)}"><button class="main" autofocus>Sign in</button></form>`;
}

async function signIn(c: PageContext, deps: PagesDeps): Promise<Response> {
  const session = await takeSignInLink(deps.ledger, c.req.param('secret') ?? '', deps.settings.sessions);
  if (session === null) {
    throw new PageRefused(
      410,
      'This link is used up',
      'A sign-in link works once and for ten minutes, so nobody was signed in; "npx oncepost sign-in" prints a new one.',
    );
  }
  writeSessionCookie(c, deps, session);
  leaveNotice(c, deps, { kind: 'done', text: 'You are signed in.' });
  return c.redirect('/', 303);
}
