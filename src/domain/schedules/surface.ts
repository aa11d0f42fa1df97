// How the recovery surface groups and orders what is not as it should be.
import type { ScheduleState } from './states.ts';

/** The groups, in the order in which an operator reads them. Of what is queued, only what is overdue belongs here. */
export const GROUPS = {
  person: { label: 'Needs a person', states: ['failed', 'blocked', 'repair_required', 'missed', 'handoff_pending'] },
  itself: { label: 'Goes on by itself', states: ['posting', 'retry_later', 'outcome_unknown', 'queued', 'held'] },
  unknown: { label: 'Nobody can tell', states: ['unconfirmed'] },
} as const satisfies Record<string, { label: string; states: readonly ScheduleState[] }>;
export type Group = keyof typeof GROUPS;

const isGroup = (name: string): name is Group => Object.hasOwn(GROUPS, name);
export const GROUP_NAMES: readonly Group[] = Object.keys(GROUPS).filter(isGroup);

/** `newest_due` is the order of the API's list; pages begin with the newest failure. */
export const ITEM_ORDERS = ['newest_failure', 'oldest_due', 'newest_due'] as const;
export type ItemOrder = (typeof ITEM_ORDERS)[number];
