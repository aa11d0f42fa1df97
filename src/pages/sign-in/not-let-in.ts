// What somebody reads whom the provider knows and we do not let in: why, whom to ask, and the way with another account.
import { html } from 'hono/html';
import type { SignInRefusal } from '../../domain/people/sign-in.ts';
import { barePage } from '../shell/layout.ts';
import type { Html } from '../shell/parts.ts';
import { startAddress } from './addresses.ts';

/** The page; `email` is what the provider told, `back` where they wanted to go. */
export function notLetInPage(
  reason: SignInRefusal,
  { email, back }: { readonly email: string | null; readonly back: string },
): Html {
  const { heading, says } = REFUSALS[reason];
  // The provider remembers them, and would send the same account again.
  return barePage(
    heading,
    html`<h1>${heading}</h1><p>${says(email ?? 'the address that it tells')}</p>
<p><a class="button" href="${startAddress({ back, anew: true })}">Sign in with another account</a></p>`,
  );
}

const REFUSALS: Record<SignInRefusal, { readonly heading: string; readonly says: (email: string) => string }> = {
  unverified: {
    heading: 'Your address is not verified',
    says: (email) =>
      `The sign-in provider does not say that ${email} is yours, so nobody was signed in; have it verified there, or ask an admin of your workspace.`,
  },
  bound_to_other: {
    heading: 'This address signs in otherwise',
    says: (email) =>
      `${email} belongs to somebody who signs in with another account of the provider, so nobody was signed in; use that account, or ask an admin of your workspace to remove and invite you again.`,
  },
  stranger: {
    heading: 'You are not invited',
    says: (email) =>
      `The provider knows you as ${email}, but no workspace here has invited that address, so nobody was signed in; ask an admin of your workspace.`,
  },
};
