// What X's refusals mean: its table of errors as data. The first row that matches wins; whether a bare 403 is a missing
// scope is decided from the scopes the grant was given.
import type { CauseCode, Stage } from '../../domain/causes/causes.ts';
import type { Signature } from '../../domain/causes/classify.ts';

/** The platform's name, in its folder and in every cause. */
export const PLATFORM = 'x';

/** A row of the table; with `lacks` it holds only for a grant without that scope. */
export interface XSignature extends Signature {
  readonly lacks?: 'media.write' | 'tweet.write';
}

/** Codes of ours for what a status read says about an upload that was answered with 200. */
export const PROCESSING = { failed: 'processing-failed', timedOut: 'processing-timed-out' } as const;

/** The create of a post with media is the creation of their parent: stage `parent`. */
const CREATE: readonly Stage[] = ['create', 'parent'];
const MEDIA: readonly Stage[] = ['media'];

const rejected = (stage: Stage): CauseCode => (stage === 'parent' ? 'parent_create_failed' : 'publish_failed');
const untiered = (stage: Stage): CauseCode =>
  stage === 'media' ? 'x_media_capability_missing' : 'permissions_missing';

/** `code` is the last segment of the problem's type or the OAuth error; `subcode` is the numeric code of `errors[0]`. */
export const SIGNATURES: readonly XSignature[] = [
  // The token endpoint. The client is our app, whoever's grant it would renew.
  {
    stage: ['grant'],
    status: [400, 401],
    code: ['unauthorized_client', 'invalid_client'],
    cause: 'auth_failed',
    app: true,
  },
  { stage: ['grant'], status: [401], cause: 'auth_failed' },
  { stage: ['grant'], status: [400], code: ['invalid_grant'], cause: 'reconnect_required' },
  // An invalid request for any other reason is our own, and says nothing of the grant.
  {
    stage: ['grant'],
    status: [400],
    code: ['invalid_request'],
    message: 'passed for the token was invalid',
    cause: 'reconnect_required',
  },

  // Expired and revoked access tokens look alike; the protocol renews once, then it is `reconnect_required`.
  { status: [401], cause: 'auth_expired' },
  // The credit is the app's: every account's calls are refused alike.
  { status: [402], code: ['credits', 'credits-depleted'], cause: 'permissions_missing', app: true },
  { status: [402], cause: 'permissions_missing', app: true },

  // A duplicate refusal names no post: it may be ours, answered late. When it proves absent it was an older one.
  { status: [403], message: 'duplicate content', cause: 'publish_failed', lies: true },
  { status: [400, 403], subcode: ['187'], cause: 'publish_failed', lies: true },
  { status: [403], message: 'status is a duplicate', cause: 'publish_failed', lies: true },
  { status: [400], stage: CREATE, code: ['invalid-request'], message: 'media IDs are invalid', cause: 'media_invalid' },
  { status: [400], stage: MEDIA, cause: 'media_invalid' },
  { status: [400, 403], subcode: ['186'], cause: rejected },
  { status: [400], code: ['invalid-request'], cause: rejected },

  { status: [403], message: 'not allowed to post a video longer than', cause: 'media_invalid' },
  { status: [403], message: 'contains an invalid URL', cause: rejected },
  { status: [403], message: 'maximum of one cashtag', cause: rejected },
  // A token that acts for nobody is told when it is connected; later, it is the app that X lets act for nobody any more.
  { status: [403], stage: ['grant'], code: ['unsupported-authentication'], cause: 'auth_failed' },
  { status: [403], code: ['unsupported-authentication'], cause: 'auth_failed', app: true },
  // The app may only read, is in no project, or its tier lacks the call.
  { status: [403], code: ['oauth1-permissions'], cause: 'permissions_missing', app: true },
  { status: [403], code: ['client-forbidden'], cause: 'permissions_missing', app: true },
  { status: [403], subcode: ['453'], cause: untiered, app: true },
  { status: [403], code: ['user-suspended'], cause: 'auth_failed' },
  { status: [403], message: 'account is suspended', cause: 'auth_failed' },
  { status: [403], message: 'account is locked', cause: 'auth_failed' },
  { status: [403], message: 'account is temporarily locked', cause: 'auth_failed' },
  { status: [403], code: ['not-authorized-for-resource'], cause: rejected },
  { status: [403], stage: CREATE, message: 'not permitted to perform this action', cause: rejected },
  { status: [403], stage: CREATE, message: 'attempted to reply to', cause: rejected },
  { status: [403], stage: MEDIA, lacks: 'media.write', cause: 'x_media_upload_scope_missing' },
  { status: [403], stage: MEDIA, cause: 'x_media_capability_missing' },
  { status: [403], stage: CREATE, lacks: 'tweet.write', cause: 'permissions_missing' },

  { status: [404], stage: MEDIA, cause: 'media_invalid' },
  { status: [404], code: ['resource-not-found'], cause: rejected },
  { status: [413], cause: 'media_invalid' },
  { status: [429], code: ['usage-capped'], cause: 'rate_limited' },
  { status: [429], subcode: ['88'], cause: 'rate_limited' },
  { status: [429], cause: 'rate_limited' },

  { status: [200], code: [PROCESSING.failed], cause: 'media_invalid' },
  { status: [200], code: [PROCESSING.timedOut], cause: 'child_processing_timeout' },
  // The create may have taken effect: an unreadable success, a timeout, a server error (law 3).
  { status: [200, 201, 202, 204, 408, 500, 502, 503, 504], stage: CREATE, cause: 'unknown' },
  { status: [500, 502, 503, 504], stage: MEDIA, cause: 'child_create_failed' },
];

/** The rows that hold for a grant with these scopes. */
export function signaturesFor(scopes: readonly string[]): readonly Signature[] {
  return SIGNATURES.filter((row) => row.lacks === undefined || !scopes.includes(row.lacks));
}
