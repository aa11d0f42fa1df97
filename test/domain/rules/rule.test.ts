import { describe, expect, it } from 'vitest';
import type { OpsEvent } from '../../../src/domain/events/event.ts';
import { matches, type RuleMemory, type RuleVerdict, ruleSchema, verdictOf } from '../../../src/domain/rules/rule.ts';
import { isWithin } from '../../../src/domain/rules/window.ts';

const AT = new Date('2026-11-28T12:00:00Z');
const EVENT: OpsEvent = {
  event_id: '0b337043-af57-467e-9cf4-8bed85e4994a',
  occurred_at: '2026-11-28T11:59:00Z',
  ingested_at: '2026-11-28T12:00:00Z',
  source: { channel: 'webhook', connector_id: 'blog', message_id: 'm1' },
  actor: null,
  content: { kind: 'post.published', draft: false },
  correlation: {
    trace_id: '0f73d17d-2c98-4f54-9e3d-336afeb32667',
    parent_event_id: null,
    dedupe_key: 'a'.repeat(64),
  },
};
const rule = (more: object) =>
  ruleSchema.parse({
    name: 'A rule',
    when: { all: [{ path: 'content.kind', op: 'eq', value: 'post.published' }] },
    actions: [{ do: 'notify', says: 'A post is out.' }],
    ...more,
  });

const yes = { path: 'source.connector_id', op: 'eq', value: 'blog' };
const no = { path: 'source.connector_id', op: 'eq', value: 'shop' };

describe('a rule is about an event', () => {
  it.each([
    ['where all hold', { all: [yes, yes] }, true],
    ['not where one of all does not', { all: [yes, no] }, false],
    ['where any holds', { any: [no, yes] }, true],
    ['not where none of any does', { any: [no, no] }, false],
    ['where none of none holds', { none: [no] }, true],
    ['not where one of none does', { none: [no, yes] }, false],
    ['where all three kinds agree', { all: [yes], any: [no, yes], none: [no] }, true],
  ])('%s', (_what, when, expected) => {
    expect(matches(rule({ when }), EVENT, AT)).toBe(expected);
  });

  it('only at its times', () => {
    const during = [{ from: '09:00', to: '12:30', zone: 'Europe/Berlin' }];
    expect(matches(rule({ during }), EVENT, new Date('2026-11-28T11:29:00Z'))).toBe(true);
    expect(matches(rule({ during }), EVENT, new Date('2026-11-28T11:30:00Z'))).toBe(false);
  });
});

describe('what becomes of it is decided in order: debounce, dedupe, quiet hours, storm', () => {
  const all = rule({
    debounce_ms: 60_000,
    dedupe: { paths: ['content.kind'], window_ms: 3_600_000 },
    quiet_hours: { from: '12:00', to: '13:00', zone: 'Etc/UTC' },
  });
  const memory: RuleMemory = { lastFiredAt: new Date('2026-11-28T11:59:30Z'), firedAlike: true, firedInLastMinute: 9 };
  const noon = { at: AT, mostPerMinute: 9 };
  const later = { at: new Date('2026-11-28T13:00:00Z'), mostPerMinute: 9 };
  const rows: readonly [string, RuleMemory, typeof noon, RuleVerdict][] = [
    ['it fired a moment ago', memory, noon, 'debounced'],
    ['an alike one fired', { ...memory, lastFiredAt: new Date('2026-11-28T11:59:00Z') }, noon, 'deduped'],
    ['it never fired, and it is quiet', { ...memory, lastFiredAt: null, firedAlike: false }, noon, 'quiet'],
    ['it fired nine times within the minute', { ...memory, firedAlike: false }, later, 'storm'],
    ['it fired eight times', { ...memory, firedAlike: false, firedInLastMinute: 8 }, later, 'fires'],
  ];
  it.each(rows)('%s', (_what, remembered, now, expected) => {
    expect(verdictOf(all, remembered, now)).toBe(expected);
  });
});

describe('a window', () => {
  const night = { days: ['fri'] as 'fri'[], from: '22:00', to: '06:00', zone: 'Europe/Berlin' };
  it.each([
    ['before it begins', '2026-11-27T20:59:00Z', false],
    ['when it begins', '2026-11-27T21:00:00Z', true],
    ['after midnight it is still that of Friday', '2026-11-28T04:59:00Z', true],
    ['when it ends', '2026-11-28T05:00:00Z', false],
    ["on Saturday's evening", '2026-11-28T22:00:00Z', false],
    ["on Friday's early morning, which is Thursday's", '2026-11-27T03:00:00Z', false],
  ])('of a night: %s', (_what, at, expected) => {
    expect(isWithin(night, new Date(at))).toBe(expected);
  });

  it('goes by the clock on the wall, whatever the season', () => {
    const morning = { from: '02:30', to: '02:45', zone: 'Europe/Berlin' };
    const inIt = (at: string) => isWithin(morning, new Date(at));
    // In spring that quarter of an hour is left out, in autumn it comes twice.
    expect(['2027-03-28T00:35:00Z', '2027-03-28T01:35:00Z'].map(inIt)).toEqual([false, false]);
    expect(['2026-10-25T00:35:00Z', '2026-10-25T01:35:00Z'].map(inIt)).toEqual([true, true]);
  });

  it('that ends when it begins lasts a day', () => {
    const day = { days: ['mon'] as 'mon'[], from: '08:00', to: '08:00', zone: 'Etc/UTC' };
    const inIt = (at: string) => isWithin(day, new Date(at));
    expect(
      ['2026-11-23T07:59:00Z', '2026-11-23T08:00:00Z', '2026-11-24T07:59:00Z', '2026-11-24T08:00:00Z'].map(inIt),
    ).toEqual([false, true, true, false]);
  });
});

describe('a rule is refused', () => {
  it.each([
    ['without a condition', { when: {} }, 'names at least one condition'],
    ['with 21', { when: { all: Array(11).fill(yes), none: Array(10).fill(no) } }, 'names at most 20 conditions'],
    ['without an action', { actions: [] }, 'Too small'],
    ['with a debounce of more than a day', { debounce_ms: 86_400_001 }, 'Too big'],
    ['with a zone there is not', { quiet_hours: { from: '22:00', to: '06:00', zone: 'Nowhere' } }, 'IANA name'],
  ])('%s', (_what, more, says) => {
    expect(() => rule(more)).toThrow(says);
  });
});
