// Every refusal of the reference's table, written out by hand, with the cause an operator must see.
import { expect, test } from 'vitest';
import type { CauseCode, CauseSource, Stage } from '../../../src/domain/causes/causes.ts';
import { classifyAnswer, isExpired, isWorded, SIGNATURES } from '../../../src/platforms/ghost/errors.ts';
import type { HttpAnswer } from '../../../src/transport/exchange.ts';

const grant = { accessToken: `${'6'.repeat(24)}:${'a1'.repeat(32)}` };
const session = { grant, now: () => new Date('2026-06-01T12:00:00Z') };

function answer(status: number, body: string, headers: Record<string, string> = {}): HttpAnswer {
  return { kind: 'answer', status, headers, body: new TextEncoder().encode(body) };
}

/** Field by field as Ghost 6.65.0 was seen to write it. */
const ghost = (type: string, code: string | null, message: string, context: string | null = null) =>
  JSON.stringify({
    errors: [
      { message, context, type, details: null, property: null, help: null, code, id: 'a-b', ghostErrorCode: null },
    ],
  });

const NOBODY =
  'Unable to determine the authenticated user or integration. Check that cookies are being passed through if using session authentication.';

type Row = readonly [
  stage: Stage,
  status: number,
  type: string,
  code: string | null,
  message: string,
  cause: CauseCode,
];

const TABLE: readonly Row[] = [
  ['create', 401, 'UnauthorizedError', 'UNKNOWN_ADMIN_API_KEY', 'Unknown Admin API Key', 'reconnect_required'],
  ['media', 401, 'UnauthorizedError', 'UNKNOWN_ADMIN_API_KEY', 'Unknown Admin API Key', 'reconnect_required'],
  ['create', 401, 'UnauthorizedError', 'INVALID_JWT', 'Invalid token: jwt expired', 'auth_failed'],
  ['create', 401, 'UnauthorizedError', 'INVALID_JWT', 'Invalid token: invalid signature', 'auth_failed'],
  ['create', 401, 'UnauthorizedError', 'INVALID_JWT', 'Invalid token: jwt audience invalid', 'auth_failed'],
  ['create', 400, 'BadRequestError', 'INVALID_JWT', 'Invalid token', 'auth_failed'],
  ['create', 401, 'UnauthorizedError', 'INVALID_AUTH_HEADER', 'Authorization header format is "…"', 'auth_failed'],
  ['create', 401, 'UnauthorizedError', 'INVALID_API_KEY_TYPE', 'Invalid API Key type', 'auth_failed'],
  ['create', 400, 'BadRequestError', 'MISSING_ADMIN_API_KID', 'Admin API kid missing.', 'auth_failed'],
  [
    'create',
    403,
    'NoPermissionError',
    null,
    'API tokens do not have permission to access this endpoint',
    'permissions_missing',
  ],
  ['create', 403, 'NoPermissionError', null, `Authorization failed. ${NOBODY}`, 'auth_failed'],
  ['create', 403, 'HostLimitError', null, 'Upgrade to publish more.', 'permissions_missing'],
  ['create', 404, 'NotFoundError', null, 'Resource not found error, cannot edit post.', 'publish_failed'],
  ['parent', 404, 'NotFoundError', null, 'Resource not found error, cannot read post.', 'parent_create_failed'],
  [
    'create',
    409,
    'UpdateCollisionError',
    'UPDATE_COLLISION',
    'Saving failed! Someone else is editing this post.',
    'publish_failed',
  ],
  ['media', 413, 'RequestEntityTooLargeError', null, 'Request was too big', 'media_invalid'],
  ['media', 415, 'UnsupportedMediaTypeError', null, 'Please select a valid image.', 'media_invalid'],
  ['media', 422, 'ValidationError', null, 'Please select an image.', 'media_invalid'],
  ['parent', 422, 'ValidationError', null, 'Validation error, cannot save post.', 'publish_failed'],
  ['create', 422, 'ValidationError', null, 'Validation error, cannot edit post.', 'publish_failed'],
  ['create', 429, 'TooManyRequestsError', null, 'Too many requests', 'rate_limited'],
  ['media', 500, 'InternalServerError', null, 'An unexpected error occurred, please try again.', 'unknown'],
  ['media', 503, 'MaintenanceError', null, 'Site is currently undergoing maintenance', 'unknown'],
];

