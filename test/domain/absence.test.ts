// When a post that a look did not find may be called absent (law 4): after the deadline and the horizon, twice, apart.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { judgeMiss, type MissFacts } from '../../src/domain/reconcile/absence.ts';

const SECOND = 1_000;
/** Sent at 12:00:00, by 12:00:10 at the latest, visible 120 s later at 12:02:10, looks 30 s apart. */
const DEADLINE = Date.parse('2026-12-01T12:00:10Z');
const VISIBLE = DEADLINE + 120 * SECOND;
const FACTS = {
  sentMs: DEADLINE - 10 * SECOND,
  firstLookMs: 5 * SECOND,
  sendDeadlineMs: DEADLINE,
  horizonMs: 120 * SECOND,
  spacingMs: 30 * SECOND,
  looksNeeded: 2,
} as const;

const tooEarly = (beforeVisibleMs = 0) => ({ kind: 'too_early', lookAgainMs: VISIBLE - beforeVisibleMs });
const absent = { kind: 'absent' };
const counted = (misses: number, lastMissMs: number, lookAgainMs: number) => ({
  kind: 'counted',
  misses,
  lastMissMs,
  lookAgainMs,
});

/** Milliseconds from the instant at which the post must be visible; misses so far and when the last was; the verdict. */
const TABLE: readonly (readonly [string, number, number, number | null, object])[] = [
  ['a second after the send, when the first pause is over again', -129 * SECOND, 0, null, tooEarly(124 * SECOND)],
  [
    'at the deadline, ten seconds after the send, when ten more are over',
    -120 * SECOND,
    0,
    null,
    tooEarly(110 * SECOND),
  ],
  ['forty seconds after the send, when forty more are over', -90 * SECOND, 0, null, tooEarly(50 * SECOND)],
  ['eighty seconds after the send, at the horizon', -50 * SECOND, 0, null, tooEarly()],
  ['a millisecond before the horizon', -1, 0, null, tooEarly()],
  ['a millisecond before the horizon, whatever was counted', -1, 5, VISIBLE - 60 * SECOND, tooEarly()],
  ['at the horizon', 0, 0, null, counted(1, VISIBLE, VISIBLE + 30 * SECOND)],
  ['long after it', 86_400 * SECOND, 0, null, counted(1, VISIBLE + 86_400 * SECOND, VISIBLE + 86_430 * SECOND)],
  ['again at the same instant', 0, 1, VISIBLE, counted(1, VISIBLE, VISIBLE + 30 * SECOND)],
  ['again a millisecond too soon', 30 * SECOND - 1, 1, VISIBLE, counted(1, VISIBLE, VISIBLE + 30 * SECOND)],
  ['again as soon as allowed', 30 * SECOND, 1, VISIBLE, absent],
  ['again days later', 200_000 * SECOND, 1, VISIBLE, absent],
  [
    'a count without an instant counts anew',
    60 * SECOND,
    1,
    null,
    counted(1, VISIBLE + 60 * SECOND, VISIBLE + 90 * SECOND),
  ],
  [
    'an instant without a count counts anew',
    60 * SECOND,
    0,
    VISIBLE,
    counted(1, VISIBLE + 60 * SECOND, VISIBLE + 90 * SECOND),
  ],
];

describe('a look that did not find the post', () => {
  it.each(TABLE)('%s', (_, sinceVisibleMs, misses, lastMissMs, verdict) => {
    expect(judgeMiss({ ...FACTS, nowMs: VISIBLE + sinceVisibleMs, misses, lastMissMs })).toEqual(verdict);
  });
});

describe('where a repeated create is harmless', () => {
  it.each([
    ['before the deadline one miss says nothing', -121 * SECOND, tooEarly(112 * SECOND)],
    ['nor a millisecond before the horizon', -1, tooEarly()],
    ['at the horizon one miss is enough', 0, absent],
    ['and later too', 500 * SECOND, absent],
  ])('%s', (_, sinceVisibleMs, verdict) => {
    const facts = { ...FACTS, looksNeeded: 1, nowMs: VISIBLE + sinceVisibleMs, misses: 0, lastMissMs: null } as const;
    expect(judgeMiss(facts)).toEqual(verdict);
  });
});

const instant = fc.integer({ min: 0, max: 10_000_000 });
const span = fc.integer({ min: 1, max: 1_000_000 });
const anyFacts: fc.Arbitrary<MissFacts> = fc.record({
  nowMs: instant,
  sentMs: instant,
  firstLookMs: span,
  sendDeadlineMs: instant,
  horizonMs: span,
  spacingMs: span,
  looksNeeded: fc.constantFrom(1, 2),
  misses: fc.integer({ min: 0, max: 3 }),
  lastMissMs: fc.option(instant),
});

test('never absent before the horizon, nor without an earlier miss at least the spacing ago', () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      if (judgeMiss(facts).kind !== 'absent') return;
      expect(facts.nowMs).toBeGreaterThanOrEqual(facts.sendDeadlineMs + facts.horizonMs);
      if (facts.looksNeeded === 1) return;
      expect(facts.misses).toBeGreaterThanOrEqual(1);
      expect(facts.nowMs - (facts.lastMissMs ?? Number.POSITIVE_INFINITY)).toBeGreaterThanOrEqual(facts.spacingMs);
    }),
  );
});

test('whoever looks exactly when told gets an answer with the second look past the horizon, and never looks in the past', () => {
  fc.assert(
    fc.property(anyFacts, (first) => {
      // Nobody looks before the send; from there on the pauses double, so 64 looks pass any horizon.
      const sentMs = Math.min(first.sentMs, first.nowMs);
      let facts: MissFacts = { ...first, sentMs, misses: 0, lastMissMs: null };
      const counts: number[] = [];
      for (let looks = 0; looks < 64; looks += 1) {
        const verdict = judgeMiss(facts);
        if (verdict.kind === 'absent') break;
        expect(verdict.lookAgainMs).toBeGreaterThan(facts.nowMs);
        if (verdict.kind === 'counted') counts.push(verdict.misses);
        const seen = verdict.kind === 'counted' ? { misses: verdict.misses, lastMissMs: verdict.lastMissMs } : {};
        facts = { ...facts, ...seen, nowMs: verdict.lookAgainMs };
      }
      expect(judgeMiss(facts)).toEqual(absent);
      expect(counts).toEqual(facts.looksNeeded === 2 ? [1] : []);
    }),
  );
});
