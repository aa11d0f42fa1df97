// Every refusal of the reference's table, written out by hand, with the cause an operator must see.
import { expect, test } from 'vitest';
import type { CauseCode, CauseSource, Stage } from '../../../src/domain/causes/causes.ts';
import { classifyAnswer, isDoubted, isWorded, SIGNATURES } from '../../../src/platforms/bluesky/errors.ts';
import type { HttpAnswer } from '../../../src/transport/exchange.ts';

const grant = { accessToken: 'eyJhbGciOi.access-token-of-alice.sig', password: 'abcd-efgh-ijkl-mnop' };
const session = { grant, now: () => new Date('2026-06-01T12:00:00Z') };

function answer(status: number, body: string, headers: Record<string, string> = {}): HttpAnswer {
  return { kind: 'answer', status, headers, body: new TextEncoder().encode(body) };
}

const xrpc = (error: string, message: string) => JSON.stringify({ error, message });
const invalid = (detail: string) => `Invalid app.bsky.feed.post record: ${detail}`;

type Row = readonly [stage: Stage, status: number, error: string, message: string, code: CauseCode];

const TABLE: readonly Row[] = [
  ['create', 400, 'ExpiredToken', 'Token has expired', 'auth_expired'],
  ['create', 401, 'ExpiredToken', 'Token has expired', 'auth_expired'],
  ['media', 400, 'ExpiredToken', 'Token has expired', 'auth_expired'],
  ['grant', 400, 'ExpiredToken', 'Token has been revoked', 'reconnect_required'],
  ['create', 400, 'InvalidToken', 'Token could not be verified', 'auth_failed'],
  ['create', 401, 'InvalidToken', 'Token could not be verified', 'auth_failed'],
  ['grant', 400, 'InvalidToken', 'Invalid token type', 'auth_failed'],
  ['create', 401, 'AuthMissing', 'Authentication Required', 'auth_failed'],
  ['create', 401, 'AuthenticationRequired', 'Authentication Required', 'auth_failed'],
  ['grant', 401, 'AuthenticationRequired', 'Invalid identifier or password', 'auth_failed'],
  ['create', 401, 'AccountTakedown', 'Account has been taken down', 'reconnect_required'],
  ['create', 401, 'AccountDeactivated', 'Account is deactivated', 'reconnect_required'],
  ['create', 403, 'AccountNotFound', 'Account not found', 'reconnect_required'],
  ['grant', 400, 'InvalidRequest', 'Could not find user info for account: did:plc:a', 'reconnect_required'],
  ['create', 403, 'ScopeMissingError', 'Missing required scope "repo:app.bsky.feed.post"', 'permissions_missing'],
  [
    'create',
    400,
    'InvalidRequest',
    invalid('grapheme too big (maximum 300, got 301) at $.record.text'),
    'publish_failed',
  ],
  [
    'create',
    400,
    'InvalidRequest',
    invalid('string too big (maximum 3000, got 3200) at $.record.text'),
    'publish_failed',
  ],
  [
    'create',
    400,
    'InvalidRequest',
    invalid('array too big (maximum 4, got 5) at $.record.embed.images'),
    'media_invalid',
  ],
  [
    'create',
    400,
    'InvalidRequest',
    invalid('blob too big (maximum 2000000, got 3000000) at $.record.embed.images[0].image'),
    'media_invalid',
  ],
  ['create', 400, 'InvalidRequest', invalid('Missing required key "alt" at $.record.embed.images[0]'), 'media_invalid'],
  [
    'create',
    400,
    'InvalidRequest',
    invalid('Expected "video/mp4" (got "image/png") at $.record.embed.video.mimeType'),
    'media_invalid',
  ],
  [
    'create',
    400,
    'InvalidRequest',
    'Invalid record key for app.bsky.feed.post: Invalid TID string at $',
    'publish_failed',
  ],
  ['media', 400, 'InvalidRequest', 'Blob has been takendown, cannot re-upload', 'media_invalid'],
  ['parent', 400, 'InvalidRequest', 'Unable to resolve handle', 'parent_create_failed'],
  ['reconcile', 400, 'InvalidRequest', 'Could not locate record', 'unknown'],
  ['create', 400, 'BlobNotFound', 'Could not find blob: bafkrei', 'child_create_failed'],
  ['media', 413, 'PayloadTooLarge', 'request entity too large', 'media_invalid'],
  ['create', 413, 'PayloadTooLargeError', 'request entity too large', 'media_invalid'],
  [
    'media',
    400,
    'BlobTooLarge',
    'This file is too large. It is 1.47MB but the maximum size is 976.56KB.',
    'media_invalid',
  ],
  ['create', 404, 'XRPCNotSupported', 'XRPC Not Supported', 'publish_failed'],
  ['media', 404, 'XRPCNotSupported', 'XRPC Not Supported', 'child_create_failed'],
  ['create', 400, 'InvalidSwap', 'Record was at bafyrei', 'publish_failed'],
  ['create', 400, 'InvalidSwap', 'Commit was at bafyrei', 'publish_failed'],
  ['create', 400, 'InvalidMimeType', 'Referenced Mimetype does not match stored blob.', 'media_invalid'],
  ['create', 400, 'InvalidSize', 'Referenced Size does not match stored blob.', 'media_invalid'],
  ['create', 429, 'RateLimitExceeded', 'Rate Limit Exceeded', 'rate_limited'],
  ['media', 429, 'RateLimitExceeded', 'Rate Limit Exceeded', 'rate_limited'],
  ['media', 500, 'InternalServerError', 'Internal Server Error', 'unknown'],
  ['media', 501, 'MethodNotImplemented', 'Method Not Implemented', 'unknown'],
  ['media', 502, 'UpstreamFailure', 'Upstream Failure', 'unknown'],
  ['media', 503, 'NotEnoughResources', 'Not Enough Resources', 'unknown'],
  ['media', 504, 'UpstreamTimeout', 'Upstream Timeout', 'unknown'],
];

