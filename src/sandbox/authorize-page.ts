// The page on which a person allows or denies an app, as plain as can be: which account they are signed in as, and what the
// app asks for. Each stand-in says how it sends them back.
import { html } from 'hono/html';
import type { Account } from './accounts.ts';
import type { Answer } from './answer.ts';

/** What stands on the page. */
export type AuthorizeShape = {
  label: string;
  clientId: string;
  accounts: readonly Account[];
  scopes: readonly string[];
  /** True: the person may allow some of them and not others. */
  choosesScopes: boolean;
};

/** The page; its form posts to the same address, with all its parameters. */
export async function authorizePage({
  label,
  clientId,
  accounts,
  scopes,
  choosesScopes,
}: AuthorizeShape): Promise<Answer> {
  const people = accounts.map(
    ({ id, name, username }, index) =>
      html`<p><label><input type="radio" name="account" value="${id}" required ${index === 0 ? 'checked' : ''}> @${username} (${name})</label></p>`,
  );
  const asked = scopes.map((scope) =>
    choosesScopes
      ? html`<p><label><input type="checkbox" name="scope" value="${scope}" checked> ${scope}</label></p>`
      : html`<p>${scope}<input type="hidden" name="scope" value="${scope}"></p>`,
  );
  const body =
    await html`<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${label} (sandbox)</title></head><body>
<h1>${label} (sandbox)</h1><p>The app <code>${clientId}</code> wants to act for an account. Which one are you signed in as?</p>
<form method="post">${people}<h2>It asks for</h2>${asked}
<p><button name="verdict" value="allow">Allow</button> <button name="verdict" value="deny" formnovalidate>Deny</button></p></form></body></html>`;
  return page(200, String(body));
}

/** Where the app or its address back is wrong, nobody is sent anywhere (RFC 6749, 4.1.2.1). */
export async function refusalPage(label: string, reason: string): Promise<Answer> {
  return page(
    400,
    String(
      await html`<!DOCTYPE html><html lang="en"><title>${label} (sandbox)</title><h1>Something went wrong</h1><p>${reason}</p></html>`,
    ),
  );
}

/** Sends the person back to the app. */
export function sendBack(redirectUri: string, parameters: Record<string, string>, fragment = ''): Answer {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { status: 302, headers: { location: `${url.href}${fragment}` }, body: '' };
}

function page(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}
