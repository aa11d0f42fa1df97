// `/notifications`: where the workspace is told of what, and what could not be told.
import { html } from 'hono/html';
import { z } from 'zod';
import { type Channel, DELIVERY_LABELS, DELIVERY_STATES, type Delivery } from '../../domain/notifications/delivery.ts';
import { NOTIFICATION_EVENTS } from '../../domain/notifications/events.ts';
import { viewNotifications } from '../../notifications/view.ts';
import { readCursor } from '../../recovery/cursor.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, postForm, time } from '../shell/parts.ts';

const SHOWN = 50;

/** Registers the page. */
export function notificationsPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/notifications', allowed('notifications.read'), async (c) => {
    const { workspaceId, workspaceName } = c.get('caller');
    const state = DELIVERY_STATES.find((known) => known === c.req.query('state'));
    const position = readCursor(c.req.query('after') ?? '');
    const after = z.uuid().safeParse(position?.id).success ? position : null;
    const { channels, deliveries, nextCursor } = await viewNotifications(deps, {
      workspaceId,
      workspaceName,
      state,
      after,
      limit: SHOWN,
    });
    const body = html`<h1>Notifications</h1>
<section class="group" aria-labelledby="channels"><h2 id="channels">Channels <span class="count">${channels.length}</span></h2>
${channels.length === 0 ? NO_CHANNELS : html`<ul class="rows">${channels.map((channel) => channelRow(c, channel))}</ul>`}</section>
<section class="group" aria-labelledby="messages"><h2 id="messages">Messages</h2>
${filters(state)}
${deliveries.length === 0 ? html`<p class="empty">None.</p>` : html`<ul class="rows">${deliveries.map((delivery) => deliveryRow(c, delivery))}</ul>`}
${nextCursor === null ? NOTHING : html`<p><a href="/notifications?${new URLSearchParams({ ...(state ? { state } : {}), after: nextCursor }).toString()}">Older messages</a></p>`}</section>`;
    return c.html(page(c, { title: 'Notifications', room: '/notifications', body }));
  });
}

const NO_CHANNELS = html`<p class="empty">Nobody is told of anything: there are no channels for this workspace under <code>notifications</code> in <code>temporal.yaml</code>.</p>`;

function filters(state: Delivery['state'] | undefined): Html {
  const link = (href: string, label: string, current: boolean) =>
    current ? html`<li><strong>${label}</strong></li>` : html`<li><a href="${href}">${label}</a></li>`;
  const named = DELIVERY_STATES.map((name) =>
    link(`/notifications?state=${name}`, DELIVERY_LABELS[name], state === name),
  );
  return html`<nav aria-label="Messages by state"><ul class="choices">${link('/notifications', 'All', state === undefined)}${named}</ul></nav>`;
}

const KINDS: Record<Channel['kind'], string> = { webhook: 'Webhook', slack: 'Slack', email: 'Email' };

function channelRow(c: PageContext, { name, kind, where, takes, waiting, dead, lastDeliveredAt }: Channel): Html {
  const last =
    lastDeliveredAt === null ? 'Nothing was delivered yet.' : html`Last delivered ${time(c, lastDeliveredAt)}.`;
  return html`<li class="row">
<div class="post"><strong>${name}</strong> <span class="fact">${KINDS[kind]} · ${where}</span></div>
<div class="broke"><p class="means">${takes.map((event) => NOTIFICATION_EVENTS[event].label).join(', ')}</p></div>
<div class="due">${waiting === 0 ? 'Nothing waits' : `${waiting} waiting`}</div>
<div class="owner">${dead === 0 ? NOTHING : html`<a href="/notifications?state=dead">${dead} given up</a>. `}<span class="fact">${last}</span></div>
<div class="next">${postForm(c, '/notifications/test', html`<button name="channel" value="${name}">Send a test</button>`)}</div></li>`;
}

function deliveryRow(c: PageContext, delivery: Delivery): Html {
  const { id, channel, event, headline, state, createdAt } = delivery;
  const again = postForm(c, `/notifications/${id}/redeliver`, html`<button>Send again</button>`);
  return html`<li class="row" id="message-${id}">
<div class="post"><span class="excerpt wraps">${headline}</span><span class="fact">${NOTIFICATION_EVENTS[event].label}</span></div>
<div class="broke"><span class="state${state === 'dead' ? ' bad' : ''}">${DELIVERY_LABELS[state]}</span><p class="means">${howItStands(c, delivery)}</p></div>
<div class="due">${time(c, createdAt)}</div>
<div class="owner">${channel}</div>
<div class="next">${state === 'waiting' ? html`<span class="fact">It is tried again by itself.</span>` : again}</div></li>`;
}

function howItStands(c: PageContext, { state, tries, failure, deliveredAt, nextTryAt }: Delivery): Html {
  const counted = tries === 1 ? '1 try' : `${tries} tries`;
  if (state === 'delivered') return html`${deliveredAt === null ? NOTHING : time(c, deliveredAt)} after ${counted}.`;
  if (state === 'dead') return html`${failure ?? NOTHING} It is not tried any more, after ${counted}.`;
  if (tries === 0) return html`It is on its way.`;
  return html`${failure ?? NOTHING} ${counted} so far${nextTryAt === null ? NOTHING : html`, the next ${time(c, nextTryAt)}`}.`;
}