test.each(TABLE)('at %s, %i %s "%s" is %s', (stage, status, error, message, code) => {
  const { cause, lies: lying, app } = classifyAnswer(answer(status, xrpc(error, message)), stage, session);
  expect(cause).toMatchObject({ code, source: 'raw_error_signature', platform: 'bluesky', stage, httpStatus: status });
  expect(cause.externalText.endsWith(`${error}: ${message}`)).toBe(true);
  // Of all refusals only this one may speak of a post that is live: our own.
  expect(lying).toBe(error === 'InvalidSwap');
  // And only this one is the server's, whichever account it is asked for.
  expect(app).toBe(error === 'XRPCNotSupported');
});

test('each row of the table of signatures is met by a row above', () => {
  const met = SIGNATURES.filter((row) =>
    TABLE.some(
      ([stage, status, error, message]) =>
        row.status?.includes(status) === true &&
        row.code?.includes(error) === true &&
        (row.stage === undefined || row.stage.includes(stage)) &&
        message.toLowerCase().includes(row.message ?? ''),
    ),
  );
  expect(met).toHaveLength(SIGNATURES.length);
});

const UNNAMED: readonly (readonly [Stage, number, string, CauseCode, CauseSource])[] = [
  ['create', 401, '<html>sign in</html>', 'auth_failed', 'normalized_bucket'],
  ['create', 403, '<html>forbidden</html>', 'permissions_missing', 'normalized_bucket'],
  ['media', 413, 'too large', 'media_invalid', 'normalized_bucket'],
  ['create', 429, '', 'rate_limited', 'normalized_bucket'],
  ['create', 404, '<html>not here</html>', 'publish_failed', 'status_only'],
  ['create', 400, '{"error":"SomethingNew","message":"?"}', 'publish_failed', 'status_only'],
  ['media', 400, '{"error":"SomethingNew","message":"?"}', 'child_create_failed', 'status_only'],
  ['reconcile', 400, '{"error":"SomethingNew","message":"?"}', 'unknown', 'status_only'],
  ['create', 400, '{"message":"no name"}', 'publish_failed', 'status_only'],
  ['create', 400, '[]', 'publish_failed', 'status_only'],
];

test.each(UNNAMED)('at %s, %i with the body %s is %s', (stage, status, body, code, source) => {
  expect(classifyAnswer(answer(status, body), stage, session).cause).toMatchObject({ code, source });
});

test('a throttled answer says until when, any other does not', () => {
  const reset = { 'ratelimit-reset': String(Date.parse('2026-06-01T12:03:20Z') / 1_000) };
  const throttled = answer(429, xrpc('RateLimitExceeded', 'Rate Limit Exceeded'), reset);
  expect(classifyAnswer(throttled, 'create', session).cause.resumeAt).toBe('2026-06-01T12:03:20.000Z');
  const refused = answer(400, xrpc('InvalidToken', 'no'), reset);
  expect(classifyAnswer(refused, 'create', session).cause).not.toHaveProperty('resumeAt');
});

