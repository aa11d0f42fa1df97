// `/schedules/{id}`: the story of one publish, from taking in to now, and what may be done about it.

import { html } from 'hono/html';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import { viewSchedule } from '../../recovery/schedule-view.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { itemRow } from '../recovery/item-row.ts';
import { scheduleIdOf } from '../schedule-id.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';
import { attemptList } from './attempts.ts';
import { evidencePart } from './evidence.ts';
import { offerButtons } from './offer-buttons.ts';
import { postParts } from './post-parts.ts';
import { eventList, saidList } from './trail.ts';

/** Registers the page. */
export function storyPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/schedules/:id', allowed('schedules.read'), async (c) => {
    const view = await findView(c, deps);
    const evidence = mayDecide(c, view) ? await evidencePart(c, deps, view) : NOTHING;
    const body = html`<p class="fact"><a href="/">Recovery</a> / <a href="/schedules">Schedules</a></p>
<h1>${view.schedule.id}</h1>
<ul class="rows">${itemRow(c, view.item)}</ul>
${standing(c, deps, view)}
<section aria-labelledby="h-do"><h2 id="h-do">What may be done now</h2>${offerButtons(c, view)}</section>
${evidence}
<section aria-labelledby="h-attempts"><h2 id="h-attempts">Attempts <span class="count">${view.attempts.length}</span></h2>${attemptList(c, view)}</section>
<section aria-labelledby="h-said"><h2 id="h-said">Messages and decisions</h2>${saidList(c, view)}</section>
<section aria-labelledby="h-post"><h2 id="h-post">The post</h2>${postParts(c, view)}</section>
<section aria-labelledby="h-trail"><h2 id="h-trail">Audit trail</h2>
<p class="fact">Trace <a href="${withQuery('/activity', { trace: view.schedule.traceId })}"><code>${view.schedule.traceId}</code></a></p>
${eventList(c, view.audit)}</section>`;
    return c.html(page(c, { title: view.schedule.id, room: '/schedules', body }));
  });
}

/** The record of the schedule that the address names. @throws PageRefused when the workspace has none */
export async function findView(c: PageContext, { ledger }: Pick<PagesDeps, 'ledger'>): Promise<ScheduleView> {
  const { workspaceId: id, workspaceName: name } = c.get('caller');
  const view = await viewSchedule(ledger, { id, name }, scheduleIdOf(c));
  if (!view) throw nothingHere();
  return view;
}

/** Only who may say whether it is live, and only while that can be said. */
function mayDecide(c: PageContext, { offers }: ScheduleView): boolean {
  const open = offers.some(({ message, refused }) => message === 'resolve' && refused === null);
  return open && may(c.get('caller'), 'publish.resolve');
}

function standing(c: PageContext, deps: PagesDeps, { schedule, item, post }: ScheduleView): Html {
  const { wakeAt, owner, gate } = item;
  const rows: (readonly [string, Html | string])[] = [
    ['State', item.stateMeans],
    ...(wakeAt === null ? [] : [['Goes on by itself', time(c, wakeAt)] as const]),
    ...(post === null ? [] : [['Live', liveWords(c, post)] as const]),
    ['Replay', gate.verdict === 'replayable' ? 'Nothing blocks it.' : gate.reasons.map(({ text }) => text).join(' ')],
    ['Owner', ownerName(owner)],
    ['Taken in', html`${time(c, schedule.createdAt)} by ${actorName(schedule.creator)}`],
    ['Last change', time(c, schedule.updatedAt)],
    ['In Temporal', runLink(deps, schedule.workflowId)],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function ownerName({ role, type, label }: ScheduleView['item']['owner']): string {
  if (label !== null) return actorName({ type, label });
  return role === 'system' ? 'the system' : 'nobody';
}

const EVIDENCE: Readonly<Record<string, string>> = {
  answered: 'the platform answered the create with it',
  reconciled: 'the platform was asked and showed it',
  resolved_by_person: 'a person found it',
};

function liveWords(c: PageContext, post: NonNullable<ScheduleView['post']>): Html {
  const name = html`<code>${post.platformPostId}</code>`;
  const where = post.url === null ? name : html`<a href="${post.url}" rel="noreferrer">${post.url}</a>`;
  return html`${where} since ${time(c, post.publishedAt)}; ${EVIDENCE[post.evidence] ?? post.evidence}`;
}

function runLink({ temporalUi, client }: PagesDeps, workflowId: string): Html {
  if (temporalUi === null) return html`<code>${workflowId}</code>`;
  const { namespace } = client.options;
  const href = `${temporalUi}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
  return html`<a href="${href}" rel="noreferrer"><code>${workflowId}</code></a>`;
}
