// What somebody sees who is not signed in: the one way in that there is here.
import { html } from 'hono/html';
import type { PagesDeps } from '../deps.ts';
import { barePage } from '../shell/layout.ts';
import { type Html, NOTHING } from '../shell/parts.ts';
import { startAddress } from './addresses.ts';

type Ways = Pick<PagesDeps, 'provider' | 'signsInByLink'>;

/** The page; `back` is where it leads on to, `problem` what went wrong just now. */
export function signInPage(ways: Ways, back: string, problem?: string): Html {
  const said = problem === undefined ? NOTHING : html`<p class="notice refused" role="alert">${problem}</p>`;
  return barePage('Sign in', html`<h1>Sign in</h1>${said}${wayIn(ways, back)}`);
}

function wayIn({ provider, signsInByLink }: Ways, back: string): Html {
  if (provider !== null) {
    return html`<p>People of a workspace sign in with ${provider.host}.</p>
<p><a class="button main" href="${startAddress({ back })}">Sign in with ${provider.host}</a></p>`;
  }
  if (signsInByLink) {
    return html`<p>Open the sign-in link that <code>npm start</code> printed. Each link works once, for ten minutes; <code>npx oncepost sign-in</code> prints a new one.</p>`;
  }
  return html`<p>Nobody can sign in here yet: no sign-in provider is set up, and links are for this machine alone. Whoever runs this server sets <code>ONCEPOST_OIDC_ISSUER</code>, and what belongs to it, and starts it again.</p>`;
}

/** The link itself changes nothing, so that whatever looks at it before its reader does not use it up. */
export function confirmLinkPage(secret: string): Html {
  return barePage(
    'Sign in',
    html`<h1>Sign in</h1>
<p>This link signs you in on this browser. It works once.</p>
<form method="post" action="/sign-in/${encodeURIComponent(secret)}"><button class="main" autofocus>Sign in</button></form>`,
  );
}
