// Signing in and out. People sign in with a provider where one is set up; on a laptop a link that was printed there is
// the key.
import { endSession, endSessionsOf } from '../../ledger/people/sessions.ts';
import { takeSignInLink } from '../../ledger/people/sign-in-links.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere, PageRefused } from '../page-refused.ts';
import { dropSessionCookie, leaveNotice, readSessionCookie, writeSessionCookie } from '../session/cookies.ts';
import { assertOwnSite } from '../session/csrf.ts';
import { limited } from '../session/limited.ts';
import { readForm, signedIn } from '../session/signed-in.ts';
import { wayBack } from '../session/way-back.ts';
import { CALLBACK_ADDRESS, START_ADDRESS } from './addresses.ts';
import { confirmLinkPage, signInPage } from './sign-in-page.ts';
import { comeBack, goToProvider } from './with-provider.ts';

/** Registers the pages for whoever is not signed in yet, and the way out. */
export function signInPages(pages: Pages, deps: PagesDeps): void {
  const notTooOften = limited(deps, {
    name: 'sign-in-address',
    perMinute: deps.settings.limits.signInPerAddressPerMinute,
    refused: 'nobody was signed in',
  });
  pages.get('/sign-in', (c) => c.html(signInPage(deps, wayBack(c.req.query('back')))));
  pages.get(START_ADDRESS, notTooOften, (c) => goToProvider(c, deps));
  pages.get(CALLBACK_ADDRESS, notTooOften, (c) => comeBack(c, deps));
  pages.get('/sign-in/:secret', (c) => {
    if (!deps.signsInByLink) throw nothingHere();
    return c.html(confirmLinkPage(c.req.param('secret')));
  });
  pages.post('/sign-in/:secret', notTooOften, (c) => signIn(c, deps));
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

async function signIn(c: PageContext, deps: PagesDeps): Promise<Response> {
  if (!deps.signsInByLink) throw nothingHere();
  assertOwnSite(c);
  const session = await takeSignInLink(deps.ledger, c.req.param('secret') ?? '', {
    ...deps.settings.sessions,
    replaces: readSessionCookie(c, deps),
  });
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
