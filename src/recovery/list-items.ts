// One page of the recovery surface.
import type { ItemPage } from '../domain/schedules/item.ts';
import { SCHEDULE_STATES, type ScheduleState, STATE_NAMES } from '../domain/schedules/states.ts';
import type { Group, ItemOrder } from '../domain/schedules/surface.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ItemFilter, ItemPosition } from '../ledger/schedules/item-filter.ts';
import { type ItemFacts, readItems } from '../ledger/schedules/items.ts';
import { writeCursor } from './cursor.ts';
import { assembleItem } from './item.ts';

export interface ItemsWanted {
  readonly workspaceId: string;
  /** Only these states. */
  readonly states?: readonly ScheduleState[] | undefined;
  /** Only what waits for a person. */
  readonly needsPerson?: boolean;
  /** Also what has ended, and what simply waits for its time. */
  readonly all?: boolean;
  /** Only this group of the recovery surface. */
  readonly group?: Group | undefined;
  readonly filter?: ItemFilter | undefined;
  readonly order?: ItemOrder;
  readonly after: ItemPosition | null;
  readonly limit: number;
}

/** Items in the order wanted, by default in descending order of publish time. Without a filter: what has not ended and does not simply wait for its time. */
export async function listItems(ledger: Ledger, wanted: ItemsWanted): Promise<ItemPage> {
  const { workspaceId, after, limit, group, filter, order = 'newest_due' } = wanted;
  const facts = await readItems(ledger, {
    workspaceId,
    states: statesOf(wanted),
    surface: wanted.all ? 'all' : 'recovery',
    group,
    filter,
    order,
    after,
    limit: limit + 1,
  });
  const page = facts.slice(0, limit);
  const last = page.at(-1);
  const nextCursor = last && facts.length > limit ? writeCursor(positionOf(last, order)) : null;
  return { items: page.map(assembleItem), nextCursor };
}

function positionOf({ schedule }: ItemFacts, order: ItemOrder): ItemPosition {
  const failedAt = order === 'newest_failure' ? schedule.failedAt : null;
  return { at: failedAt ?? schedule.publishAt, id: schedule.id };
}

function statesOf({ states, needsPerson = false }: ItemsWanted): readonly ScheduleState[] | null {
  if (!needsPerson) return states ?? null;
  return WAITING.filter((waiting) => states === undefined || states.includes(waiting));
}

const WAITING = STATE_NAMES.filter((name) => SCHEDULE_STATES[name].waitsForPerson);
