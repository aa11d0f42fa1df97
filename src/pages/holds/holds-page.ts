// `/holds`: what is on hold and why, a form that stops publishing, and one that lets it go again.

import { html } from 'hono/html';
import { actorName } from '../../domain/people/actor.ts';
import { may } from '../../domain/people/caller.ts';
import { type HoldTarget, holdReasonSchema, holdTargetSchema, UNKNOWN_SET } from '../../domain/schedules/hold.ts';
import type { Item } from '../../domain/schedules/item.ts';
import { type Pace, paceSchema } from '../../domain/schedules/pace.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import { activeHolds, countHeld, type Hold, placeHold, wasReleased } from '../../ledger/holds/holds.ts';
import { release } from '../../publishing/workflows/release-hold.ts';
import { listItems } from '../../recovery/list-items.ts';
import type { PageContext, Pages, PagesDeps } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';
import { itemRow } from '../recovery/item-row.ts';
import { leaveNotice } from '../session/cookies.ts';
import { allowed, readForm } from '../session/signed-in.ts';
import { inputField, selectField } from '../shell/fields.ts';
import { page } from '../shell/layout.ts';
import { readLocalTime } from '../shell/local-time.ts';
import { type Html, NOTHING, platformLabel, postForm, time } from '../shell/parts.ts';
import { withQuery } from '../shell/query.ts';

/** Registers the page and what its forms do. */
export function holdPages(pages: Pages, deps: PagesDeps): void {
  pages.get('/holds', allowed('items.read'), async (c) => c.html(await holdsPage(c, deps)));
  pages.post('/holds', allowed('hold.change'), (c) => place(c, deps));
  pages.post('/holds/:id/release', allowed('hold.change'), (c) => letGo(c, deps));
}

type Names = ReadonlyMap<string, string>;

async function holdsPage(c: PageContext, deps: PagesDeps): Promise<Html> {
  const { workspaceId } = c.get('caller');
  const [holds, accounts] = await Promise.all([
    activeHolds(deps.ledger, workspaceId),
    accountsOf(deps.ledger, workspaceId),
  ]);
  const usable = accounts.filter(({ deleted }) => !deleted);
  const names: Names = new Map(
    usable.map(({ id, name, platform }) => [id, `${name} on ${platformLabel(c, platform)}`]),
  );
  const shown = await Promise.all(holds.map(async (hold) => holdRow(c, hold, await keptBackBy(deps, hold), names)));
  const list =
    shown.length === 0
      ? html`<p class="empty">Nothing is on hold; everything goes out at its time.</p>`
      : html`<ul class="rows">${shown}</ul>`;
  const form = may(c.get('caller'), 'hold.change') ? placeForm(c, names) : NOTHING;
  return page(c, { title: 'Holds', room: '/holds', body: html`<h1>Holds</h1>${list}${form}` });
}

/** What a hold is about, as the end of "on hold for ...". */
function heldTarget({ scope, targetId }: Pick<Hold, 'scope' | 'targetId'>, names: Names): string {
  if (scope === 'workspace') return 'the whole workspace';
  return scope === 'account' ? (names.get(targetId) ?? 'an account that is gone') : `the delivery set ${targetId}`;
}

interface KeptBack {
  readonly count: number;
  /** The first of them, the oldest due first. */
  readonly items: readonly Item[];
}

const SHOWN = 10;

async function keptBackBy({ ledger }: PagesDeps, hold: Hold): Promise<KeptBack> {
  const { workspaceId } = hold;
  const filter = filterOf(hold);
  const wanted = { workspaceId, all: true, states: ['held'], filter, order: 'oldest_due', after: null } as const;
  const [count, page] = await Promise.all([countHeld(ledger, hold), listItems(ledger, { ...wanted, limit: SHOWN })]);
  return { count, items: page.items };
}

/** Finds what a hold is about, by the words of a list's filter. */
function filterOf({ scope, targetId }: Hold): { readonly account?: string; readonly deliverySet?: string } {
  return { workspace: {}, account: { account: targetId }, delivery_set: { deliverySet: targetId } }[scope];
}

/** What is late, before anybody is asked how it goes out. */
function lateList(c: PageContext, hold: Hold, { count, items }: KeptBack): Html {
  if (items.length === 0) return NOTHING;
  const all = withQuery('/schedules', { state: 'held', order: 'oldest_due', ...filterOf(hold) });
  const more = count > items.length ? html`<p><a href="${all}">All ${count}, the oldest due first</a></p>` : NOTHING;
  return html`<ul class="rows">${items.map((item) => itemRow(c, item, 'plain'))}</ul>${more}`;
}

function holdRow(c: PageContext, hold: Hold, late: KeptBack, names: Names): Html {
  const keptBack = late.count;
  const about = html`<p><strong>On hold for ${heldTarget(hold, names)}</strong>: ${hold.reason}</p>
<p class="fact">${actorName(hold.placedBy)}, ${time(c, hold.placedAt)} · ${keptBack === 0 ? 'nothing has fallen due since' : `${keptBack} kept back since`}</p>${lateList(c, hold, late)}`;
  return html`<li class="block">${about}${may(c.get('caller'), 'hold.change') ? releaseForm(c, hold) : NOTHING}</li>`;
}

