// `/connections/{id}`: one account, what it holds up, what happened to it, and the one thing to do about it.

import { html } from 'hono/html';
import { tellConnection } from '../../connections/list-connections.ts';
import { CAUSES } from '../../domain/causes/causes.ts';
import {
  CONNECTION_STATUSES,
  type Connection,
  type ConnectionStory,
  incidentHref,
  repairedBy,
} from '../../domain/connections/connection.ts';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import { listItems } from '../../recovery/list-items.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { itemRow } from '../recovery/item-row.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { disabledButton, type Html, NOTHING, time } from '../shell/parts.ts';
import { codes, grantWords, throttledWords } from './connection-words.ts';
import { reconnectButton } from './reconnect-page.ts';

const SHOWN_ITEMS = 20;

/** Registers the page. */
export function accountPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/connections/:id', allowed('accounts.read'), async (c) => {
    const { workspaceId } = c.get('caller');
    const connection = await tellConnection(deps, workspaceId, c.req.param('id'));
    if (!connection) throw nothingHere();
    const filter = { account: connection.id };
    const { items } = await listItems(deps.ledger, {
      workspaceId,
      needsPerson: true,
      filter,
      order: 'newest_failure',
      after: null,
      limit: SHOWN_ITEMS,
    });
    const rows = items.map((item) => itemRow(c, item));
    const body = html`<p class="fact"><a href="/connections">Connections</a></p>
<div class="heading"><h1>${connection.name} <span class="count">${connection.platformLabel}</span></h1></div>
${whatToDo(c, deps, connection)}${facts(c, connection)}${heldUp(connection, rows)}${story(c, connection)}${wayOut(c, connection)}`;
    return c.html(page(c, { title: connection.name, room: '/connections', body }));
  });
}

function whatToDo(c: PageContext, deps: PagesDeps, connection: Connection): Html {
  const { repair } = connection;
  const text = repair ? repair.text : 'Nothing needs to be done.';
  const button = may(c.get('caller'), 'accounts.connect')
    ? reconnectButton(c, deps, connection)
    : disabledButton('Reconnect', 'Connecting accounts needs the role admin.', 'why-reconnect');
  return html`<div class="card ${repair ? 'urgent' : ''}"><p>${text}</p>${button}</div>`;
}

function facts(c: PageContext, connection: Connection): Html {
  const { status, remoteId, scopes, scopesMissing, lastPublishAt, connectedAt, throttled, platformLabel } = connection;
  const fact = (label: string, value: Html) => html`<dt>${label}</dt><dd>${value}</dd>`;
  return html`<dl class="facts">
${fact('Status', html`<span class="state ${status === 'connected' ? 'good' : 'bad'}">${CONNECTION_STATUSES[status].label}</span> <span class="fact">${connection.statusMeans}</span>`)}
${fact('Account', html`<code>${remoteId}</code> <span class="fact">its id on ${platformLabel}</span>`)}
${fact('Grant', grantWords(c, connection))}
${fact('Scopes', scopes.length === 0 ? html`<span class="none">not told</span>` : codes(scopes))}
${scopesMissing.length > 0 ? fact('Missing for what is queued', codes(scopesMissing)) : NOTHING}
${fact('Limits', throttled.length === 0 ? html`<span class="none">nothing is throttled now</span>` : throttledWords(c, connection))}
${fact('Last publish', lastPublishAt === null ? html`<span class="none">none yet</span>` : time(c, lastPublishAt))}
${fact('Connected', time(c, connectedAt))}
</dl>`;
}

function heldUp(connection: Connection, rows: readonly Html[]): Html {
  const { id, openItems, heldUp: causes } = connection;
  if (openItems === 0)
    return html`<h2>Held up <span class="count">0</span></h2><p class="empty">It holds up no publish.</p>`;
  const repaired = new Set(repairedBy(connection).map(({ cause }) => cause));
  const together = causes.map(({ cause, count }) => {
    const publishes = count === 1 ? '1 publish' : `${count} publishes`;
    // A new grant mends what failed for want of one, and nothing else.
    const offer = repaired.has(cause) ? 'Replay those that the gate allows' : 'See them together';
    return html`<li><strong>${publishes}</strong> of this account failed for <code>${cause}</code>. ${CAUSES[cause].means} <a href="${incidentHref(id, cause)}">${offer}</a></li>`;
  });
  const more =
    openItems > rows.length ? html`<p class="fact">The newest ${rows.length} of ${openItems} are shown.</p>` : NOTHING;
  return html`<h2>Held up <span class="count">${openItems}</span></h2><ul class="lines">${together}</ul><ul class="rows">${rows}</ul>${more}`;
}

const EVENT_WORDS: Readonly<Record<string, string>> = {
  'account.connected': 'connected',
  'account.reconnected': 'connected again with a new grant',
  'account.reconnect_required': 'the platform called the grant dead',
  'account.media_capability_missing': 'the platform refused its media',
  'account.grant_renewed': 'the grant was renewed',
  'account.disconnected': 'disconnected',
};

function story(c: PageContext, { events }: ConnectionStory): Html {
  const lines = events.map(
    ({ type, actor, at }) =>
      html`<li>${time(c, at)} ${EVENT_WORDS[type] ?? type} <span class="fact">by ${actorName(actor)}</span></li>`,
  );
  return html`<h2>What happened</h2><ul class="lines">${lines}</ul>`;
}

function wayOut(c: PageContext, { id, status }: Connection): Html {
  if (status === 'disconnected' || !may(c.get('caller'), 'accounts.connect')) return NOTHING;
  return html`<h2>Disconnect</h2><p class="fact">Its grant is forgotten, and what is queued for it stops until it is connected again.</p><a class="button" href="/connections/${id}/disconnect">Disconnect</a>`;
}
