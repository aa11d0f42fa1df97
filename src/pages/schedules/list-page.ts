// `/schedules`: everything, in all states, found by filters that stand in the address.
import { html } from 'hono/html';
import { may } from '../../domain/people/caller.ts';
import { STATE_NAMES } from '../../domain/schedules/states.ts';
import { readCursor } from '../../recovery/cursor.ts';
import { listItems } from '../../recovery/list-items.ts';
import type { Pages, PagesDeps } from '../deps.ts';
import { readFilter } from '../recovery/filter.ts';
import { filterChoices, filterForm } from '../recovery/filter-form.ts';
import { itemRow } from '../recovery/item-row.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { NOTHING } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';

const SHOWN = 50;

/** Registers the page. */
export function listPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/schedules', allowed('schedules.read'), async (c) => {
    const { workspaceId } = c.get('caller');
    const read = readFilter(c);
    const { filter, state, given, order = 'newest_due' } = read;
    const after = readCursor(c.req.query('after') ?? '');
    const states = state === undefined ? undefined : [state];
    const list = { workspaceId, all: true, states, filter, order, after, limit: SHOWN };
    const [found, choices] = await Promise.all([listItems(deps.ledger, list), filterChoices(c, deps)]);
    const form = filterForm(c, read, choices, {
      action: '/schedules',
      states: STATE_NAMES,
      orders: ['newest_due', 'oldest_due'],
    });
    const to = (more: Readonly<Record<string, string>>) =>
      withQuery('/schedules', { ...given, order: read.order, ...more });
    const links = [
      after === null ? NOTHING : html`<a href="${to({})}">First page</a>`,
      found.nextCursor === null
        ? NOTHING
        : html`<a href="${to({ after: found.nextCursor })}" rel="next">Next ${SHOWN}</a>`,
    ];
    const nothing = read.active || after !== null ? 'Nothing here matches.' : 'There is no schedule yet.';
    const rows = found.items.map((item) => itemRow(c, item));
    const make = may(c.get('caller'), 'schedules.create')
      ? html` <a class="button" href="/schedules/new">New post</a>`
      : NOTHING;
    const body = html`<h1>Schedules${make}</h1>${form}<div id="items">${rows.length === 0 ? html`<p class="empty">${nothing}</p>` : html`<ul class="rows">${rows}</ul>`}<p class="pager">${links}</p></div>`;
    return c.html(page(c, { title: 'Schedules', room: '/schedules', body }));
  });
}