test.each(TABLE)('at %s, %i %s %s "%s" is %s', (stage, status, type, code, message, expected) => {
  const { cause, lies, app } = classifyAnswer(answer(status, ghost(type, code, message)), stage, session);
  expect(cause).toMatchObject({
    code: expected,
    source: 'raw_error_signature',
    platform: 'ghost',
    stage,
    httpStatus: status,
  });
  expect(cause.externalText).toBe(message);
  // Of all refusals only this one may speak of a post that is live: somebody has published it.
  expect(lies).toBe(code === 'UPDATE_COLLISION');
  expect(app).toBe(false);
});

test('each row of the table of signatures is met by a row above', () => {
  const met = SIGNATURES.filter((row) =>
    TABLE.some(
      ([stage, status, type, code, message]) =>
        row.status?.includes(status) === true &&
        (row.code === undefined || row.code.includes(type)) &&
        (row.subcode === undefined || (code !== null && row.subcode.includes(code))) &&
        (row.stage === undefined || row.stage.includes(stage)) &&
        message.toLowerCase().includes(row.message ?? ''),
    ),
  );
  expect(met).toHaveLength(SIGNATURES.length);
});

const UNNAMED: readonly (readonly [Stage, number, string, CauseCode, CauseSource])[] = [
  ['create', 401, '<html>sign in</html>', 'auth_failed', 'normalized_bucket'],
  ['create', 403, '<html>forbidden</html>', 'permissions_missing', 'normalized_bucket'],
  ['media', 413, '<html>413 Request Entity Too Large</html>', 'media_invalid', 'normalized_bucket'],
  ['create', 429, '', 'rate_limited', 'normalized_bucket'],
  ['create', 404, '<html>not here</html>', 'publish_failed', 'status_only'],
  ['create', 400, ghost('NewError', null, '?'), 'publish_failed', 'status_only'],
  ['media', 400, ghost('NewError', null, '?'), 'child_create_failed', 'status_only'],
  ['reconcile', 404, ghost('NotFoundError', null, '?'), 'unknown', 'raw_error_signature'],
];

test.each(UNNAMED)('at %s, %i with the body %s is %s', (stage, status, body, code, source) => {
  expect(classifyAnswer(answer(status, body), stage, session).cause).toMatchObject({ code, source });
});

test('the context of a refusal says what the message does not', () => {
  const body = ghost(
    'ValidationError',
    null,
    'Validation error, cannot save post.',
    'Value in [posts.title] exceeds maximum length of 255 characters.',
  );
  expect(classifyAnswer(answer(422, body), 'parent', session).cause.externalText).toBe(
    'Validation error, cannot save post. Value in [posts.title] exceeds maximum length of 255 characters.',
  );
});

test.each([
  ['a page', 403, '<html>forbidden</html>'],
  ['another program’s JSON', 404, '{"error":"Not Found"}'],
  ['an empty list of errors', 400, '{"errors":[]}'],
  ['an error without a type', 400, '{"errors":[{"message":"no"}]}'],
])('%s is not Ghost’s word', (_, status, body) => {
  expect(isWorded(answer(status, body))).toBe(false);
});

test('a throttle is believed whoever words it, and says until when', () => {
  expect(isWorded(answer(429, '<html>slow down</html>'))).toBe(true);
  const until = (headers: Record<string, string>) =>
    classifyAnswer(answer(429, '', headers), 'create', session).cause.resumeAt;
  expect(until({ 'retry-after': '120' })).toBe('2026-06-01T12:02:00.000Z');
  expect(until({ 'retry-after': 'Mon, 01 Jun 2026 12:03:00 GMT' })).toBe('2026-06-01T12:03:00.000Z');
  expect(until({})).toBe('2026-06-01T12:05:00.000Z');
  expect(until({ 'retry-after': '99999999' })).toBe('2026-06-01T12:05:00.000Z');
});

test('only a token that is too old is signed anew', () => {
  expect(isExpired(answer(401, ghost('UnauthorizedError', 'INVALID_JWT', 'Invalid token: jwt expired')))).toBe(true);
  expect(isExpired(answer(401, ghost('UnauthorizedError', 'INVALID_JWT', 'Invalid token: invalid signature')))).toBe(
    false,
  );
});

test('no key survives into a text', () => {
  const { cause } = classifyAnswer(
    answer(422, ghost('ValidationError', null, `Bad key ${grant.accessToken}`)),
    'create',
    session,
  );
  expect(cause.externalText).not.toContain(grant.accessToken);
  expect(cause.rawText).not.toContain(grant.accessToken);
});
