// The page between us and a platform. A form may only lead to our own pages (see the policy in ../app.ts), so what follows
// it is a page of ours that leads on.
import { html } from 'hono/html';
import type { Departure } from '../../connections/oauth/start-flow.ts';
import { callbackPath } from '../../domain/connections/platform-app.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { page } from '../shell/layout.ts';

/** Leads on to the platform, by itself and by a link. */
export function leaveFor(c: PageContext, { url, label }: Departure): Response | Promise<Response> {
  const body = html`<h1>On to ${label}</h1>
<p>${label} asks there whether this workspace may publish for the account. Be signed in there as the account you mean; afterwards you come back here.</p>
<p><a class="button main" href="${url}">Go on to ${label}</a></p>`;
  return c.html(page(c, { title: `On to ${label}`, room: '/connections', body }), 200, { Refresh: `0; url=${url}` });
}

/** Where people reach these pages: as the operator says, else as this browser did. */
export function originOf(c: PageContext, { publicUrl }: Pick<PagesDeps, 'publicUrl'>): string {
  return publicUrl ?? new URL(c.req.url).origin;
}

/** Where the platform sends people back to. */
export function redirectAddress(c: PageContext, deps: Pick<PagesDeps, 'publicUrl'>, platform: string): string {
  return `${originOf(c, deps)}${callbackPath(platform)}`;
}
