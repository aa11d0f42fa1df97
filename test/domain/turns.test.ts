// The turns of a batch's members: in the order in which their posts were due, at a pace, without what is too old.
import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../src/domain/batches/turns.ts';

const NOW = new Date('2026-03-02T07:00:00.000Z');
const due = (scheduleId: string, publishAt: string) => ({ scheduleId, publishAt: new Date(publishAt) });
const NIGHT = [
  due('c', '2026-03-02T03:00:00Z'),
  due('b', '2026-03-02T01:00:00Z'),
  due('a', '2026-03-02T01:00:00Z'),
  due('d', '2026-03-01T20:00:00Z'),
];
const shown = (rule: Omit<Parameters<typeof takeTurns>[1], 'now'>) => {
  const { turns, tooOld } = takeTurns(NIGHT, { ...rule, now: NOW });
  return {
    turns: turns.map(({ member, dueAt }) => `${member.scheduleId} ${dueAt.toISOString().slice(11, 16)}`),
    tooOld: tooOld.map(({ scheduleId }) => scheduleId),
  };
};

describe('the turns of a batch', () => {
  it('are all at once, the oldest first', () => {
    expect(shown({ pace: { kind: 'at_once' }, skipOlder: null })).toEqual({
      turns: ['d 07:00', 'a 07:00', 'b 07:00', 'c 07:00'],
      tooOld: [],
    });
  });
  it('come one every so many minutes', () => {
    expect(shown({ pace: { kind: 'every', minutes: 20 }, skipOlder: null }).turns).toEqual([
      'd 07:00',
      'a 07:20',
      'b 07:40',
      'c 08:00',
    ]);
  });
  it('spread until a time, without those that are too old', () => {
    const skipOlder = new Date('2026-03-02T00:00:00Z');
    expect(shown({ pace: { kind: 'until', at: '2026-03-02T09:00:00.000Z' }, skipOlder })).toEqual({
      turns: ['a 07:00', 'b 08:00', 'c 09:00'],
      tooOld: ['d'],
    });
  });
});