test('a limit of the server is told in words', () => {
  const message = invalid('blob too big (maximum 1000000, got 1500000) at $.record.embed.images[0].image');
  expect(classifyAnswer(answer(400, xrpc('InvalidRequest', message)), 'create', session).cause.externalText).toBe(
    `This server takes at most 1,000,000 bytes for it, and it has 1,500,000: make it smaller. InvalidRequest: ${message}`,
  );
});

const FORMS: readonly (readonly [string, string, string])[] = [
  ['the protocol’s', '{"error":"InvalidToken","message":"Bad token"}', 'InvalidToken: Bad token'],
  ['the protocol’s, without a message', '{"error":"InvalidToken"}', 'InvalidToken'],
  ['the protocol’s, with an empty one', '{"error":"InvalidToken","message":null}', 'InvalidToken'],
  ['OAuth’s', '{"error":"InvalidToken","error_description":"Bad token"}', 'InvalidToken: Bad token'],
];

test.each(FORMS)('a body in %s form is read', (_, body, told) => {
  const { cause } = classifyAnswer(answer(400, body), 'create', session);
  expect(cause).toMatchObject({ code: 'auth_failed', source: 'raw_error_signature', externalText: told });
  expect(isWorded(answer(400, body))).toBe(true);
});

const NOBODYS: readonly (readonly [string, number, string, Record<string, string>])[] = [
  ['a page', 403, '<html>forbidden</html>', {}],
  ['a page that is not found', 404, '<html>not here</html>', {}],
  ['a body limit of nginx', 413, '<html>413 Request Entity Too Large</html>', {}],
  ['a 401 of nobody', 401, '<html>sign in</html>', {}],
  ['a gateway’s password prompt', 401, '', { 'www-authenticate': 'Basic realm="staff"' }],
  ['a framework’s body', 404, '{"status":404,"error":"Not Found","path":"/xrpc"}', {}],
  ['a cloud gateway’s body', 403, '{"message":"Forbidden"}', {}],
  ['an empty name', 400, '{"error":""}', {}],
  ['a gateway’s name for its status', 401, '{"error":"Unauthorized","message":"Unauthorized"}', {}],
  ['another one’s', 403, '{"error":"forbidden"}', {}],
  ['one of two words', 404, '{"error":"not_found","message":"no upstream"}', {}],
  ['one for a bad request', 400, '{"error":"BadRequest"}', {}],
];

test.each(NOBODYS)('%s is not the word of the PDS', (_, status, body, headers) => {
  expect(isWorded(answer(status, body, headers))).toBe(false);
});

test('a challenge beside a 401 and a throttle are, whatever the body', () => {
  expect(isWorded(answer(401, '', { 'www-authenticate': 'DPoP error="invalid_token"' }))).toBe(true);
  expect(isWorded(answer(401, '', { 'www-authenticate': 'Bearer' }))).toBe(true);
  expect(isWorded(answer(429, ''))).toBe(true);
});

test('a name that says no more than a firewall would is doubted, one that tells why is not', () => {
  expect(isDoubted(answer(403, xrpc('Forbidden', 'Forbidden')))).toBe(true);
  expect(isDoubted(answer(403, xrpc('ScopeMissingError', 'no')))).toBe(false);
});

test('a throttle names its window: the stage’s own, or the one of the call', () => {
  const throttled = answer(429, xrpc('RateLimitExceeded', 'Rate Limit Exceeded'));
  const windowOf = (...call: [Stage] | [Stage, 'read']) =>
    classifyAnswer(throttled, call[0], session, call[1]).cause.window;
  expect(windowOf('create')).toBe('create');
  expect(windowOf('media')).toBe('upload');
  expect(windowOf('grant')).toBe('token');
  expect(windowOf('reconcile')).toBe('read');
  expect(windowOf('parent', 'read')).toBe('read');
});

test('no token and no app password of the grant survives into a text', () => {
  const echo = `Bad request: Bearer ${grant.accessToken} and ${grant.password}`;
  const { cause } = classifyAnswer(answer(400, xrpc('InvalidRequest', echo)), 'create', session);
  for (const secret of [grant.accessToken, grant.password]) {
    expect(cause.externalText).not.toContain(secret);
    expect(cause.rawText).not.toContain(secret);
  }
});
