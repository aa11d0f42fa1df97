// `/`: what needs a person first, then what goes on by itself, then what nobody can tell.
import { html } from 'hono/html';
import { GROUP_NAMES, GROUPS, type Group, ITEM_ORDERS } from '../../domain/schedules/surface.ts';
import { countItems } from '../../ledger/schedules/items.ts';
import { readCursor } from '../../recovery/cursor.ts';
import { listItems } from '../../recovery/list-items.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';
import { banners } from './banners.ts';
import { type ReadFilter, readFilter } from './filter.ts';
import { filterChoices, filterForm } from './filter-form.ts';
import { freshness } from './freshness.ts';
import { itemRow } from './item-row.ts';

/** Rows of a group that is shown alone, or needs a person; the others begin with fewer. */
const SHOWN = 50;
const FEW = 15;

/** Registers the page. */
export function recoveryPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/', allowed('items.read'), async (c) => {
    const read = readFilter(c);
    const show = GROUP_NAMES.find((name) => name === c.req.query('show'));
    const groups = await readGroups(c, deps, { read, show });
    const { order, given } = read;
    const here = withQuery('/', { ...given, order, show, after: c.req.query('after') });
    const above = show === undefined && !read.active ? await banners(c, deps) : NOTHING;
    const states = GROUP_NAMES.flatMap((name) => [...GROUPS[name].states]);
    const form = filterForm(c, read, await filterChoices(c, deps), {
      action: '/',
      states,
      orders: ITEM_ORDERS.filter((name) => name !== 'newest_due'),
      show,
    });
    const sections = groups.map((group) => section(c, group, read, show));
    const body = html`<h1>Recovery</h1>${form}<div id="items" hx-get="${here}" hx-trigger="refresh" hx-select="#items" hx-select-oob="#on-hold" hx-swap="outerMorph">${freshness(c)}${above}${sections}</div>`;
    return c.html(page(c, { title: 'Recovery', room: '/', body }));
  });
}

interface ShownGroup {
  readonly name: Group;
  readonly count: number;
  readonly rows: readonly Html[];
  readonly nextCursor: string | null;
}

interface Wanted {
  readonly read: ReadFilter;
  readonly show: Group | undefined;
}

async function readGroups(c: PageContext, { ledger }: PagesDeps, { read, show }: Wanted): Promise<ShownGroup[]> {
  const { workspaceId } = c.get('caller');
  const { filter, state, order = 'newest_failure' } = read;
  const states = state === undefined ? null : [state];
  const counts = await countItems(ledger, { workspaceId, states, surface: 'recovery', filter });
  const after = readCursor(c.req.query('after') ?? '');
  const named = show === undefined ? GROUP_NAMES : [show];
  return Promise.all(
    named.map(async (name) => {
      const count = GROUPS[name].states.reduce((sum, one) => sum + (counts[one] ?? 0), 0);
      const limit = show === name || name === 'person' ? SHOWN : FEW;
      const list = {
        workspaceId,
        states: states ?? undefined,
        group: name,
        filter,
        order,
        after: show ? after : null,
        limit,
      };
      const found = count === 0 ? { items: [], nextCursor: null } : await listItems(ledger, list);
      return { name, count, rows: found.items.map((item) => itemRow(c, item)), nextCursor: found.nextCursor };
    }),
  );
}

function section(
  c: PageContext,
  group: ShownGroup,
  { given, order, active }: ReadFilter,
  show: Group | undefined,
): Html {
  const { name, count, rows, nextCursor } = group;
  const to = (more: Readonly<Record<string, string | undefined>>) => withQuery('/', { ...given, order, ...more });
  const isPaged = show === name && c.req.query('after') !== undefined;
  const links = [
    show === undefined ? NOTHING : html`<a href="${to({})}">All groups</a>`,
    isPaged ? html`<a href="${to({ show: name })}">First page</a>` : NOTHING,
    nextCursor === null
      ? NOTHING
      : html`<a href="${to({ show: name, after: nextCursor })}" rel="next">Next ${Math.min(SHOWN, count - rows.length)} of ${count}</a>`,
  ];
  const nothing = active ? 'Nothing here matches the filter.' : EMPTY[name];
  const list = rows.length === 0 ? html`<p class="empty">${nothing}</p>` : html`<ul class="rows">${rows}</ul>`;
  return html`<section class="group" aria-labelledby="group-${name}"><h2 id="group-${name}">${GROUPS[name].label} <span class="count">${count}</span></h2>${list}<p class="pager">${links}</p></section>`;
}

const EMPTY: Record<Group, string> = {
  person: 'No publish needs anybody.',
  itself: 'Nothing is on its way.',
  unknown: 'Of every post it is known whether it is live.',
};
