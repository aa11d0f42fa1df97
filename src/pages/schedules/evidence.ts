// What the platform's own list shows around the time of a create whose outcome nobody knows, so that a person decides on evidence.
import { html } from 'hono/html';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import { nearbyOf } from '../../publishing/evidence/nearby.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { type Html, time } from '../shell/parts.ts';

/** Asked only when somebody wants to see it: `?look=1`. */
export async function evidenceOf(c: PageContext, deps: PagesDeps, view: ScheduleView): Promise<Html> {
  const { schedule } = view;
  const here = `/schedules/${encodeURIComponent(schedule.id)}/resolve`;
  const ask = (words: string) => html`<p><a class="button" href="${here}?look=1">${words}</a></p>`;
  if (c.req.query('look') === undefined) return ask('Show what the platform lists around that time');
  const { around, found } = await nearbyOf(deps, c.get('caller').workspaceId, view);
  if (found.kind === 'unread') return html`<p class="notice refused" role="status">${found.why}</p>${ask('Ask again')}`;
  if (found.posts.length === 0) {
    return html`<p class="notice" role="status">The platform lists no post of ${schedule.account.name} around ${time(c, around)}. A post may still appear later.</p>${ask('Ask again')}`;
  }
  return html`<fieldset><legend>What the platform lists around ${time(c, around)}: pick the post, if it is there</legend>
<ul class="rows">${found.posts.map(
    ({ id, text, at, url }) =>
      html`<li class="entry"><label><input type="radio" name="picked" value="${url === null ? id : `${id} ${url}`}"> <span class="picked">${text === '' ? html`<em>no text</em>` : text}</span></label>
<p class="fact">${at === null ? 'at a time that was not told' : time(c, at)} · ${url === null ? html`<code>${id}</code>` : html`<a href="${url}" rel="noreferrer">${url}</a>`}</p></li>`,
  )}</ul></fieldset>`;
}
