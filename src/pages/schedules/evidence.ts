// What the platform's own list shows around the time of a create whose outcome nobody knows, so that a person decides on evidence.
import { html } from 'hono/html';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import type { NearbyPost } from '../../platforms/contract.ts';
import { nearbyOf } from '../../publishing/evidence/nearby.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { type Html, NOTHING, time } from '../shell/parts.ts';
import { callRecord } from './create-call.ts';

/** On the page where it is decided: the record of the create, and each post to be picked. Asked only when somebody wants to see it: `?look=1`. */
export async function evidenceOf(c: PageContext, deps: PagesDeps, view: ScheduleView): Promise<Html> {
  const here = `/schedules/${encodeURIComponent(view.schedule.id)}/resolve`;
  const ask = (words: string) => html`<p><a class="button" href="${here}?look=1">${words}</a></p>`;
  const shown = await listed(c, deps, view, {
    ask,
    show: (posts, around) =>
      html`<fieldset><legend>What the platform lists around ${time(c, around)}: pick the post, if it is there</legend>
<ul class="rows">${posts.map(
        (post) =>
          html`<li class="entry"><label><input type="radio" name="picked" value="${post.url === null ? post.id : `${post.id} ${post.url}`}"> ${textOf(post)}</label>${factOf(c, post)}</li>`,
      )}</ul></fieldset>`,
  });
  const create = view.intents.at(-1);
  const record =
    create === undefined
      ? NOTHING
      : html`<details><summary>What was sent and what came back</summary>${callRecord(c, create)}</details>`;
  return html`${record}${shown}`;
}

/** On the story, to be read where one stands: fetched when it is asked for, so that the page itself waits for no platform. */
export async function evidencePart(c: PageContext, deps: PagesDeps, view: ScheduleView): Promise<Html> {
  const story = `/schedules/${encodeURIComponent(view.schedule.id)}`;
  const ask = (words: string) =>
    html`<p><a class="button" href="${story}?look=1#nearby" hx-get="${story}?look=1" hx-select="#nearby" hx-target="#nearby" hx-swap="outerHTML">${words}</a></p>`;
  const shown = await listed(c, deps, view, {
    ask,
    show: (posts, around) => html`<p class="fact">Around ${time(c, around)}, as the platform lists it now.</p>
<ul class="rows">${posts.map((post) => html`<li class="entry">${textOf(post)}${factOf(c, post)}</li>`)}</ul>
<p><a class="button" href="${story}/resolve?look=1">Decide by it</a></p>`,
  });
  return html`<section id="nearby" aria-labelledby="h-nearby"><h2 id="h-nearby">What the platform lists</h2>${shown}</section>`;
}

interface Shown {
  readonly ask: (words: string) => Html;
  readonly show: (posts: readonly NearbyPost[], around: Date | string) => Html;
}

async function listed(c: PageContext, deps: PagesDeps, view: ScheduleView, { ask, show }: Shown): Promise<Html> {
  if (c.req.query('look') === undefined) return ask('Show what the platform lists around that time');
  const { around, found } = await nearbyOf(deps, c.get('caller').workspaceId, view);
  if (found.kind === 'unread') return html`<p class="notice refused" role="status">${found.why}</p>${ask('Ask again')}`;
  if (found.posts.length > 0) return show(found.posts, around);
  return html`<p class="notice" role="status">The platform lists no post of ${view.schedule.account.name} around ${time(c, around)}. A post may still appear later.</p>${ask('Ask again')}`;
}

const textOf = ({ text }: NearbyPost) =>
  html`<span class="picked">${text === '' ? html`<em>no text</em>` : text}</span>`;

function factOf(c: PageContext, { id, at, url }: NearbyPost): Html {
  return html`<p class="fact">${at === null ? 'at a time that was not told' : time(c, at)} · ${url === null ? html`<code>${id}</code>` : html`<a href="${url}" rel="noreferrer">${url}</a>`}</p>`;
}
