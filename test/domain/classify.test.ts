// The classifier (DESIGN section 4): signatures first, then the bucket of the status, then the stage alone.
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { STAGES, type Stage } from '../../src/domain/causes/causes.ts';
import { causeOfStage, classify, type ErrorFacts, type Signature } from '../../src/domain/causes/classify.ts';

const FACTS: ErrorFacts = { platform: 'x', stage: 'create', message: 'Something went wrong.', raw: '{}' };
const codeAndSource = (facts: Partial<ErrorFacts>, signatures: readonly Signature[] = []) => {
  const { cause } = classify({ ...FACTS, ...facts }, signatures);
  return [cause.code, cause.source];
};

/** What a status alone says; every other status says nothing of its own. */
const BUCKETS: Readonly<Record<number, string>> = {
  401: 'auth_failed',
  403: 'permissions_missing',
  413: 'media_invalid',
  415: 'media_invalid',
  429: 'rate_limited',
};

/** What a stage says when the status has no bucket. */
const BY_STAGE: Readonly<Record<Stage, string>> = {
  gate: 'unknown',
  grant: 'unknown',
  media: 'child_create_failed',
  child: 'child_create_failed',
  parent: 'parent_create_failed',
  create: 'publish_failed',
  reconcile: 'unknown',
};

test.each(STAGES)('without a signature, at stage %s, every status from 100 to 599 has its cause', (stage) => {
  for (let httpStatus = 100; httpStatus < 600; httpStatus += 1) {
    const bucket = BUCKETS[httpStatus];
    const expected = bucket ? [bucket, 'normalized_bucket'] : [BY_STAGE[stage], 'status_only'];
    expect(codeAndSource({ stage, httpStatus }), String(httpStatus)).toEqual(expected);
  }
});

test.each(STAGES)('without even a status, at stage %s, the cause is unknown', (stage) => {
  expect(codeAndSource({ stage })).toEqual(['unknown', 'status_only']);
  expect(causeOfStage(stage)).toBe(BY_STAGE[stage]);
});

describe('a signature', () => {
  const ROWS: readonly Signature[] = [
    { status: [403], code: ['dup'], cause: 'publish_failed', lies: true },
    { status: [403], stage: ['media'], cause: 'x_media_capability_missing' },
    { status: [403, 400], subcode: ['186'], cause: 'media_invalid' },
    { message: 'Too Long', cause: (stage) => (stage === 'parent' ? 'parent_create_failed' : 'publish_failed') },
    { status: [400], cause: 'child_processing_timeout' },
    { code: ['dup'], cause: 'reconnect_required' },
  ];
  const found = 'raw_error_signature';

  it.each<[string, Partial<ErrorFacts>, string, string]>([
    ['comes before the bucket of its status', { httpStatus: 403, stage: 'media' }, 'x_media_capability_missing', found],
    ['is the first that matches, not the last', { httpStatus: 403, code: 'dup' }, 'publish_failed', found],
    ['holds only with all its conditions', { httpStatus: 400, code: 'dup' }, 'child_processing_timeout', found],
    ['may leave the status open', { httpStatus: 500, code: 'dup' }, 'reconnect_required', found],
    ['matches any of several statuses', { httpStatus: 400, subcode: '186' }, 'media_invalid', found],
    ['compares the subcode whole', { httpStatus: 403, subcode: '1860' }, 'permissions_missing', 'normalized_bucket'],
    ['compares the code whole', { httpStatus: 403, code: 'duplicate' }, 'permissions_missing', 'normalized_bucket'],
    ['finds words in any case', { httpStatus: 403, message: 'text is TOO LONG here' }, 'publish_failed', found],
    ['may decide by stage', { stage: 'parent', message: 'too long' }, 'parent_create_failed', found],
    [
      'never reads the raw body',
      { httpStatus: 403, raw: '{"code":"dup","message":"too long"}' },
      'permissions_missing',
      'normalized_bucket',
    ],
    ['needs a status where it names one', { stage: 'media' }, 'unknown', 'status_only'],
  ])('%s', (_, facts, code, source) => {
    expect(codeAndSource(facts, ROWS)).toEqual([code, source]);
  });

  it('says when the platform is known to lie, and otherwise not', () => {
    expect(classify({ ...FACTS, httpStatus: 403, code: 'dup' }, ROWS).lies).toBe(true);
    expect(classify({ ...FACTS, httpStatus: 400 }, ROWS).lies).toBe(false);
    expect(classify({ ...FACTS, httpStatus: 429 }, ROWS).lies).toBe(false);
  });
});

test('the cause carries the facts, cut to size and fit to be stored', () => {
  const resumeAt = '2026-12-01T09:00:00.000Z';
  const message = `${'m'.repeat(499)}😀 and more`;
  const raw = `nul \u0000 lone \ud800 ${'r'.repeat(5_000)}`;
  const { cause } = classify({ ...FACTS, stage: 'media', httpStatus: 429, message, raw, resumeAt }, []);
  expect(cause).toMatchObject({
    platform: 'x',
    stage: 'media',
    httpStatus: 429,
    resumeAt,
    bucket: 'rate_limited',
    externalText: `${'m'.repeat(499)}\ufffd`,
  });
  expect(cause.rawText).toMatch(/^nul {2}lone \ufffd r+$/);
  expect(cause.rawText).toHaveLength(4_000);
});

test('it never throws, and always names one of the causes', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const facts = fc.record(
    {
      stage: fc.constantFrom(...STAGES),
      httpStatus: fc.oneof(fc.integer(), fc.constant(Number.NaN)),
      code: text,
      subcode: text,
      message: text,
      raw: text,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(facts, text, (given, wanted) => {
      const { cause } = classify({ ...FACTS, ...given }, [{ message: wanted, code: [wanted], cause: 'auth_failed' }]);
      expect(cause.code).toMatch(/^[a-z_]+$/);
      expect(cause.externalText.isWellFormed()).toBe(true);
    }),
  );
});
