// Every refusal of the reference's table (8.5), written out by hand, with the cause an operator must see.
import { expect, test } from 'vitest';
import type { CauseCode, CauseSource, Stage } from '../../../src/domain/causes/causes.ts';
import { classifyAnswer, isDefinitive, isWorded, SIGNATURES } from '../../../src/platforms/wordpress/errors.ts';
import type { HttpAnswer } from '../../../src/transport/exchange.ts';

const grant = { accessToken: '', identifier: 'admin', password: 'aaaa BBBB cccc DDDD eeee FFFF' };
const session = { grant, now: () => new Date('2026-06-01T12:00:00Z') };

function answer(status: number, body: string, headers: Record<string, string> = {}): HttpAnswer {
  return { kind: 'answer', status, headers, body: new TextEncoder().encode(body) };
}

/** As WordPress writes it; `detail` is the code of the first parameter it refuses. */
const rest = (status: number, code: string, message: string, detail?: string) =>
  JSON.stringify({ code, message, data: { status, ...(detail && { details: { status: { code: detail } } }) } });

type Row = readonly [stage: Stage, status: number, code: string, message: string, cause: CauseCode, detail?: string];

const NO_TYPE = 'Sorry, you are not allowed to upload this file type.';

const TABLE: readonly Row[] = [
  ['parent', 401, 'rest_cannot_create', 'Sorry, you are not allowed to create posts as this user.', 'auth_failed'],
  ['create', 401, 'rest_cannot_edit', 'Sorry, you are not allowed to edit this post.', 'auth_failed'],
  ['create', 401, 'rest_cannot_publish', 'Sorry, you are not allowed to publish posts.', 'auth_failed'],
  ['parent', 401, 'rest_cannot_delete', 'Sorry, you are not allowed to delete this post.', 'auth_failed'],
  ['grant', 401, 'rest_not_logged_in', 'You are not currently logged in.', 'auth_failed'],
  ['reconcile', 401, 'rest_forbidden', 'Sorry, you are not allowed to do that.', 'auth_failed'],
  ['reconcile', 401, 'rest_forbidden_context', 'Sorry, you are not allowed to edit this post.', 'auth_failed'],
  ['grant', 401, 'incorrect_password', 'The provided password is an invalid application password.', 'auth_failed'],
  ['grant', 401, 'invalid_username', 'Unknown username.', 'auth_failed'],
  ['grant', 401, 'invalid_email', 'Unknown email address.', 'auth_failed'],
  ['grant', 401, 'application_passwords_disabled', 'Application passwords are not available.', 'auth_failed'],
  [
    'grant',
    401,
    'application_passwords_disabled_for_user',
    'Application passwords are not available for your account.',
    'auth_failed',
  ],
  ['parent', 400, 'rest_invalid_param', 'Invalid parameter(s): status', 'auth_failed', 'rest_forbidden_status'],
  ['create', 403, 'rest_cannot_publish', 'Sorry, you are not allowed to publish posts.', 'permissions_missing'],
  ['media', 403, 'rest_cannot_create', 'Sorry, you are not allowed to create posts.', 'permissions_missing'],
  ['create', 403, 'rest_cannot_edit', 'Sorry, you are not allowed to edit this post.', 'permissions_missing'],
  ['parent', 403, 'rest_cannot_delete', 'Sorry, you are not allowed to delete this post.', 'permissions_missing'],
  ['parent', 403, 'rest_cannot_assign_term', 'Sorry, you are not allowed to assign.', 'permissions_missing'],
  ['parent', 403, 'rest_forbidden', 'Sorry.', 'permissions_missing'],
  ['reconcile', 403, 'rest_forbidden_context', 'Sorry, you are not allowed to edit this post.', 'permissions_missing'],
  ['create', 400, 'rest_invalid_param', 'Invalid parameter(s): status', 'publish_failed', 'rest_not_in_enum'],
  ['parent', 400, 'rest_invalid_param', 'Invalid parameter(s): slug', 'publish_failed'],
  ['create', 400, 'rest_missing_callback_param', 'Missing parameter(s): name', 'publish_failed'],
  ['create', 400, 'rest_invalid_json', 'Invalid JSON body passed.', 'publish_failed'],
  ['parent', 400, 'rest_post_exists', 'Cannot create existing post.', 'publish_failed'],
  ['parent', 400, 'empty_content', 'Content, title, and excerpt are empty.', 'publish_failed'],
  ['parent', 400, 'rest_term_invalid', 'Term does not exist.', 'publish_failed'],
  ['parent', 400, 'rest_post_invalid_id', 'Invalid post ID.', 'publish_failed'],
  ['media', 400, 'rest_upload_no_content_disposition', 'No Content-Disposition supplied.', 'child_create_failed'],
  ['media', 400, 'rest_upload_invalid_disposition', 'Invalid Content-Disposition supplied.', 'child_create_failed'],
  ['media', 400, 'rest_upload_no_content_type', 'No Content-Type supplied.', 'child_create_failed'],
  ['media', 400, 'rest_upload_no_data', 'No data supplied.', 'child_create_failed'],
  ['media', 400, 'rest_upload_limited_space', 'Not enough space to upload.', 'child_create_failed'],
  ['media', 412, 'rest_upload_hash_mismatch', 'Content hash did not match expected.', 'child_create_failed'],
  ['media', 400, 'rest_upload_file_too_big', 'This file is too big.', 'media_invalid'],
  ['media', 413, 'rest_upload_file_too_big', 'This file is too big.', 'media_invalid'],
  ['media', 500, 'rest_upload_sideload_error', NO_TYPE, 'media_invalid'],
  ['media', 500, 'rest_upload_sideload_error', 'The uploaded file could not be moved.', 'child_create_failed'],
  ['media', 500, 'rest_upload_unknown_error', 'Could not open file handle.', 'child_create_failed'],
  ['create', 404, 'rest_post_invalid_id', 'Invalid post ID.', 'publish_failed'],
  ['create', 404, 'rest_no_route', 'No route was found matching the URL.', 'publish_failed'],
  ['grant', 404, 'rest_no_route', 'No route was found matching the URL.', 'auth_failed'],
  ['parent', 410, 'rest_already_trashed', 'The post has already been deleted.', 'publish_failed'],
  ['create', 500, 'internal_server_error', 'There has been a critical error on this website.', 'unknown'],
  ['parent', 500, 'db_insert_error', 'Could not insert post into the database.', 'unknown'],
  ['create', 500, 'db_update_error', 'Could not update post in the database.', 'unknown'],
  ['create', 429, 'too_many_requests', 'Slow down.', 'rate_limited'],
];

