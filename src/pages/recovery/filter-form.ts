// The filter of a list as a plain form: it sends an address, so that what is found can be handed on.
import { html, raw } from 'hono/html';
import { CAUSES } from '../../domain/causes/causes.ts';
import { SCHEDULE_STATES, type ScheduleState, STATE_NAMES } from '../../domain/schedules/states.ts';
import type { ItemOrder } from '../../domain/schedules/surface.ts';
import { accountsOf } from '../../ledger/accounts/accounts.ts';
import { listMembers } from '../../ledger/people/users.ts';
import { MINE, NOBODY } from '../../recovery/item-query.ts';
import type { PageContext, PagesDeps } from '../deps.ts';
import { type Html, NOTHING } from '../shell/parts.ts';
import type { ReadFilter } from './filter.ts';

/** More than that are found by typing a name. */
const MOST_OPTIONS = 40;

export interface FilterChoices {
  readonly accounts: readonly string[];
  readonly members: readonly { readonly id: string; readonly name: string }[];
  readonly platforms: readonly { readonly name: string; readonly label: string }[];
}

/** What the form offers to choose from. */
export async function filterChoices(c: PageContext, { ledger, platforms }: PagesDeps): Promise<FilterChoices> {
  const { workspaceId } = c.get('caller');
  const [accounts, members] = await Promise.all([accountsOf(ledger, workspaceId), listMembers(ledger, workspaceId)]);
  const standing = accounts.filter(({ deleted }) => !deleted);
  const used = new Set(accounts.map(({ platform }) => platform));
  return {
    accounts: [...new Set(standing.map(({ name }) => name))].toSorted((a, b) => a.localeCompare(b)),
    members: members.map(({ userId, name }) => ({ id: userId, name })),
    platforms: [...used].map((name) => ({ name, label: platforms.get(name)?.label ?? name })),
  };
}

export interface FormShape {
  readonly action: string;
  readonly states: readonly ScheduleState[];
  readonly orders: readonly ItemOrder[];
  /** What the address says beside the filter. */
  readonly show?: string | undefined;
}

const ORDER_WORDS: Record<ItemOrder, string> = {
  newest_failure: 'Newest failure first',
  oldest_due: 'Oldest due first',
  newest_due: 'Newest due first',
};

/** The form, folded away while nothing is filtered. */
export function filterForm(c: PageContext, read: ReadFilter, choices: FilterChoices, shape: FormShape): Html {
  const { given } = read;
  const { accounts, members, platforms } = choices;
  const owners = [
    [MINE, 'Me'],
    [NOBODY, 'Nobody'],
    ...members.filter(({ id }) => id !== c.get('caller').actor.id).map(({ id, name }) => [id, name] as const),
  ] as const;
  const account =
    accounts.length > MOST_OPTIONS
      ? html`<input name="account" value="${given.account ?? ''}" placeholder="name or id">`
      : select(
          'account',
          accounts.map((name) => [name, name] as const),
          given.account,
        );
  return html`<details class="filter" ${read.active ? raw('open') : NOTHING}><summary>Filter and order</summary>
<form method="get" action="${shape.action}" class="fields">
${shape.show === undefined ? NOTHING : html`<input type="hidden" name="show" value="${shape.show}">`}
<label>Text or id <input type="search" name="text" value="${given.text ?? ''}" maxlength="200"></label>
<label>Platform ${select(
    'platform',
    platforms.map(({ name, label }) => [name, label] as const),
    given.platform,
  )}</label>
<label>Account ${account}</label>
<label>Delivery set <input name="deliverySet" value="${given.deliverySet ?? ''}" maxlength="200"></label>
<label>Cause ${select(
    'cause',
    Object.keys(CAUSES).map((code) => [code, code] as const),
    given.cause,
  )}</label>
<label>State ${select('state', statesOf(shape), given.state)}</label>
<label>Owner ${select('owner', owners.slice(0, MOST_OPTIONS), given.owner)}</label>
<label>Due from <input type="date" name="from" value="${given.from ?? ''}"></label>
<label>Due to <input type="date" name="to" value="${given.to ?? ''}"></label>
<label>Order ${select(
    'order',
    shape.orders.map((order) => [order, ORDER_WORDS[order]] as const),
    read.order,
    false,
  )}</label>
<span class="ends"><button class="main">Show</button> <a href="${shape.action}">Clear</a></span>
</form></details>
${read.unread.length === 0 ? NOTHING : html`<p class="notice refused" role="status">Not understood and left out: ${read.unread.join(', ')}.</p>`}`;
}

function statesOf({ states }: FormShape): (readonly [string, string])[] {
  return STATE_NAMES.filter((name) => states.includes(name)).map((name) => [name, SCHEDULE_STATES[name].label]);
}

/** A value that is not among the options stands there all the same: the address says it. */
function select(
  name: string,
  options: readonly (readonly [string, string])[],
  chosen: string | undefined,
  any = true,
): Html {
  const known = chosen === undefined || options.some(([value]) => value === chosen);
  const all = known ? options : [...options, [chosen, chosen] as const];
  return html`<select name="${name}">${any ? html`<option value="">Any</option>` : NOTHING}${all.map(([value, label]) => html`<option value="${value}" ${value === chosen ? raw('selected') : NOTHING}>${label}</option>`)}</select>`;
}
