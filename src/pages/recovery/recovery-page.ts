// `/`: what needs a person first, then what goes on by itself, then what nobody can tell.
import { html } from 'hono/html';
import { GROUP_NAMES, GROUPS, type Group } from '../../domain/schedules/surface.ts';
import { countItems } from '../../ledger/schedules/items.ts';
import { listItems } from '../../recovery/list-items.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { allowed } from '../session/signed-in.ts';
import { page } from '../shell/layout.ts';
import { type Html, NOTHING } from '../shell/parts.ts';
import { itemRow } from './item-row.ts';

const SHOWN = 50;

/** Registers the page. */
export function recoveryPage(pages: Pages, deps: PagesDeps): void {
  pages.get('/', allowed('items.read'), async (c) => {
    const { workspaceId } = c.get('caller');
    const counts = await countItems(deps.ledger, { workspaceId, states: null, surface: 'recovery' });
    const groups = await Promise.all(
      GROUP_NAMES.map(async (name) => {
        const { states } = GROUPS[name];
        const count = states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
        const list = { workspaceId, states, order: 'newest_failure', after: null, limit: SHOWN } as const;
        const items = count === 0 ? [] : (await listItems(deps.ledger, list)).items;
        return section(
          c,
          name,
          count,
          items.map((item) => itemRow(c, item)),
        );
      }),
    );
    const body = html`<h1>Recovery</h1><div id="items" hx-get="${c.req.url}" hx-trigger="every 15s" hx-select="#items" hx-swap="outerHTML">${groups}</div>`;
    return c.html(page(c, { title: 'Recovery', room: '/', body }));
  });
}

function section(_c: PageContext, name: Group, count: number, rows: readonly Html[]): Html {
  const { label } = GROUPS[name];
  const list = count === 0 ? html`<p class="empty">Nothing here.</p>` : html`<ul class="rows">${rows}</ul>`;
  const more =
    count > rows.length ? html`<p class="fact">The newest ${rows.length} of ${count} are shown.</p>` : NOTHING;
  return html`<section class="group" aria-labelledby="group-${name}"><h2 id="group-${name}">${label} <span class="count">${count}</span></h2>${list}${more}</section>`;
}
