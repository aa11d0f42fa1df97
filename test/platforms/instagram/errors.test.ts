// Every row of the reference's error tables (1.1 and 2.5), written out by hand: what Instagram says, and the cause it
// must become at each stage where the table tells them apart.
import { afterAll, describe, expect, it } from 'vitest';
import type { CauseCode, Stage } from '../../../src/domain/causes/causes.ts';
import { INSTAGRAM } from '../../../src/platforms/instagram/errors.ts';
import { failedContainer } from '../../../src/platforms/instagram/failed-container.ts';
import { refusalIn } from '../../../src/platforms/meta/refusal.ts';
import { answerOf, refusalOf } from './answers.ts';
import { openInstagram, TOKEN } from './open-session.ts';

type Row = readonly [
  status: number,
  code: number | string,
  subcode: number | null,
  message: string,
  expected: CauseCode,
];

const session = openInstagram();
afterAll(() => session.close());

function classified(stage: Stage, [status, code, subcode, message]: Row) {
  const answer = refusalOf(status, { code, message, ...(subcode === null ? {} : { subcode }) });
  return refusalIn(INSTAGRAM, answer, stage, session);
}

const SAME_AT_EVERY_STAGE: readonly Row[] = [
  [400, 190, null, 'Cannot parse access token', 'auth_failed'],
  [401, 190, null, 'Malformed access token AQx', 'auth_failed'],
  [400, 190, 463, 'Error validating access token: Session has expired on Monday', 'auth_expired'],
  [401, 190, 463, 'Error validating access token: Session has expired on Monday', 'auth_expired'],
  [400, 190, 467, 'Error validating access token: the session has been invalidated', 'reconnect_required'],
  [400, 190, 458, 'The user has not authorized application 1234567890.', 'reconnect_required'],
  [400, 190, 460, 'The session has been invalidated because the user changed the password.', 'reconnect_required'],
  [400, 190, 459, 'The user must log in at www.facebook.com', 'reconnect_required'],
  [400, 459, null, 'The user is checkpointed', 'reconnect_required'],
  [400, 190, 464, 'Sessions are not allowed: the user is not confirmed', 'reconnect_required'],
  [400, 190, 492, 'The user is not an administrator of the Page', 'reconnect_required'],
  [400, 483, null, 'The user is in a blocking flow', 'reconnect_required'],
  [400, 190, null, 'Error validating access token', 'reconnect_required'],
  [400, 190, 999, 'Error validating access token', 'reconnect_required'],
  [400, 102, null, 'Session key invalid', 'reconnect_required'],
  [400, 104, null, 'Invalid appsecret_proof', 'auth_failed'],
  [400, 101, null, 'Invalid application id', 'auth_failed'],
  [400, 2500, null, 'An active access token must be used', 'auth_failed'],
  [403, 10, null, '(#10) Application does not have permission for this action', 'permissions_missing'],
  [400, 10, null, 'The user is not an Instagram Business', 'permissions_missing'],
  [403, 200, null, 'Permissions error', 'permissions_missing'],
  [403, 210, null, 'User not visible', 'permissions_missing'],
  [403, 230, null, 'Permission denied', 'permissions_missing'],
  [403, 283, null, 'Requires pages_read_engagement', 'permissions_missing'],
  [403, 299, null, 'Permission denied', 'permissions_missing'],
  [400, 3, null, 'Application does not have the capability', 'permissions_missing'],
  [403, 3, null, 'Application does not have the capability', 'permissions_missing'],
  [400, 100, 33, 'Unsupported get request. Object with ID 1 does not exist', 'permissions_missing'],
  [400, 100, null, '(#100) No permission to publish the video', 'permissions_missing'],
  [400, 4, null, '(#4) Application request limit reached', 'rate_limited'],
  [403, 4, null, '(#4) Application request limit reached', 'rate_limited'],
  [400, 17, null, 'User request limit reached', 'rate_limited'],
  [400, 32, null, 'Page request limit reached', 'rate_limited'],
  [400, 341, null, 'Application limit reached', 'rate_limited'],
  [400, 613, null, 'Calls to this api have exceeded the rate limit', 'rate_limited'],
  [400, 80001, null, 'Too many calls to this Page', 'rate_limited'],
  [400, 80002, null, 'Too many calls to this Instagram account', 'rate_limited'],
  [400, 80002, 2446079, 'Too many calls to this Instagram account', 'rate_limited'],
  [403, 80000, null, 'Too many calls', 'rate_limited'],
  [403, 80003, null, 'Too many calls', 'rate_limited'],
  [403, 80004, null, 'Too many calls', 'rate_limited'],
  [403, 80005, null, 'Too many calls', 'rate_limited'],
  [403, 80006, null, 'Too many calls', 'rate_limited'],
  [403, 80008, null, 'Too many calls', 'rate_limited'],
  [403, 80009, null, 'Too many calls', 'rate_limited'],
  [403, 80014, null, 'Too many calls', 'rate_limited'],
  [400, 368, null, 'The action attempted has been deemed abusive', 'rate_limited'],
  [400, 506, null, 'Duplicate status message', 'publish_failed'],
  [400, 100, 506, 'Duplicate status message', 'publish_failed'],
  [400, 1609005, null, 'The link could not be scraped', 'publish_failed'],
  [400, 100, 1609005, 'The link could not be scraped', 'publish_failed'],
  [400, 1500, null, 'The url you supplied is invalid', 'publish_failed'],
  [400, 100, 1500, 'The url you supplied is invalid', 'publish_failed'],
  [400, 1, null, 'An unknown error occurred', 'unknown'],
  [500, 2, null, 'An unexpected error has occurred. Please retry your request later.', 'unknown'],
  [503, 2, null, 'Service temporarily unavailable', 'unknown'],

  [400, -2, 2207003, 'The media took too long to download', 'media_invalid'],
  [400, -2, 2207020, 'The media has expired', 'media_invalid'],
  [400, -1, 2207053, 'Unknown upload error', 'child_create_failed'],
  [400, 1, 2207057, 'The thumbnail offset must be within the video', 'media_invalid'],
  [400, 4, 2207051, 'We restrict certain activity to protect our community', 'rate_limited'],
  [400, 9, 2207042, 'You reached the maximum number of posts', 'rate_limited'],
  [400, 24, 2207008, 'The requested resource does not exist', 'publish_failed'],
  [400, 25, 2207050, 'The Instagram account is restricted', 'reconnect_required'],
  [400, 100, 2207023, 'The media type is unknown', 'child_create_failed'],
  [400, 100, 2207028, 'A carousel needs 2 to 10 items', 'parent_create_failed'],
  [400, 100, 2207035, 'Product tags', 'parent_create_failed'],
  [400, 100, 2207036, 'Product tag positions', 'parent_create_failed'],
  [400, 100, 2207037, 'Product tags and user tags', 'parent_create_failed'],
  [400, 100, 2207040, 'Too many user tags', 'parent_create_failed'],
  [400, 352, 2207026, 'The video format is not supported', 'media_invalid'],
  [400, 9004, 2207052, 'The media could not be fetched from this URI', 'media_invalid'],
  [400, 9007, 2207027, 'Media ID is not available', 'child_processing_timeout'],
  [400, 9007, null, 'Media ID is not available', 'child_processing_timeout'],
  [400, 9009, null, 'The Instagram user is unavailable', 'reconnect_required'],
  [400, 352, null, 'The video format is not supported', 'media_invalid'],
  [400, 9004, null, 'The media could not be fetched from this URI', 'media_invalid'],
  [400, 36000, null, 'The image is too large', 'media_invalid'],
  [400, 36001, null, 'The image format is not supported', 'media_invalid'],
  [400, 36003, null, 'The aspect ratio is not supported', 'media_invalid'],
  [400, 36004, null, 'The caption is too long', 'publish_failed'],
  [400, 36000, 2207004, 'The image is too large', 'media_invalid'],
  [400, 36001, 2207005, 'The image format is not supported', 'media_invalid'],
  [400, 36003, 2207009, 'The aspect ratio is not supported', 'media_invalid'],
  [400, 36004, 2207010, 'The caption is too long', 'publish_failed'],
  [400, -1, 2207076, 'The video could not be downloaded', 'media_invalid'],
  [400, -1, 2207077, 'The video could not be uploaded', 'media_invalid'],
  [400, -1, 2207081, 'This account may not post trial reels', 'permissions_missing'],
  [400, -1, 2207082, 'Media upload has failed', 'child_create_failed'],
  [400, -1, 2207085, 'Fatal', 'publish_failed'],
  [403, 200, null, '(#200) Requires ads_management', 'permissions_missing'],
  [400, 'INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID', null, 'The Page has no place', 'parent_create_failed'],
  [400, 100, null, 'INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID', 'parent_create_failed'],
];

