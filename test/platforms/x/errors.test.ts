// X's table of errors, row by row as the platform reference writes it down: what X said, where, and what it means.
import { expect, test } from 'vitest';
import type { CauseCode, Stage } from '../../../src/domain/causes/causes.ts';
import { classify } from '../../../src/domain/causes/classify.ts';
import { SIGNATURES } from '../../../src/platforms/x/errors.ts';
import { causeOf, classifyAnswer, factsOf, isWorded, statedCause } from '../../../src/platforms/x/problem.ts';
import { ALL_SCOPES, answer, GRANT, reader } from './facts.ts';

const typed = (tail: string, detail: string, host = 'api.x.com') => ({
  title: 'Some Title',
  detail,
  type: `https://${host}/2/problems/${tail}`,
});
const because = (detail: string) => ({ title: 'Forbidden', status: 403, detail, type: 'about:blank' });
const invalid = (parameter: string, message: string) => ({
  ...typed('invalid-request', 'One or more parameters to your request was invalid.'),
  errors: [{ parameters: { [parameter]: ['184'] }, message }],
});
const coded = (code: number, message: string) => ({ errors: [{ code, message }] });

const FORBIDDEN = because('Forbidden');
const MISSING = typed('resource-not-found', 'Could not find tweet with id: [1].');
const NO_MEDIA_SCOPE = ALL_SCOPES.filter((scope) => scope !== 'media.write');
const NO_WRITE_SCOPE = ALL_SCOPES.filter((scope) => scope !== 'tweet.write');

type Row = readonly [name: string, stage: Stage, status: number, body: unknown, code: CauseCode, scopes?: string[]];

