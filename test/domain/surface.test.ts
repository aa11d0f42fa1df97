// The groups of the recovery surface: every state that has not ended stands in one of them, so that no publish is out of sight.
import { expect, it } from 'vitest';
import { SCHEDULE_STATES, STATE_NAMES } from '../../src/domain/schedules/states.ts';
import { GROUPS } from '../../src/domain/schedules/surface.ts';

it('hold each state that has not ended once, as the page shows them', () => {
  expect(Object.fromEntries(Object.entries(GROUPS).map(([name, { states }]) => [name, states]))).toEqual({
    person: ['failed', 'blocked', 'repair_required', 'missed', 'handoff_pending'],
    itself: ['posting', 'retry_later', 'outcome_unknown', 'queued', 'held'],
    unknown: ['unconfirmed'],
  });
  const grouped = Object.values(GROUPS).flatMap(({ states }): readonly string[] => states);
  expect(grouped.toSorted()).toEqual(STATE_NAMES.filter((name) => !SCHEDULE_STATES[name].ended).toSorted());
});