type StagedRow = readonly [
  status: number,
  code: number,
  subcode: number | null,
  message: string,
  byStage: Record<'media' | 'child' | 'parent' | 'create' | 'reconcile', CauseCode>,
];

const BY_STAGE = {
  media: 'child_create_failed',
  child: 'child_create_failed',
  parent: 'parent_create_failed',
  create: 'publish_failed',
  reconcile: 'unknown',
} as const;

const TOLD_APART_BY_STAGE: readonly StagedRow[] = [
  [400, 100, null, 'Invalid parameter', BY_STAGE],
  [400, 100, null, 'Param collaborators is not allowed', BY_STAGE],
  [400, 105, null, 'Too many parameters', BY_STAGE],
  [400, 194, null, 'Missing parameter', BY_STAGE],
  [400, -1, 2207001, 'Instagram server error', BY_STAGE],
  [400, 24, 2207006, 'The media was not found', BY_STAGE],
  [400, -1, 2207033, 'A number nobody documented', BY_STAGE],
  [403, 100, 2207090, 'A number nobody documented', BY_STAGE],
  [400, -1, null, 'Fatal', BY_STAGE],
  [
    400,
    -1,
    2207032,
    'Container creation failed',
    {
      media: 'child_create_failed',
      child: 'child_create_failed',
      parent: 'parent_create_failed',
      create: 'child_create_failed',
      reconcile: 'child_create_failed',
    },
  ],
];

