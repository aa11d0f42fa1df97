// `/connections/apps`: the client by which this workspace asks for grants on each platform. Secrets go in and never out.
import { html } from 'hono/html';
import { asksOnItsPages, type OAuthAdapter } from '../../connections/connecting.ts';
import { AppRefused, platformApps, setPlatformApp } from '../../connections/platform-apps.ts';
import { describeProblems } from '../../domain/api/api-problems.ts';
import { type PlatformApp, platformAppRequestSchema } from '../../domain/connections/platform-app.ts';
import { fieldProblems } from '../../domain/schedules/schedule-request.ts';
import { removeApp } from '../../ledger/connections/apps.ts';
import { NotConnected } from '../../publishing/grants/not-connected.ts';
import type { Notice, PageContext, Pages, PagesDeps } from '../deps.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';
import { originOf, redirectAddress } from './leaving.ts';
import { field } from './secrets-form.ts';

/** Registers the page and its forms. */
export function appsPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/connections/apps', allowed('apps.change'), async (c) => {
    const apps = await platformApps(deps, c.get('caller').workspaceId, originOf(c, deps));
    const adapters = [...deps.platforms.values()].filter(asksOnItsPages);
    const sections = adapters.map((adapter) => section(c, deps, adapter, apps.find(isOf(adapter))));
    const body = html`<p class="fact"><a href="/connections">Connections</a></p><h1>Apps</h1>
<p>A platform gives grants to an app that you register there. Register the address to come back to exactly as it stands here.</p>${sections}`;
    return c.html(page(c, { title: 'Apps', room: '/connections', body }));
  });
  pages.post('/connections/apps/:platform', allowed('apps.change'), async (c) => {
    const notice = await set(c, deps, c.req.param('platform'), await readForm(c));
    leaveNotice(c, deps, notice);
    return c.redirect('/connections/apps', 303);
  });
  pages.post('/connections/apps/:platform/remove', allowed('apps.change'), async (c) => {
    await readForm(c);
    const { workspaceId, actor } = c.get('caller');
    const removed = await removeApp(deps.ledger, { workspaceId, platform: c.req.param('platform') }, actor);
    const text = removed ? 'The app is removed; grants that it was given go on.' : 'There was no app to remove.';
    leaveNotice(c, deps, { kind: 'done', text });
    return c.redirect('/connections/apps', 303);
  });
}

const isOf =
  ({ platform }: OAuthAdapter) =>
  (app: PlatformApp) =>
    app.platform === platform;

function section(c: PageContext, deps: PagesDeps, adapter: OAuthAdapter, app: PlatformApp | undefined): Html {
  const { platform, label, connect } = adapter;
  const form = html`<div class="fields">${field({ name: 'clientId', label: 'Client id', required: true }, platform)}
${field({ name: 'clientSecret', label: 'Client secret', type: 'password', required: connect.secretRequired }, platform)}
${field({ name: 'apiBase', label: 'Address of the API', help: 'Only for a sandbox: another address than the public one.' }, platform)}</div><button class="main">${app ? 'Set another' : 'Set the app'}</button>`;
  return html`<section class="card" aria-labelledby="app-${platform}"><h2 id="app-${platform}">${label}</h2>
<p>Address to come back to: <code>${redirectAddress(c, deps, platform)}</code></p><p>Scopes it asks for: <code>${connect.scopes.join(' ')}</code></p>
${app ? present(c, app) : html`<p class="empty">No app is set.</p>`}
<details ${app ? NOTHING : html`open`}><summary>${app ? 'Set another app' : 'Set the app'}</summary>${postForm(c, `/connections/apps/${platform}`, form, html`class="form"`)}</details></section>`;
}

function present(c: PageContext, { platform, clientId, hasSecret, apiBase, setAt, setBy }: PlatformApp): Html {
  const remove = postForm(c, `/connections/apps/${platform}/remove`, html`<button class="quiet">Remove</button>`);
  return html`<p>Client id <code>${clientId}</code>, ${hasSecret ? 'with a secret' : 'without a secret'}${apiBase === null ? NOTHING : html`, at <code>${apiBase}</code>`}. <span class="fact">Set ${time(c, setAt)} by ${setBy}.</span> ${remove}</p>`;
}

async function set(
  c: PageContext,
  deps: PagesDeps,
  platform: string,
  { clientId, clientSecret, apiBase }: Readonly<Record<string, string>>,
): Promise<Notice> {
  const request = { clientId, clientSecret: clientSecret || null, apiBase: apiBase || null };
  const parsed = platformAppRequestSchema.safeParse(request);
  if (!parsed.success) {
    const problems = describeProblems(fieldProblems(parsed.error));
    return { kind: 'refused', text: `The app was not set: ${problems}.` };
  }
  try {
    await setPlatformApp(deps, c.get('caller'), platform, parsed.data);
    return { kind: 'done', text: 'The app is set; accounts can be connected with it now.' };
  } catch (error) {
    if (error instanceof AppRefused || error instanceof NotConnected) return { kind: 'refused', text: error.message };
    throw error;
  }
}
