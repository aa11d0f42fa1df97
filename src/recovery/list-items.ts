// One page of the recovery surface.
import type { ItemPage } from '../domain/schedules/item.ts';
import { SCHEDULE_STATES, type ScheduleState, STATE_NAMES } from '../domain/schedules/states.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type ItemPosition, readItems } from '../ledger/schedules/items.ts';
import { writeCursor } from './cursor.ts';
import { assembleItem } from './item.ts';

export interface ItemsWanted {
  readonly workspaceId: string;
  /** Only this state. */
  readonly state?: ScheduleState | undefined;
  /** Only what waits for a person. */
  readonly needsPerson: boolean;
  /** Also what has ended, and what simply waits for its time. */
  readonly all: boolean;
  readonly after: ItemPosition | null;
  readonly limit: number;
}

/** Items in descending order of publish time. Without a filter: what has not ended and does not simply wait for its time. */
export async function listItems(ledger: Ledger, wanted: ItemsWanted): Promise<ItemPage> {
  const { workspaceId, after, limit } = wanted;
  const surface = wanted.all ? 'all' : 'recovery';
  const facts = await readItems(ledger, { workspaceId, states: statesOf(wanted), surface, after, limit: limit + 1 });
  const page = facts.slice(0, limit);
  const last = page.at(-1)?.schedule;
  return { items: page.map(assembleItem), nextCursor: last && facts.length > limit ? writeCursor(last) : null };
}

function statesOf({ state, needsPerson }: ItemsWanted): readonly ScheduleState[] | null {
  if (!needsPerson) return state ? [state] : null;
  return WAITING.filter((waiting) => state === undefined || waiting === state);
}

const WAITING = STATE_NAMES.filter((name) => SCHEDULE_STATES[name].waitsForPerson);
