// `text_reconciliation`: exactly the marked spans go or lose their markers, and nothing else changes.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readMarkers } from '../../../src/domain/pipeline/markers/read-markers.ts';
import { reconcileText } from '../../../src/domain/pipeline/markers/reconcile-text.ts';
import { type Asset, documents, factsOf, visualOf } from './documents.ts';

const RUNS = { numRuns: 400 };

describe('whatever the document', () => {
  test('what was made stays without its markers, what is optional goes whole, and every other byte is the same', () => {
    fc.assert(
      fc.property(documents({ missing: false }), ({ source, expected, assets }) => {
        const done = reconcileText(source, factsOf(assets));
        expect(done.kind === 'reconciled' ? done.text : done).toBe(expected);
        expect(Buffer.from(done.kind === 'reconciled' ? done.text : '').equals(Buffer.from(expected))).toBe(true);
        expect(readMarkers(expected)).toEqual({ spans: [], problems: [] });
      }),
      RUNS,
    );
  });

  test('what is required and was not made blocks, and all of it is listed', () => {
    fc.assert(
      fc.property(documents({ missing: true }), ({ source, assets }) => {
        const missing = assets.filter(({ made, required }) => required && !made).map(({ id }) => id);
        fc.pre(missing.length > 0);
        const done = reconcileText(source, factsOf(assets));
        expect(done.kind === 'blocked' && done.unmade.map(({ id }) => id).sort()).toEqual(missing);
      }),
      RUNS,
    );
  });
});

const asset = (changes: Partial<Asset> = {}): Asset => ({
  id: 'a',
  kind: 'image',
  required: false,
  made: false,
  ...changes,
});
const OPEN = '<!-- ZCP:ASSET id="a" kind="image" required="false" -->';
const CLOSE = '<!-- /ZCP:ASSET -->';

test('what is said where a required asset is missing names it, its place and every reason', () => {
  const source = `One.\n\n${OPEN.replace('false', 'true')}x${CLOSE}`;
  const { plan } = factsOf([asset({ required: true })]);
  const raw = visualOf('a', { source_kind: 'conceptual', normalized: false });
  expect(reconcileText(source, { plan, manifest: { visuals: [raw] } })).toEqual({
    kind: 'blocked',
    problems: [],
    unmade: [
      {
        id: 'a',
        at: { offset: 6, line: 3, column: 1 },
        reasons: ['conceptual_only', 'raw_only'],
        sentence:
          'The image "a" is required and does not count as made: it is conceptual and shows nothing real; it is only there as its job left it. Make it, or declare it as not required.',
      },
    ],
  });
});

test('what was kept and what went is told', () => {
  const source = `${OPEN}x${CLOSE}`;
  expect(reconcileText(source, factsOf([asset()]))).toEqual({
    kind: 'reconciled',
    text: '',
    kept: [],
    removed: [{ id: 'a', start: 0, end: source.length }],
  });
  expect(reconcileText(source, factsOf([asset({ made: true })]))).toMatchObject({
    text: 'x',
    kept: ['a'],
    removed: [],
  });
});

describe('nothing is changed where', () => {
  const codes = (source: string, facts: Parameters<typeof reconcileText>[1]) => {
    const done = reconcileText(source, facts);
    return done.kind === 'blocked' ? done.problems.map(({ code, line, column }) => `${code} ${line}:${column}`) : done;
  };

  it.each([
    ['the plan does not name an asset', [], ['not_planned 1:1']],
    ['the plan says another kind', [asset({ kind: 'proof' })], ['differs_from_plan 1:1']],
    ['the plan says another requirement', [asset({ required: true })], ['differs_from_plan 1:1']],
    ['the plan names more', [asset(), asset({ id: 'b' })], ['not_declared 1:1']],
  ])('%s', (_, assets, problems) => {
    expect(codes(`${OPEN}x${CLOSE}`, factsOf(assets))).toEqual(problems);
  });

  test('a marker is wrong', () => {
    expect(codes(`${OPEN}x`, factsOf([asset({ made: true })]))).toEqual(['unclosed 1:1']);
  });

  test('code would become a marker once the block before it is no HTML any more', () => {
    const source = `${OPEN} x ${CLOSE}\n    ${OPEN}\n`;
    expect(codes(source, factsOf([asset({ made: true })]))).toEqual(['uncovered 2:5']);
    const apart = source.replace('\n', '\n\n');
    expect(reconcileText(apart, factsOf([asset({ made: true })]))).toMatchObject({ text: ` x \n\n    ${OPEN}\n` });
  });
});