const TABLE: readonly Row[] = [
  [
    'refresh token dead',
    'grant',
    400,
    { error: 'invalid_request', error_description: 'Value passed for the token was invalid.' },
    'reconnect_required',
  ],
  [
    'a token that acts for nobody, when it is connected',
    'grant',
    403,
    typed('unsupported-authentication', 'Authenticating with OAuth 2.0 Application-Only is forbidden.'),
    'auth_failed',
  ],
  ['refresh token reused', 'grant', 400, { error: 'invalid_grant' }, 'reconnect_required'],
  [
    'client not authorised',
    'grant',
    401,
    { error: 'unauthorized_client', error_description: 'Missing valid authorization header' },
    'auth_failed',
  ],
  ['client unknown', 'grant', 401, { error: 'invalid_client' }, 'auth_failed'],
  ['client unknown, as the OAuth standard has it', 'grant', 400, { error: 'invalid_client' }, 'auth_failed'],
  ['token endpoint refuses without a reason', 'grant', 401, '', 'auth_failed'],

  [
    'token expired, at the create',
    'create',
    401,
    { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
    'auth_expired',
  ],
  [
    'token expired, at media',
    'media',
    401,
    { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' },
    'auth_expired',
  ],
  ['token expired, at the timeline', 'reconcile', 401, '', 'auth_expired'],
  [
    'no credits',
    'create',
    402,
    typed('credits', 'Your enrolled account [1] does not have any credits to fulfill this request.', 'api.twitter.com'),
    'permissions_missing',
  ],
  ['credits depleted', 'media', 402, typed('credits-depleted', 'No credits.'), 'permissions_missing'],
  ['payment required without a type', 'create', 402, '', 'permissions_missing'],

  ['media ids invalid', 'parent', 400, invalid('media.media_ids', 'Your media IDs are invalid.'), 'media_invalid'],
  ['initialize refuses the type', 'media', 400, invalid('media_type', 'media_type is not supported'), 'media_invalid'],
  [
    'finalize refuses without a type',
    'media',
    400,
    { errors: [{ message: 'Segments do not add up to provided total file size.' }] },
    'media_invalid',
  ],
  ['text too long, legacy code', 'create', 403, coded(186, 'Tweet needs to be a bit shorter.'), 'publish_failed'],
  ['text too long, with media', 'parent', 400, coded(186, 'Tweet needs to be a bit shorter.'), 'parent_create_failed'],
  ['bad parameter', 'create', 400, invalid('reply.in_reply_to_tweet_id', 'is not valid'), 'publish_failed'],
  [
    'bad parameter, with media',
    'parent',
    400,
    invalid('media.media_ids', 'exceeds the maximum of 4'),
    'parent_create_failed',
  ],
  ['text too long', 'create', 400, invalid('text', 'Your Tweet text is too long.'), 'publish_failed'],

  [
    'duplicate content',
    'create',
    403,
    because('You are not allowed to create a Tweet with duplicate content.'),
    'publish_failed',
  ],
  [
    'duplicate content, with media',
    'parent',
    403,
    because('You are not allowed to create a Tweet with Duplicate Content.'),
    'publish_failed',
  ],
  ['duplicate, legacy code', 'create', 403, coded(187, 'Status is a duplicate.'), 'publish_failed'],
  ['duplicate, alone at the top', 'create', 403, { code: 187, message: 'Status is a duplicate.' }, 'publish_failed'],
  ['duplicate, as a bad request', 'parent', 400, coded(187, 'Status is a duplicate.'), 'publish_failed'],
  ['duplicate, in its old words', 'create', 403, because('Status is a duplicate.'), 'publish_failed'],
  [
    'video too long for the account',
    'parent',
    403,
    because('This user is not allowed to post a video longer than 2 minutes.'),
    'media_invalid',
  ],
  [
    'video too long, at media',
    'media',
    403,
    because('This user is not allowed to post a video longer than 2 minutes.'),
    'media_invalid',
  ],
  ['invalid URL', 'create', 403, because('This Tweet contains an invalid URL.'), 'publish_failed'],
  ['two cashtags', 'parent', 403, because('Posts are limited to a maximum of one cashtag.'), 'parent_create_failed'],
  [
    'app-only token',
    'create',
    403,
    typed('unsupported-authentication', 'Authenticating with OAuth 2.0 Application-Only is forbidden.'),
    'auth_failed',
  ],
  [
    'app may only read',
    'create',
    403,
    typed('oauth1-permissions', 'Your client app is not configured with write permissions.'),
    'permissions_missing',
  ],
  [
    'app in no project',
    'create',
    403,
    { ...typed('client-forbidden', 'Attach it to a project.'), reason: 'client-not-enrolled' },
    'permissions_missing',
  ],
  [
    'tier lacks the call',
    'create',
    403,
    coded(453, 'You currently have access to a subset of X API endpoints.'),
    'permissions_missing',
  ],
  [
    'tier lacks media',
    'media',
    403,
    coded(453, 'You currently have access to a subset of X API endpoints.'),
    'x_media_capability_missing',
  ],
  ['user suspended', 'create', 403, typed('user-suspended', 'User has been suspended.'), 'auth_failed'],
  [
    'account suspended, by its words',
    'media',
    403,
    because('Your account is suspended and is not permitted to access this feature.'),
    'auth_failed',
  ],
  ['account locked, by its words', 'create', 403, because('Your account is locked.'), 'auth_failed'],
  [
    'account locked for now',
    'create',
    403,
    because('To protect our users, this account is temporarily locked.'),
    'auth_failed',
  ],
  [
    'object not to be seen',
    'create',
    403,
    typed('not-authorized-for-resource', 'You are not authorized to see it.'),
    'publish_failed',
  ],
  [
    'object not to be seen, with media',
    'parent',
    403,
    typed('not-authorized-for-resource', 'You are not authorized to see it.'),
    'parent_create_failed',
  ],
  ['not permitted', 'create', 403, because('You are not permitted to perform this action.'), 'publish_failed'],
  [
    'reply to a deleted post',
    'create',
    403,
    because('You attempted to reply to a Tweet that is deleted or not visible to you.'),
    'publish_failed',
  ],
  ['media forbidden, scope missing', 'media', 403, FORBIDDEN, 'x_media_upload_scope_missing', NO_MEDIA_SCOPE],
  [
    'media not permitted, scope missing',
    'media',
    403,
    because('You are not permitted to perform this action.'),
    'x_media_upload_scope_missing',
    NO_MEDIA_SCOPE,
  ],
  ['media forbidden, scopes unknown', 'media', 403, '', 'x_media_upload_scope_missing', []],
  ['media forbidden, scope granted', 'media', 403, FORBIDDEN, 'x_media_capability_missing'],
  ['create forbidden, scope missing', 'create', 403, FORBIDDEN, 'permissions_missing', NO_WRITE_SCOPE],

  ['upload gone', 'media', 404, typed('resource-not-found', 'Could not find media with id: [1].'), 'media_invalid'],
  ['reply target gone', 'create', 404, MISSING, 'publish_failed'],
  ['reply target gone, named in errors', 'create', 404, { errors: [MISSING] }, 'publish_failed'],
  ['reply target gone, with media', 'parent', 404, MISSING, 'parent_create_failed'],
  ['segment too large', 'media', 413, '', 'media_invalid'],
  ['usage cap', 'create', 429, typed('usage-capped', 'Usage cap exceeded: Monthly product cap'), 'rate_limited'],
  ['window limit, legacy code', 'media', 429, coded(88, 'Rate limit exceeded'), 'rate_limited'],
  [
    'window limit',
    'create',
    429,
    { title: 'Too Many Requests', detail: 'Too Many Requests', type: 'about:blank', status: 429 },
    'rate_limited',
  ],
  ['window limit without a body', 'reconcile', 429, '', 'rate_limited'],

  ['create answered with garbage', 'create', 201, '{"data":{"id":', 'unknown'],
  ['create timed out at X', 'create', 408, 'Request Timeout', 'unknown'],
  [
    'create met an error',
    'parent',
    500,
    { title: 'Internal Server Error', status: 500, type: 'about:blank' },
    'unknown',
  ],
  ['create met a bad gateway', 'create', 502, '<html>502 Bad Gateway</html>', 'unknown'],
  ['create met an overload', 'create', 503, 'Over capacity', 'unknown'],
  ['create met a gateway timeout', 'create', 504, '<html>504</html>', 'unknown'],
  ['media met an error', 'media', 500, 'Internal Error', 'child_create_failed'],
  ['media met a bad gateway', 'media', 502, '<html>502</html>', 'child_create_failed'],
  ['media met an overload', 'media', 503, 'Over capacity', 'child_create_failed'],
  ['media met a gateway timeout', 'media', 504, '', 'child_create_failed'],
];

for (const [name, stage, status, body, code, scopes] of TABLE) {
  test(`${name} (${stage}, ${status})`, () => {
    const cause = causeOf(answer(status, body), stage, reader(scopes));
    expect(cause).toMatchObject({ code, stage, platform: 'x', httpStatus: status, source: 'raw_error_signature' });
  });
}

const STATED: readonly (readonly [code: string, expected: CauseCode])[] = [
  ['processing-failed', 'media_invalid'],
  ['processing-timed-out', 'child_processing_timeout'],
];

test.each(STATED)('a status read that says %s is %s', (code, expected) => {
  const facts = { stage: 'media', httpStatus: 200, code, message: 'X could not process the media.' } as const;
  expect(statedCause(facts, reader()).code).toBe(expected);
});

test('no row of the table goes without a case above', () => {
  const met = new Set<number>();
  const meet = (facts: ReturnType<typeof factsOf>, scopes: readonly string[]) =>
    met.add(
      SIGNATURES.findIndex(
        (row) =>
          (row.lacks === undefined || !scopes.includes(row.lacks)) &&
          classify(facts, [row]).cause.source === 'raw_error_signature',
      ),
    );
  for (const [, stage, status, body, , scopes = ALL_SCOPES] of TABLE) {
    meet(factsOf(answer(status, body), stage, reader(scopes)), scopes);
  }
  for (const [code] of STATED) {
    meet({ platform: 'x', stage: 'media', httpStatus: 200, code, message: '', raw: '' }, ALL_SCOPES);
  }
  expect([...met].sort((a, b) => a - b)).toEqual([...SIGNATURES.keys()]);
});

test('only the duplicate refusals are known to lie', () => {
  const lying = TABLE.filter(([, stage, status, body]) => classifyAnswer(answer(status, body), stage, reader()).lies);
  expect(lying.map(([name]) => name)).toEqual([
    'duplicate content',
    'duplicate content, with media',
    'duplicate, legacy code',
    'duplicate, alone at the top',
    'duplicate, as a bad request',
    'duplicate, in its old words',
  ]);
});

test("a refusal of our app is never one account's: its client, its credit, its tier and its rights", () => {
  const ours = TABLE.filter(([, stage, status, body]) => classifyAnswer(answer(status, body), stage, reader()).app);
  expect(ours.map(([name]) => name)).toEqual([
    'client not authorised',
    'client unknown',
    'client unknown, as the OAuth standard has it',
    'no credits',
    'credits depleted',
    'payment required without a type',
    'app-only token',
    'app may only read',
    'app in no project',
    'tier lacks the call',
    'tier lacks media',
  ]);
});

test('an invalid request of ours to the token endpoint is no word about the grant', () => {
  const body = { error: 'invalid_request', error_description: 'Missing required parameter [client_id].' };
  expect(causeOf(answer(400, body), 'grant', reader()).code).toBe('unknown');
});

test.each([
  ['create', 'create'],
  ['parent', 'create'],
  ['media', 'upload'],
  ['reconcile', 'read'],
  ['grant', 'token'],
] as const)('a throttle at stage %s fills the window %s', (stage, window) => {
  expect(causeOf(answer(429, ''), stage, reader())).toMatchObject({ code: 'rate_limited', window });
  const day = { 'x-user-limit-24hour-remaining': '0', 'x-user-limit-24hour-reset': '1795300000' };
  expect(causeOf(answer(429, '', day), stage, reader())).toMatchObject({ code: 'rate_limited', window });
});

test.each([
  ['a problem document', 403, because('Forbidden'), true],
  ['a list of errors', 403, coded(453, 'You have access to a subset.'), true],
  ['one error at the top', 403, { code: 326, message: 'To protect our users, this account is locked.' }, true],
  ["OAuth's word", 400, { error: 'invalid_grant' }, true],
  ["a gateway's message without a number", 403, { message: 'Forbidden' }, false],
  ["a gateway's error", 403, { timestamp: 1, status: 403, error: 'Forbidden', path: '/2/tweets' }, false],
  ['HTML', 403, '<html>Access denied</html>', false],
  ['nothing', 404, '', false],
])('%s is a word of X: %#', (_what, status, body, isWord) => {
  expect(isWorded(answer(status, body))).toBe(isWord);
});

test('a word of the table elsewhere in the body decides nothing', () => {
  const body = { ...because('Forbidden'), echo: 'duplicate content', title: 'Forbidden' };
  expect(classifyAnswer(answer(403, body), 'create', reader()).lies).toBe(false);
});

test("X's sentences reach the cause, the particular before the general, without the grant's tokens", () => {
  const cause = causeOf(
    answer(400, invalid('media.media_ids', `Your media IDs are invalid. ${GRANT.accessToken}`)),
    'parent',
    reader(),
  );
  expect(cause.externalText).toBe(
    'Your media IDs are invalid. [redacted] One or more parameters to your request was invalid.',
  );
  expect(cause.rawText).not.toContain(GRANT.accessToken);
});

test.each([
  ['null', 'null'],
  ['a list', '[]'],
  ['fields of other types', { type: 7, title: {}, detail: [], errors: 'many', error: null }],
  ['errors of other types', { errors: [{ code: {}, message: 3 }, 'x'] }],
  ['not UTF-8', '\ud800'],
])('a refusal whose body is %s is classified by its status', (_name, body) => {
  expect(causeOf(answer(403, body), 'create', reader())).toMatchObject({
    code: 'permissions_missing',
    source: 'normalized_bucket',
    externalText: 'X answered 403 without a reason.',
  });
});