const PACES = [
  { value: 'at_once', label: 'at once' },
  { value: 'every', label: 'one every so many minutes' },
  { value: 'until', label: 'spread until a time' },
];

function releaseForm(c: PageContext, { id }: Hold): Html {
  return html`<details><summary>Release</summary>${postForm(
    c,
    `/holds/${id}/release`,
    html`<div class="fields">${selectField({ name: 'pace', label: 'What is late goes out', options: PACES })}
${inputField({ name: 'minutes', label: 'Minutes between two', type: 'number', attributes: html`min="1" max="10080"`, hint: 'for "one every so many minutes"' })}
${inputField({ name: 'until', label: 'Until', type: 'datetime-local', hint: 'for "spread until a time"' })}
${inputField({ name: 'notOlderThan', label: 'Not what was due before', type: 'datetime-local', hint: 'it then wants a new time; empty: everything goes out' })}</div>
<button class="main">Release</button>`,
  )}</details>`;
}

function placeForm(c: PageContext, names: Names): Html {
  const targets = [
    { value: 'workspace', label: 'the whole workspace' },
    ...[...names].map(([id, name]) => ({ value: `account ${id}`, label: name })),
    { value: 'delivery_set', label: 'a delivery set' },
  ];
  return html`<section class="group"><h2>Hold publishing</h2>
<p class="fact">From that moment nothing is created, what is being prepared included. What falls due waits and says so.</p>
${postForm(
  c,
  '/holds',
  html`<div class="fields">${selectField({ name: 'target', label: 'For', options: targets })}
${inputField({ name: 'deliverySet', label: 'Delivery set', hint: 'its name, for "a delivery set"' })}
${inputField({ name: 'reason', label: 'Reason', required: true, attributes: html`maxlength="500"` })}</div>
<button class="main">Hold</button>`,
)}</section>`;
}

async function place(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const { workspaceId, actor } = c.get('caller');
  const target = holdTargetSchema.safeParse(targetOf(form.target ?? '', form.deliverySet ?? ''));
  const reason = holdReasonSchema.safeParse(form.reason);
  if (!target.success || !reason.success) {
    const what = reason.success ? 'what it is for' : 'a reason, of 500 characters at most';
    return back(c, deps, 'refused', `A hold needs ${what}, so nothing was held; fill it in and send it again.`);
  }
  const placed = await placeHold(deps.ledger, { workspaceId, actor, target: target.data, reason: reason.data });
  if (!placed) throw nothingHere();
  const done = placed.placed
    ? 'Publishing is on hold; nothing of it goes out until it is released.'
    : 'It was on hold already; nothing was changed.';
  const text = placed.unknownSet ? `${done} ${UNKNOWN_SET}` : done;
  return back(c, deps, placed.placed ? 'done' : 'refused', text);
}

function targetOf(chosen: string, deliverySetId: string): HoldTarget {
  if (chosen === 'delivery_set') return { scope: 'delivery_set', deliverySetId };
  const [scope, accountId = ''] = chosen.split(' ');
  return scope === 'account' ? { scope: 'account', accountId } : { scope: 'workspace' };
}

async function letGo(c: PageContext, deps: PagesDeps): Promise<Response> {
  const form = await readForm(c);
  const pace = paceOf(c, form);
  const cut = form.notOlderThan ? readLocalTime(c, form.notOlderThan) : null;
  if (pace === null || (form.notOlderThan && cut === null)) {
    return back(
      c,
      deps,
      'refused',
      'The pace or a time cannot be read, so nothing was released; fill in what the pace needs.',
    );
  }
  const holdId = c.req.param('id') ?? '';
  const notOlderThan = cut === null ? null : new Date(cut);
  const released = await release(deps, { caller: c.get('caller'), holdId, pace, notOlderThan });
  if (!released) {
    if (!(await wasReleased(deps.ledger, c.get('caller').workspaceId, holdId))) throw nothingHere();
    return back(c, deps, 'refused', 'Somebody has released it meanwhile, so nothing was changed.');
  }
  const missed = released.missed === 0 ? '' : ` ${released.missed} were too old and want a new time.`;
  return back(c, deps, 'done', `Released: ${released.released} go out now or at their pace.${missed}`);
}

function paceOf(c: PageContext, form: Readonly<Record<string, string>>): Pace | null {
  const at = form.until ? readLocalTime(c, form.until) : null;
  const parsed = paceSchema.safeParse(
    { every: { kind: 'every', minutes: Number(form.minutes) }, until: { kind: 'until', at } }[form.pace ?? ''] ?? {
      kind: 'at_once',
    },
  );
  return parsed.success ? parsed.data : null;
}

function back(c: PageContext, deps: PagesDeps, kind: 'done' | 'refused', text: string): Response {
  leaveNotice(c, deps, { kind, text });
  return c.redirect('/holds', 303);
}
