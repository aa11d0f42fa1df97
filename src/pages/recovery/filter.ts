// The filter of a list, as it stands in its address, read leniently: what is not understood is left out, and said.
import { z } from 'zod';
import type { ScheduleState } from '../../domain/schedules/states.ts';
import { ITEM_ORDERS, type ItemOrder } from '../../domain/schedules/surface.ts';
import { instantOfLocal } from '../../domain/text/local-time.ts';
import type { ItemFilter } from '../../ledger/schedules/item-filter.ts';
import { filterOf, itemQueryShape } from '../../recovery/item-query.ts';
import type { PageContext } from '../deps.ts';
import type { Query } from '../shell/query.ts';

/** The names of the filter's fields, in the order of the form. */
const FILTER_FIELDS = ['text', 'platform', 'account', 'deliverySet', 'cause', 'state', 'owner', 'from', 'to'] as const;
type Field = (typeof FILTER_FIELDS)[number];

export interface ReadFilter {
  readonly filter: ItemFilter;
  readonly state: ScheduleState | undefined;
  readonly order: ItemOrder | undefined;
  /** As it stands in the address, for the form and for links. */
  readonly given: Query;
  /** Names of fields that were not understood. */
  readonly unread: readonly Field[];
  /** Whether anything is filtered at all. */
  readonly active: boolean;
}

/** Reads the filter of a request. Days are the viewer's: `from` begins with its midnight, `to` ends with it. */
export function readFilter(c: PageContext): ReadFilter {
  const given: Record<string, string> = {};
  const unread: Field[] = [];
  const read = <Schema extends z.ZodType>(field: Field, schema: Schema): z.infer<Schema> | undefined => {
    const value = c.req.query(field)?.trim();
    if (!value) return undefined;
    given[field] = value;
    const parsed = schema.safeParse(value);
    if (!parsed.success) unread.push(field);
    return parsed.data;
  };
  const { text, platform, account, deliverySet, cause, state, owner } = itemQueryShape;
  const day = z
    .string()
    .transform((value) => midnight(value, c.get('zone')))
    .refine((found) => found !== null);
  const from = read('from', day);
  const to = read('to', day);
  const query = {
    text: read('text', text),
    platform: read('platform', platform),
    account: read('account', account),
    deliverySet: read('deliverySet', deliverySet),
    cause: read('cause', cause),
    owner: read('owner', owner),
  };
  const wantedState = read('state', state);
  const order = ITEM_ORDERS.find((name) => name === c.req.query('order'));
  const filter = { ...filterOf(query, c.get('caller').actor.id), dueFrom: from?.at, dueBefore: to?.end };
  return {
    filter,
    state: wantedState,
    order,
    given,
    unread: FILTER_FIELDS.filter((field) => unread.includes(field)),
    active: Object.keys(given).length > unread.length,
  };
}

const DAY_MS = 86_400_000;
/** A day has 23 to 25 hours: its end is the next one's midnight. */
function midnight(text: string, zone: string): { readonly at: Date; readonly end: Date } | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? instantOfLocal(text, zone) : null;
  if (!at) return null;
  const next = new Date(Date.parse(`${text}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return { at, end: instantOfLocal(next, zone) ?? new Date(at.getTime() + DAY_MS) };
}
