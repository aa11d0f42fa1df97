// `/report`: the morning report, the same that the channels are told.
import { html } from 'hono/html';
import { ACTION_LABELS } from '../../domain/causes/next-action.ts';
import { brokeWords, isQuiet, type MorningReport, nextHref } from '../../domain/notifications/report.ts';
import { ownerWords, postWords, storyOf } from '../../domain/notifications/words.ts';
import type { Item } from '../../domain/schedules/item.ts';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { morningReport, sinceLastReport } from '../../recovery/morning-report.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING, platformLabel, time } from '../shell/parts.ts';

/** Registers the page. */
export function reportPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/report', allowed('report.read'), async (c) => {
    const { workspaceId, workspaceName } = c.get('caller');
    const since = await sinceLastReport(deps.ledger, workspaceId);
    const report = await morningReport(deps.ledger, { workspaceId, workspaceName, since });
    return c.html(page(c, { title: 'Morning report', room: '/report', body: bodyOf(c, report) }));
  });
}

function bodyOf(c: PageContext, report: MorningReport): Html {
  const { sentence, since, until, broke, waiting, live, due } = report;
  const brokeRows = broke.items.map((item) => brokeRow(c, item, since));
  const waitingRows = waiting.items.map((item) => waitingRow(c, item));
  const first = due.first === null ? NOTHING : html`, the first ${time(c, due.first)}`;
  return html`<h1>Morning report</h1>
<p class="lead">${sentence}</p>
<p class="fact">From ${time(c, since)} until ${time(c, until)}. Due in the next 24 hours: ${due.count}${first}.</p>
${isQuiet(report) ? NOTHING : html`${section('Needs a person', broke.count, brokeRows, '/')}${section('Goes on without help', waiting.count, waitingRows, '/')}`}
${section(
  'Went live',
  live.count,
  live.posts.map((post) => liveRow(c, post)),
  null,
)}`;
}

function section(label: string, count: number, rows: readonly Html[], all: string | null): Html {
  const id = `report-${label.toLowerCase().replaceAll(' ', '-')}`;
  const list = count === 0 ? html`<p class="empty">Nothing.</p>` : html`<ul class="rows">${rows}</ul>`;
  const more =
    count > rows.length
      ? html`<p class="fact">The first ${rows.length} of ${count}${all === null ? NOTHING : html`; <a href="${all}">see all of them</a>`}.</p>`
      : NOTHING;
  return html`<section class="group" aria-labelledby="${id}"><h2 id="${id}">${label} <span class="count">${count}</span></h2>${list}${more}</section>`;
}

function post(c: PageContext, item: Pick<Item, 'id' | 'text' | 'mediaCount' | 'account' | 'platform'>): Html {
  return html`<div class="post"><a class="excerpt" href="${storyOf(item.id)}">${postWords(item)}</a>
<span class="fact">${item.account.name} · ${platformLabel(c, item.platform)}</span></div>`;
}

function brokeRow(c: PageContext, item: Item, since: string): Html {
  const { cause, failedAt, nextAction } = item;
  const fresh = failedAt !== null && failedAt >= since ? html` <span class="fresh">new</span>` : NOTHING;
  const label = nextAction.kind === 'link' ? ACTION_LABELS[nextAction.code] : 'Look at it';
  return html`<li class="row">${post(c, item)}
<div class="broke"><span class="state">${SCHEDULE_STATES[item.state].label}</span>${fresh}<p class="means">${brokeWords(item)}${cause ? html` <code>${cause.code}</code>` : NOTHING}</p></div>
<div class="due">due ${time(c, item.publishAt)}</div>
<div class="owner">${ownerWords(item)}</div>
<div class="next"><a class="button" href="${nextHref(item)}">${label}</a></div></li>`;
}

function waitingRow(c: PageContext, item: Item): Html {
  const until = item.wakeAt === null ? NOTHING : html`, until ${time(c, item.wakeAt)}`;
  return html`<li class="row">${post(c, item)}
<div class="broke"><span class="state">${SCHEDULE_STATES[item.state].label}</span><p class="means">It is ${SCHEDULE_STATES[item.state].means}${until}.</p></div>
<div class="due">due ${time(c, item.publishAt)}</div>
<div class="owner">${ownerWords(item)}</div>
<div class="next"><a class="button" href="${storyOf(item.id)}">Look at it</a></div></li>`;
}

function liveRow(c: PageContext, live: MorningReport['live']['posts'][number]): Html {
  const { scheduleId: id, text, mediaCount, platform, account, publishedAt, url, healed } = live;
  const link = url === null ? NOTHING : html`<a class="button" href="${url}" rel="noreferrer">Open the post</a>`;
  return html`<li class="row">${post(c, { id, text, mediaCount, platform, account: { id: '', name: account } })}
<div class="broke"><span class="state live live">Live</span>${healed ? html`<p class="means">Its outcome was unknown, until the platform showed it.</p>` : NOTHING}</div>
<div class="due">${time(c, publishedAt)}</div>
<div class="owner"></div>
<div class="next">${link}</div></li>`;
}
