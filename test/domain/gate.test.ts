// The replay gate of DESIGN section 5 over all 256 combinations of its facts.
import { describe, expect, it, test } from 'vitest';
import { BLOCKED_REASONS, BLOCKED_TEXT, type GateFacts, gate } from '../../src/domain/gate/gate.ts';

/** The reasons in the order of the design, each with the letter the table names it by. */
const REASONS = {
  a: 'already-posted',
  b: 'still-running',
  c: 'canceled-not-replayable',
  d: 'handoff-not-replayable',
  e: 'target_repair_required',
  f: 'review_not_approved',
  g: 'not-connected',
  h: 'x-media-capability-missing',
} as const;

/** For every combination of facts, counted up in binary with `posted` as the highest bit: the reasons in their order. */
const TABLE = `
- h g gh f fh fg fgh e eh eg egh ef efh efg efgh d dh dg dgh df dfh dfg dfgh de deh deg degh def defh defg defgh
c ch cg cgh cf cfh cfg cfgh ce ceh ceg cegh cef cefh cefg cefgh cd cdh cdg cdgh cdf cdfh cdfg cdfgh cde cdeh
cdeg cdegh cdef cdefh cdefg cdefgh b bh bg bgh bf bfh bfg bfgh be beh beg begh bef befh befg befgh bd bdh bdg
bdgh bdf bdfh bdfg bdfgh bde bdeh bdeg bdegh bdef bdefh bdefg bdefgh bc bch bcg bcgh bcf bcfh bcfg bcfgh bce
bceh bceg bcegh bcef bcefh bcefg bcefgh bcd bcdh bcdg bcdgh bcdf bcdfh bcdfg bcdfgh bcde bcdeh bcdeg bcdegh
bcdef bcdefh bcdefg bcdefgh a ah ag agh af afh afg afgh ae aeh aeg aegh aef aefh aefg aefgh ad adh adg adgh adf
adfh adfg adfgh ade adeh adeg adegh adef adefh adefg adefgh ac ach acg acgh acf acfh acfg acfgh ace aceh aceg
acegh acef acefh acefg acefgh acd acdh acdg acdgh acdf acdfh acdfg acdfgh acde acdeh acdeg acdegh acdef acdefh
acdefg acdefgh ab abh abg abgh abf abfh abfg abfgh abe abeh abeg abegh abef abefh abefg abefgh abd abdh abdg
abdgh abdf abdfh abdfg abdfgh abde abdeh abdeg abdegh abdef abdefh abdefg abdefgh abc abch abcg abcgh abcf abcfh
abcfg abcfgh abce abceh abceg abcegh abcef abcefh abcefg abcefgh abcd abcdh abcdg abcdgh abcdf abcdfh abcdfg
abcdfgh abcde abcdeh abcdeg abcdegh abcdef abcdefh abcdefg abcdefgh
`
  .trim()
  .split(/\s+/);

function factsOf(row: number): GateFacts {
  const bit = (value: number) => (row & value) !== 0;
  return {
    posted: bit(128),
    running: bit(64),
    canceled: bit(32),
    handoff: bit(16),
    targetBroken: bit(8),
    approvalMissing: bit(4),
    disconnected: bit(2),
    xMediaCapabilityMissing: bit(1),
  };
}

function reasonsOf(word: string): string[] {
  return [...word].map((letter) => Reflect.get(REASONS, letter));
}

test('the table covers every combination once', () => {
  expect(TABLE).toHaveLength(256);
  expect(new Set(TABLE).size).toBe(256);
});

test('the reasons stand in the order of the design', () => {
  expect(BLOCKED_REASONS).toEqual(Object.values(REASONS));
});

describe('the gate', () => {
  it('lets a replay pass when nothing holds', () => {
    expect(gate(factsOf(0))).toEqual({ verdict: 'replayable' });
  });

  it('names the first reason and all that hold, for every other combination', () => {
    for (let row = 1; row < 256; row += 1) {
      const reasons = reasonsOf(TABLE[row] ?? '');
      expect(gate(factsOf(row)), `row ${row}`).toEqual({ verdict: 'blocked', reason: reasons[0], reasons });
    }
  });

  it.each(Object.values(REASONS))('says what %s means in a sentence or two', (reason) => {
    expect(BLOCKED_TEXT[reason]).toMatch(/^[A-Z].{20,}\.$/);
  });
});
