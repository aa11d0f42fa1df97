// `/connections`: every account with its state, how long its grant lasts, what hangs on it, and the one thing to do.
import { html } from 'hono/html';
import { listConnections } from '../../connections/list-connections.ts';
import { CONNECTION_STATUSES, type Connection } from '../../domain/connections/connection.ts';
import { may } from '../../domain/people/caller.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { codes, grantWords, throttledWords } from './connection-words.ts';

/** Registers the page. */
export function listPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/connections', allowed('accounts.read'), async (c) => {
    const connections = await listConnections(deps, c.get('caller').workspaceId);
    const list =
      connections.length === 0
        ? html`<p class="empty">No account is connected yet.</p>`
        : html`<ul class="rows">${connections.map((connection) => row(c, connection))}</ul>`;
    const body = html`<div class="heading"><h1>Connections</h1>${actions(c)}</div>${list}`;
    return c.html(page(c, { title: 'Connections', room: '/connections', body }));
  });
}

function actions(c: PageContext): Html {
  const caller = c.get('caller');
  if (!may(caller, 'accounts.connect')) return html`<span class="fact">An admin connects accounts.</span>`;
  return html`<span class="buttons"><a class="button" href="/connections/apps">Apps</a> <a class="button" href="/connections/new">Connect an account</a></span>`;
}

function row(c: PageContext, connection: Connection): Html {
  const { id, name, platformLabel, remoteId, status } = connection;
  return html`<li class="row account" id="account-${id}">
<div><a class="excerpt" href="/connections/${id}">${name}</a><span class="fact">${platformLabel} · ${remoteId}</span></div>
<div><span class="state ${status === 'connected' ? 'good' : 'bad'}">${CONNECTION_STATUSES[status].label}</span>${troubles(c, connection)}</div>
<div class="due"><span class="fact">Grant</span> ${grantWords(c, connection)}</div>
<div class="fact">${hanging(c, connection)}</div>
<div class="next">${next(connection)}</div>
</li>`;
}

function troubles(c: PageContext, connection: Connection): Html {
  const { repair, scopesMissing, throttled } = connection;
  const why = repair ? html`<p class="means">${repair.text}</p>` : NOTHING;
  const missing = scopesMissing.length > 0 ? html`<p class="means">Missing: ${codes(scopesMissing)}</p>` : NOTHING;
  const slowed = throttled.length > 0 ? html`<p class="means">${throttledWords(c, connection)}</p>` : NOTHING;
  return html`${why}${missing}${slowed}`;
}

function hanging(c: PageContext, { lastPublishAt, queued, openItems }: Connection): Html {
  const last = lastPublishAt === null ? html`Nothing published yet` : html`Published ${time(c, lastPublishAt)}`;
  const items =
    openItems === 0
      ? NOTHING
      : html` · <strong>${openItems}</strong> of them ${openItems === 1 ? 'needs' : 'need'} a person`;
  return html`${last}<br>${queued} under way${items}`;
}

function next({ id, repair }: Connection): Html {
  if (repair === null) return html`<span class="fact">Nothing to do.</span>`;
  return html`<a class="button" href="/connections/${id}">Reconnect</a>`;
}