const STAGES = ['media', 'child', 'parent', 'create', 'reconcile'] as const;

describe("Instagram's error table", () => {
  for (const row of SAME_AT_EVERY_STAGE) {
    const [status, code, subcode, message, expected] = row;
    it(`${status} ${code}/${subcode ?? '-'} "${message}" is ${expected} at every stage`, () => {
      expect(STAGES.map((stage) => classified(stage, row).cause.code)).toEqual(STAGES.map(() => expected));
      expect(classified('create', row).cause.source).toBe('raw_error_signature');
    });
  }

  for (const [status, code, subcode, message, byStage] of TOLD_APART_BY_STAGE) {
    it(`${status} ${code}/${subcode ?? '-'} "${message}" is told apart by its stage`, () => {
      const found = STAGES.map((stage) => [
        stage,
        classified(stage, [status, code, subcode, message, 'unknown']).cause.code,
      ]);
      expect(Object.fromEntries(found)).toEqual(byStage);
    });
  }

  it('names no code or subcode that goes without a case above', () => {
    const named = INSTAGRAM.signatures.slice(0, -1).flatMap(({ code = [], subcode = [] }) => {
      const pairs = code.flatMap((of) => subcode.map((sub) => `${of}/${sub}`));
      if (pairs.length > 0) return pairs;
      return [...code.map((of) => `${of}/-`), ...subcode.map((sub) => `-/${sub}`)];
    });
    const met = [...SAME_AT_EVERY_STAGE, ...TOLD_APART_BY_STAGE].flatMap(([, code, subcode]) =>
      subcode === null ? [`${code}/-`] : [`${code}/${subcode}`, `-/${subcode}`],
    );
    // A permission that is missing may have any number from 200 to 299.
    const wide = named.filter((name) => /^2\d\d\/-$/.test(name));
    expect(wide).toHaveLength(100);
    expect(named.filter((name) => !wide.includes(name) && !met.includes(name))).toEqual([]);
  });

  it('an answer without a word is read by its status alone', () => {
    const found = [401, 403, 413, 415, 429, 404, 500, 502, 503, 504].map((status) => {
      const { cause } = refusalIn(INSTAGRAM, answerOf(status, '<html>Sorry</html>'), 'parent', session);
      return [status, cause.code, cause.source];
    });
    expect(found).toEqual([
      [401, 'auth_failed', 'normalized_bucket'],
      [403, 'permissions_missing', 'normalized_bucket'],
      [413, 'media_invalid', 'normalized_bucket'],
      [415, 'media_invalid', 'normalized_bucket'],
      [429, 'rate_limited', 'normalized_bucket'],
      [404, 'parent_create_failed', 'status_only'],
      [500, 'unknown', 'raw_error_signature'],
      [502, 'unknown', 'raw_error_signature'],
      [503, 'unknown', 'raw_error_signature'],
      [504, 'unknown', 'raw_error_signature'],
    ]);
  });

  it('101, 104, 2500 and 3 are our app’s, whichever account it speaks for; every other row is the account’s', () => {
    const ofApp = SAME_AT_EVERY_STAGE.filter((row) => classified('create', row).app).map(([, code]) => code);
    expect(ofApp).toEqual([104, 101, 2500, 3, 3]);
    const system = 'Error validating application. Cannot get application info due to a system error.';
    expect([101, 190].map((code) => classified('grant', [400, code, null, system, 'auth_failed']).app)).toEqual([
      true,
      true,
    ]);
  });

  it('an envelope whose optional fields are null is read', () => {
    const error = { message: null, code: 190, error_subcode: 463, error_user_msg: null, is_transient: null };
    const { cause } = refusalIn(INSTAGRAM, answerOf(400, JSON.stringify({ error })), 'child', session);
    expect(cause.code).toBe('auth_expired');
  });

  it('a token refused in the header counts, even under a body that cannot be read', () => {
    const headers = { 'www-authenticate': 'OAuth "Facebook Platform" "invalid_token" "Session has expired"' };
    const { cause } = refusalIn(INSTAGRAM, answerOf(400, '', headers), 'child', session);
    expect([cause.code, cause.externalText]).toEqual(['reconnect_required', 'Session has expired']);
    const gateway = { 'www-authenticate': 'Bearer error="invalid_token", error_description="for this proxy"' };
    const { worded } = refusalIn(INSTAGRAM, answerOf(401, '', gateway), 'child', session);
    expect(worded).toBe(false);
  });

  it.each([
    ['{"error":{"code":403,"message":"Forbidden"}}', false],
    ['{"error":{"code":403,"message":"Forbidden","status":"PERMISSION_DENIED"}}', false],
    ['{"error":{"code":190,"message":"Invalid token"}}', false],
    ['{"error":{"message":"Forbidden","type":"AccessDenied"}}', false],
    ['{"error":{}}', false],
    ['{"error":"Forbidden"}', false],
    ['{"error":{"code":10,"message":"No permission","type":"OAuthException"}}', true],
    ['{"error":{"code":10,"message":"No permission","fbtrace_id":"A1b2C3"}}', true],
    ['{"error":{"code":1,"message":"Try again","is_transient":false}}', true],
    ['{"error":{"code":24,"error_subcode":2207006}}', true],
  ])("%s is Meta's own word: %s", (body, worded) => {
    expect(refusalIn(INSTAGRAM, answerOf(403, body), 'child', session).worded).toBe(worded);
  });

  describe('a throttle names the kind of call it is about', () => {
    const window = (stage: Stage, code: number, subcode: number | null, called?: 'read') => {
      const answer = refusalOf(400, { code, ...(subcode === null ? {} : { subcode }) });
      return refusalIn(INSTAGRAM, answer, stage, session, called).cause.window;
    };

    it.each([
      [4, null],
      [17, null],
      [32, null],
      [613, null],
      [80002, 2446079],
    ] satisfies [number, number | null][])('%s/%s: the call that met it', (code, subcode) => {
      const ofStages = (['grant', 'media', 'child', 'parent', 'create', 'reconcile'] as const).map((stage) =>
        window(stage, code, subcode),
      );
      expect(ofStages).toEqual(['token', 'upload', 'upload', 'upload', 'create', 'read']);
      expect(window('media', code, subcode, 'read')).toBe('read');
    });

    it.each([
      [9, 2207042],
      [4, 2207051],
      [368, null],
    ] satisfies [number, number | null][])('%s/%s: creates, whichever call met it', (code, subcode) => {
      const everywhere = STAGES.map((stage) => window(stage, code, subcode));
      expect(everywhere).toEqual(STAGES.map(() => 'create'));
      expect(window('reconcile', code, subcode, 'read')).toBe('create');
    });

    it('in the status of a failed container too', () => {
      const status = 'Error: Media upload has failed with error code 2207051';
      const { cause } = failedContainer(session, 'media', { status_code: 'ERROR', status });
      expect([cause.code, cause.window]).toEqual(['rate_limited', 'create']);
    });
  });

  it('keeps the token out of every text, however the platform echoes it', () => {
    const message = `Cannot parse access token ${TOKEN} (access_token=${TOKEN}&x=1)`;
    const { cause } = refusalIn(INSTAGRAM, refusalOf(400, { code: 190, message }), 'create', session);
    expect(JSON.stringify(cause)).not.toContain(TOKEN);
    expect(cause.externalText).toContain('[redacted]');
  });
});
