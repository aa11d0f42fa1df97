// The causes of DESIGN section 4: every code with its bucket and its next action, and what counts as a cause.
import { describe, expect, it, test } from 'vitest';
import { CAUSE_CODES, CAUSE_SOURCES, CAUSES, cause, causeSchema, STAGES } from '../../src/domain/causes/causes.ts';

/** Code, bucket, next action. */
const TABLE = [
  ['permissions_missing', 'permissions_missing', 'reconnect_account'],
  ['reconnect_required', 'reconnect_required', 'reconnect_account'],
  ['auth_failed', 'auth_failed', 'reconnect_account'],
  ['auth_expired', 'auth_expired', 'reconnect_account'],
  ['media_invalid', 'media_invalid', 'review_media'],
  ['rate_limited', 'rate_limited', 'retry_later'],
  ['publish_failed', 'publish_failed', 'replay_publish'],
  ['child_create_failed', 'child_create_failed', 'review_media'],
  ['child_processing_timeout', 'child_processing_timeout', 'replay_publish'],
  ['parent_create_failed', 'parent_create_failed', 'replay_publish'],
  ['unknown', 'unknown', 'replay_publish'],
  ['tiktok_private_account_required', 'publish_failed', 'none'],
  ['pinterest_forbidden', 'permissions_missing', 'reconnect_account'],
  ['x_media_capability_missing', 'permissions_missing', 'reconnect_account'],
  ['x_media_upload_scope_missing', 'permissions_missing', 'reconnect_account'],
] as const;

const FACTS = { source: 'status_only', platform: 'x', stage: 'create', externalText: 'No.', rawText: '' } as const;

test('there are exactly these fifteen causes, in this order', () => {
  expect(Object.keys(CAUSES)).toEqual(TABLE.map(([code]) => code));
  expect(CAUSE_CODES.options).toEqual(TABLE.map(([code]) => code));
});

test.each(TABLE)('%s counts under %s and asks for %s', (code, bucket, action) => {
  expect(CAUSES[code]).toMatchObject({ bucket, action });
  expect(CAUSES[code].means).toMatch(/^[A-Z].+\.$/);
  expect(cause({ code, ...FACTS })).toEqual({ code, bucket, ...FACTS });
});

test('a cause was found by a signature, a bucket or a state, at one of seven stages', () => {
  expect(CAUSE_SOURCES).toEqual(['raw_error_signature', 'normalized_bucket', 'status_only']);
  expect(STAGES).toEqual(['gate', 'grant', 'media', 'child', 'parent', 'create', 'reconcile']);
});

describe('what is read back as a cause', () => {
  const known = cause({ code: 'rate_limited', ...FACTS, httpStatus: 429, resumeAt: '2026-12-01T09:00:00.000Z' });

  it('is a cause as it was written', () => {
    expect(causeSchema.parse(JSON.parse(JSON.stringify(known)))).toEqual(known);
  });

  it.each([
    ['an unknown code', { ...known, code: 'gremlins' }],
    ['an unknown stage', { ...known, stage: 'lunch' }],
    ['an unknown source', { ...known, source: 'guess' }],
    ['a resume time that is none', { ...known, resumeAt: 'soon' }],
    ['a key of its own', { ...known, token: 'secret' }],
    ['a missing text', { ...known, externalText: undefined }],
  ])('is nothing with %s', (_, value) => {
    expect(causeSchema.safeParse(value).success).toBe(false);
  });
});
