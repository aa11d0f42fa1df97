// `/events`: what came in, and where it went.
import { html } from 'hono/html';
import { z } from 'zod';
import { ROUTINGS, type Routing } from '../../domain/events/routing.ts';
import { listConnectors } from '../../ledger/events/connectors.ts';
import { type EventRow, listEvents } from '../../ledger/events/take-in.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';

const SHOWN = 100;

const ROUTING_WORDS: Readonly<Record<Routing, string>> = {
  pending: 'on its way',
  routed: 'routed',
  kept: 'kept back by its rules',
  unhandled: 'no rule is about it',
  asked: 'a person is asked',
};

/** Registers the page. */
export function eventPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/events', allowed('events.read'), async (c) => c.html(await eventsPage(c, deps)));
}

async function eventsPage(c: PageContext, { ledger }: PagesDeps): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const routing = ROUTINGS.find((one) => one === c.req.query('routing'));
  const after = z.uuid().safeParse(c.req.query('after')).data;
  const [found, connectors] = await Promise.all([
    listEvents(ledger, { workspaceId, routing, after, limit: SHOWN + 1 }),
    listConnectors(ledger, workspaceId),
  ]);
  const names = new Map(connectors.map(({ id, name }) => [id, name]));
  const shown = found.slice(0, SHOWN);
  const earlier = found.length > SHOWN ? withQuery('/events', { routing, after: shown.at(-1)?.id }) : null;
  const filters = [undefined, ...ROUTINGS].map((one) =>
    one === routing
      ? html`<strong>${one === undefined ? 'all' : ROUTING_WORDS[one]}</strong> `
      : html`<a href="${withQuery('/events', { routing: one })}">${one === undefined ? 'all' : ROUTING_WORDS[one]}</a> `,
  );
  const list =
    shown.length === 0
      ? html`<p class="empty">Nothing came in.</p>`
      : html`<ul class="rows">${shown.map((row) => eventRow(c, row, names))}</ul>`;
  const body = html`<h1>Events</h1><p class="fact">${filters}</p>${list}${earlier === null ? NOTHING : html`<p class="pager"><a href="${earlier}" rel="next">Earlier</a></p>`}`;
  return page(c, { title: 'Events', room: '/alarms', body });
}

function eventRow(c: PageContext, row: EventRow, names: ReadonlyMap<string, string>): Html {
  const from = names.get(row.connectorId) ?? row.channel;
  return html`<li class="block"><p><strong>${from}</strong> <span class="state${row.routing === 'unhandled' ? ' warn' : ''}">${ROUTING_WORDS[row.routing]}</span></p>
<p class="fact">${time(c, row.ingestedAt)} · message <code>${row.messageId}</code> · <a href="${withQuery('/activity', { trace: row.traceId })}">what followed</a></p>
<details><summary>What it says</summary><pre>${JSON.stringify(row.content, null, 2)}</pre></details></li>`;
}
