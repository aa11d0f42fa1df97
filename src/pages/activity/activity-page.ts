// `/activity`: the audit trail, newest first, with the state of its chain.

import { html } from 'hono/html';
import type { ChainState } from '../../domain/audit/activity.ts';
import { actorName } from '../../domain/people/actor.ts';
import { listActivity } from '../../recovery/activity.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { factsOf } from '../schedules/trail.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';

const SHOWN = 100;
const FIELDS = ['trace', 'type', 'actor', 'schedule', 'outcome', 'tool'] as const;
const LABELS: Record<(typeof FIELDS)[number], string> = {
  trace: 'Trace',
  type: 'Type, or its beginning',
  actor: 'Actor, by name or id',
  schedule: 'Schedule',
  outcome: 'Outcome: success or failure',
  tool: 'Tool, or its beginning',
};

/** Registers the page. */
export function activityPage(pages: Pages, deps: PagesDeps): void {
  // The address that programs and documents name leads people to the same rows.
  pages.get('/audit', allowed('activity.read'), (c) => {
    const { trace_id: trace, ...words } = c.req.query();
    return c.redirect(withQuery('/activity', { trace, ...words }), 303);
  });
  pages.get('/activity', allowed('activity.read'), async (c) => {
    const given = Object.fromEntries(
      FIELDS.map((field) => [field, c.req.query(field)?.trim().slice(0, 200) || undefined]),
    );
    const before = /^\d{1,15}$/.test(c.req.query('before') ?? '') ? Number(c.req.query('before')) : null;
    const { trace: traceId, schedule: scheduleId, ...words } = given;
    const { workspaceId } = c.get('caller');
    const found = await listActivity(deps.ledger, {
      workspaceId,
      traceId,
      scheduleId,
      ...words,
      before,
      limit: SHOWN,
    });
    const rows = found.events.map(
      (event) =>
        html`<tr><td>${event.position}</td><td>${time(c, event.at)}</td><td><a href="${withQuery('/activity', { type: event.type })}"><code>${event.type}</code></a></td><td><a href="${withQuery('/activity', { actor: event.actor.id })}">${actorName(event.actor)}</a></td><td>${event.scheduleId === null ? NOTHING : html`<a href="/schedules/${encodeURIComponent(event.scheduleId)}">${event.scheduleId}</a>`}</td><td class="said">${factsOf(event)}</td><td><a href="${withQuery('/activity', { trace: event.traceId })}" aria-label="The trace of ${event.position}">trace</a></td></tr>`,
    );
    const links = [
      before === null ? NOTHING : html`<a href="${withQuery('/activity', given)}">Newest</a>`,
      found.nextBefore === null
        ? NOTHING
        : html`<a href="${withQuery('/activity', { ...given, before: String(found.nextBefore) })}" rel="next">Earlier</a>`,
    ];
    const fields = FIELDS.map(
      (field) =>
        html`<label>${LABELS[field]} <input name="${field}" value="${given[field] ?? ''}" maxlength="200"></label>`,
    );
    const list =
      rows.length === 0
        ? html`<p class="empty">Nothing matches.</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="The rows of the audit trail"><table class="trail"><thead><tr><th scope="col">No.</th><th scope="col">When</th><th scope="col">What</th><th scope="col">Who</th><th scope="col">Schedule</th><th scope="col">Facts</th><th scope="col">Trace</th></tr></thead><tbody>${rows}</tbody></table></div>`;
    const body = html`<h1>Activity</h1>${chainLine(c, found.chain)}
<form method="get" action="/activity" class="fields">${fields}<span class="ends"><button class="main">Show</button> <a href="/activity">Clear</a></span></form>${list}<p class="pager">${links}</p>`;
    return c.html(page(c, { title: 'Activity', room: '/activity', body }));
  });
}

function chainLine(c: PageContext, { state, lookedAt, brokenAt }: ChainState): Html {
  if (state === 'unknown' || lookedAt === null)
    return html`<p class="notice" role="status">The chain is being looked at; reload in a moment.</p>`;
  if (state === 'whole')
    return html`<p class="fact">The chain holds from its beginning, as of ${time(c, lookedAt)}.</p>`;
  return html`<p class="notice refused" role="alert">The chain does not hold from row ${brokenAt} on, as of ${time(c, lookedAt)}: rows were changed outside Oncepost. Keep a copy of the database and find out who can write to it.</p>`;
}