test.each(TABLE.map((row) => [row.slice(0, 5).join(' '), row] as const))(
  '%s',
  (_title, [stage, status, code, message, cause, detail]) => {
    const told = classifyAnswer(answer(status, rest(status, code, message, detail)), stage, session);
    expect(told).toMatchObject({ cause: { code: cause, source: 'raw_error_signature', stage, httpStatus: status } });
    expect(told.cause.externalText).toContain(`${code}: ${message}`);
  },
);

test('every row of the table is met by one of these', () => {
  const unmet = SIGNATURES.flatMap(({ status = [], code = [] }) =>
    code.filter((name) => !TABLE.some(([, met, by]) => by === name && status.includes(met))),
  );
  expect(unmet).toEqual([]);
});

type Unworded = readonly [what: string, status: number, body: string, cause: CauseCode, source: CauseSource];

const PAGE = '<html><body>Blocked</body></html>';
const NOTICE = '<b>Notice</b>: Undefined index in plugin.php';

const UNWORDED: readonly Unworded[] = [
  ['a firewall page', 403, PAGE, 'permissions_missing', 'normalized_bucket'],
  ['a firewall page', 406, PAGE, 'publish_failed', 'status_only'],
  ['a page', 404, PAGE, 'publish_failed', 'status_only'],
  ['a page of maintenance', 503, PAGE, 'publish_failed', 'status_only'],
  [
    'JSON behind a notice',
    403,
    NOTICE + rest(403, 'rest_forbidden', 'Sorry.'),
    'permissions_missing',
    'normalized_bucket',
  ],
  ['another program', 403, '{"code":1020,"message":"denied"}', 'permissions_missing', 'normalized_bucket'],
  ['a number for text', 404, '{"code":7,"message":"x","data":{"status":404}}', 'publish_failed', 'status_only'],
  ['another status inside', 404, rest(403, 'rest_forbidden', 'Sorry.'), 'publish_failed', 'status_only'],
  ['no data', 404, '{"code":"rest_post_invalid_id","message":"Invalid post ID."}', 'publish_failed', 'status_only'],
];

test.each(UNWORDED)('%s under %i is no word of WordPress', (_what, status, body, cause, source) => {
  const given = answer(status, body);
  expect(isWorded(given)).toBe(false);
  expect(classifyAnswer(given, 'create', session).cause).toMatchObject({ code: cause, source });
});

test('a throttle is one whoever throttles, and says when to come again', () => {
  const at = (headers: Record<string, string>) =>
    classifyAnswer(answer(429, PAGE, headers), 'create', session).cause.resumeAt;
  expect(isWorded(answer(429, PAGE))).toBe(true);
  expect(at({ 'retry-after': '600' })).toBe('2026-06-01T12:10:00.000Z');
  expect(at({ 'retry-after': 'Mon, 01 Jun 2026 12:02:00 GMT' })).toBe('2026-06-01T12:02:00.000Z');
  expect(at({ 'retry-after': '99999999' })).toBe('2026-06-01T12:05:00.000Z');
  expect(at({})).toBe('2026-06-01T12:05:00.000Z');
});

test('only a file that WordPress will not take is definitive under 500', () => {
  expect(isDefinitive(answer(500, rest(500, 'rest_upload_sideload_error', NO_TYPE)))).toBe(true);
  expect(isDefinitive(answer(500, rest(500, 'internal_server_error', 'critical')))).toBe(false);
  expect(isDefinitive(answer(500, PAGE))).toBe(false);
});

test('the application password stands in no text', () => {
  const said = answer(403, rest(403, 'rest_forbidden', `Not with ${grant.password}`));
  const { cause } = classifyAnswer(said, 'create', session);
  expect(JSON.stringify(cause)).not.toContain('BBBB');
});
