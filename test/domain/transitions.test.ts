// The states of a schedule and their moves: fourteen states by twenty-one events, every cell written out.
import { describe, expect, it, test } from 'vitest';
import {
  ATTEMPT_OUTCOMES,
  INTENT_STATES,
  SCHEDULE_EVENTS,
  SCHEDULE_STATES,
  type ScheduleState,
  transition,
} from '../../src/domain/schedules/states.ts';

/** The columns of the table, in order, each with the letters its cells name it by. */
const STATES = {
  qu: 'queued',
  po: 'posting',
  rl: 'retry_later',
  ou: 'outcome_unknown',
  un: 'unconfirmed',
  fa: 'failed',
  bl: 'blocked',
  rr: 'repair_required',
  hp: 'handoff_pending',
  he: 'held',
  mi: 'missed',
  pu: 'published',
  hc: 'handoff_completed',
  ca: 'canceled',
} as const;

/** The state after each event (rows) from each state (columns); two dots: the event is not allowed there. */
const TABLE = [
  //                    qu po rl ou un fa bl rr hp he mi pu hc ca
  ['attempt_started', '  po po po po po po po po .. po po .. .. ..'],
  ['published', '        pu pu pu pu pu pu pu pu pu pu pu .. .. pu'],
  ['refused', '          .. fa .. .. .. .. .. .. .. .. .. .. .. ..'],
  ['rate_limited', '     .. rl .. .. .. .. .. .. .. .. .. .. .. ..'],
  ['not_sent', '         .. rl .. .. .. .. .. .. .. .. .. .. .. ..'],
  ['outcome_unknown', '  .. ou .. .. .. .. .. .. .. .. .. .. .. ..'],
  ['unconfirmed', '      un un un un .. .. .. .. .. .. .. .. .. ..'],
  ['gate_blocked', '     bl bl bl bl bl bl bl bl .. bl bl .. .. ..'],
  ['target_repair', '    rr rr rr rr rr rr rr rr .. rr rr .. .. ..'],
  ['replayed', '         .. .. .. .. qu qu qu qu .. .. .. .. .. ..'],
  ['resolved_not_live', '.. .. .. .. fa .. .. .. .. .. .. .. .. ..'],
  ['rescheduled', '      qu .. qu .. .. qu qu qu .. qu qu .. .. ..'],
  ['canceled', '         ca ca ca ca .. ca ca ca ca ca ca .. .. ..'],
  ['handed_off', '       hp hp hp hp .. hp hp hp .. hp hp .. .. ..'],
  ['handoff_completed', '.. .. .. .. .. .. .. .. hc .. .. .. .. ..'],
  ['workflow_lost', '    fa fa fa fa .. .. .. .. .. .. .. .. .. ..'],
  ['approved', '         .. .. .. .. .. .. qu .. .. .. .. .. .. ..'],
  ['held', '             he he he he he he he he .. .. he .. .. ..'],
  ['released', '         .. .. .. .. .. .. .. .. .. qu .. .. .. ..'],
  ['missed', '           mi mi mi mi mi mi mi mi .. mi .. .. .. ..'],
  ['hurried', '          .. .. qu .. .. .. .. .. .. .. .. .. .. ..'],
] as const;

test('the states are these fourteen, in this order', () => {
  expect(Object.keys(SCHEDULE_STATES)).toEqual(Object.values(STATES));
});

test('the events are these twenty-one, in this order', () => {
  expect(SCHEDULE_EVENTS).toEqual(TABLE.map(([event]) => event));
});

describe.each(TABLE)('%s', (event, cells) => {
  it('moves from exactly the states the table says', () => {
    const row = cells.trim().split(/\s+/);
    expect(row).toHaveLength(14);
    Object.values(STATES).forEach((from, column) => {
      const to: ScheduleState | undefined = Reflect.get(STATES, row[column] ?? '');
      expect(transition(from, event), `from ${from}`).toBe(to ?? null);
    });
  });
});

/** State, has it ended, does it wait for a person. */
const KINDS = [
  ['queued', false, false],
  ['posting', false, false],
  ['retry_later', false, false],
  ['outcome_unknown', false, false],
  ['unconfirmed', false, true],
  ['failed', false, true],
  ['blocked', false, true],
  ['repair_required', false, true],
  ['handoff_pending', false, true],
  ['held', false, false],
  ['missed', false, true],
  ['published', true, false],
  ['handoff_completed', true, false],
  ['canceled', true, false],
] as const;

test.each(KINDS)('%s: ended %s, waits for a person %s', (state, ended, waitsForPerson) => {
  expect(SCHEDULE_STATES[state]).toMatchObject({ ended, waitsForPerson });
});

test('an ended state is left by no event, but for a canceled post that turns out to be live', () => {
  for (const [state] of KINDS.filter(([, ended]) => ended)) {
    const ways = SCHEDULE_EVENTS.filter((event) => transition(state, event) !== null);
    expect(ways).toEqual(state === 'canceled' ? ['published'] : []);
  }
});

test('the outcomes of an attempt and the states of an intent are these', () => {
  expect(ATTEMPT_OUTCOMES).toEqual([
    'published',
    'refused',
    'outcome_unknown',
    'unconfirmed',
    'rate_limited',
    'not_sent',
    'gate_blocked',
    'interrupted',
  ]);
  expect(INTENT_STATES).toEqual(['sent', 'unknown', 'live', 'refused', 'not_sent', 'absent', 'denied']);
});
