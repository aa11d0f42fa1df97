// WordPress's other calls: nothing is live because of them, so each is made again until it is answered, or refused.
import type { CauseCode } from '../../../src/domain/causes/causes.ts';
import type { SiteCall } from '../../wordpress/site-proxy.ts';
import type { PostKind } from './cell.ts';
import { givenUp, goesLive, later, PUBLISHED, refused, throttled } from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SiteFault } from './site-faults.ts';
import type { SiteCell } from './site-ground.ts';

const MINUTE = 60_000;
const TEN_MINUTES = throttled(9 * MINUTE, 10.1 * MINUTE, 0);

const rest = (status: number, code: string, message?: string): SiteFault => ({
  kind: 'refuse_before',
  status,
  code,
  ...(message === undefined ? {} : { message }),
});

interface Step {
  readonly call: SiteCall;
  readonly post: PostKind;
  /** The failure when no answer ever comes. */
  readonly unanswered: CauseCode;
  /** How often one attempt asks. */
  readonly tries: number;
  /** A sign-in that is seconds old is doubted only where a call is simply repeated. */
  readonly triesFor401: number;
}

const STEPS: readonly Step[] = [
  { call: 'categories', post: 'text', unanswered: 'parent_create_failed', tries: 3, triesFor401: 3 },
  { call: 'tags', post: 'text', unanswered: 'parent_create_failed', tries: 3, triesFor401: 3 },
  { call: 'find_media', post: 'photo', unanswered: 'child_create_failed', tries: 3, triesFor401: 3 },
  { call: 'upload', post: 'photo', unanswered: 'child_create_failed', tries: 3, triesFor401: 1 },
  { call: 'find_marked', post: 'text', unanswered: 'parent_create_failed', tries: 3, triesFor401: 3 },
  { call: 'find_slug', post: 'text', unanswered: 'parent_create_failed', tries: 3, triesFor401: 3 },
  { call: 'make_draft', post: 'text', unanswered: 'parent_create_failed', tries: 3, triesFor401: 1 },
  { call: 'who_stands', post: 'text', unanswered: 'parent_create_failed', tries: 3, triesFor401: 3 },
  { call: 'pages', post: 'text', unanswered: 'parent_create_failed', tries: 3, triesFor401: 3 },
];

/** A lost or spoiled answer, once: asked again in the same attempt, and what was made is found, not made twice. */
const REPEATED: readonly SiteFault[] = [
  { kind: 'reset_before' },
  { kind: 'commit_then_reset' },
  { kind: 'commit_then_hang' },
  { kind: 'hang_before' },
  { kind: 'commit_then_fatal' },
  { kind: 'fatal_before' },
  { kind: 'html_error', status: 503 },
  { kind: 'html_error', status: 403 },
  { kind: 'html_error', status: 404 },
  { kind: 'commit_then_truncate' },
];

/** A complete answer that cannot be read: where a call has no other use than its answer, the attempt is made again. */
const UNREADABLE: readonly SiteFault[] = [{ kind: 'commit_then_notice' }, { kind: 'html_error', status: 200 }];

function cellsOfStep({ call, post, unanswered, tries, triesFor401 }: Step): SiteCell[] {
  const makes = triesFor401 === 1;
  return cellsOf<SiteFault>({ call, post }, [
    ...REPEATED.map((fault) => [fault, PUBLISHED] as const),
    ...UNREADABLE.map((fault) => [fault, makes ? PUBLISHED : later(unanswered)] as const),
    [rest(401, 'rest_cannot_create'), refused('auth_failed', 0), goesLive('reconnect', 1), { times: triesFor401 }],
    [rest(403, 'rest_cannot_create'), refused('permissions_missing', 0), goesLive('reconnect', 1)],
    [rest(404, 'rest_no_route'), refused('publish_failed', 0), goesLive('replay', 1)],
    [{ kind: 'rate_limited', seconds: 600 }, TEN_MINUTES, goesLive('time', 1)],
    [{ kind: 'html_error', status: 503 }, later(unanswered), undefined, { times: tries }],
    [{ kind: 'reset_before' }, givenUp(unanswered), goesLive('replay', 1), { times: null }],
  ]);
}

const NOT_ALLOWED = 'Sorry, you are not allowed to upload this file type.';

/** What an upload alone is told. The 500 is definitive. */
const UPLOAD = cellsOf<SiteFault>({ call: 'upload', post: 'photo' }, [
  [rest(500, 'rest_upload_sideload_error', NOT_ALLOWED), refused('media_invalid', 0), goesLive('replay', 1)],
  [{ kind: 'html_error', status: 413 }, refused('media_invalid', 0), goesLive('replay', 1)],
]);

/** Where the API is found: the other address is tried before anything is asked again. */
const INDEX = cellsOf<SiteFault>({ call: 'index', post: 'text' }, [
  ...REPEATED.map((fault) => [fault, PUBLISHED] as const),
  ...UNREADABLE.map((fault) => [fault, PUBLISHED] as const),
  [rest(401, 'rest_not_logged_in'), refused('auth_failed', 0), goesLive('reconnect', 1)],
  [{ kind: 'rate_limited', seconds: 600 }, TEN_MINUTES, goesLive('time', 1)],
  [{ kind: 'html_error', status: 404 }, givenUp('publish_failed'), goesLive('replay', 1), { times: null }],
]);

export const WORDPRESS_OTHERS: readonly SiteCell[] = [...INDEX, ...STEPS.flatMap(cellsOfStep), ...UPLOAD];
