// WordPress's point of no return, the update of our draft to published (platform reference 2, sections 8.2 to 8.5), and the
// read of it while reconciling. It names the post, so that a repetition is the same post; it is still looked for first.
import {
  FOUND,
  foundAfter,
  goesLive,
  isFound,
  madeAnew,
  RESOLVED,
  refused,
  refusedWhenAbsent,
  SENT_AGAIN,
  throttled,
  UNCONFIRMED,
} from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SiteFault } from './site-faults.ts';
import type { SiteCell } from './site-ground.ts';

const PUBLISH = { call: 'publish', post: 'text' } as const;
const MINUTE = 60_000;

const rest = (status: number, code: string): SiteFault => ({ kind: 'refuse_before', status, code });

/** The post is live, and the answer that would say so is lost or cannot be read: it is found. */
const COMMITTED = cellsOf<SiteFault>(PUBLISH, [
  [{ kind: 'commit_then_reset' }, FOUND],
  [{ kind: 'commit_then_hang' }, FOUND],
  [{ kind: 'commit_then_truncate' }, FOUND],
  [{ kind: 'commit_then_fatal' }, FOUND],
  [{ kind: 'commit_then_notice' }, FOUND],
  [{ kind: 'commit_then_html', status: 200 }, FOUND],
  [{ kind: 'commit_then_html', status: 503 }, FOUND],
  [{ kind: 'commit_then_html', status: 403 }, foundAfter('permissions_missing')],
  [{ kind: 'commit_then_html', status: 404 }, foundAfter('publish_failed')],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, { post: 'photo' }],
]);

/** The request took no effect, and nobody says so. */
const LOST = cellsOf<SiteFault>(PUBLISH, [
  [{ kind: 'reset_before' }, SENT_AGAIN],
  [{ kind: 'hang_before' }, SENT_AGAIN],
  [{ kind: 'fatal_before' }, SENT_AGAIN],
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 200 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 408 }, SENT_AGAIN],
]);

const replayed = goesLive('replay', 2);
const reconnected = goesLive('reconnect', 2);

/** A page is no word of WordPress's: it is looked into before it is believed. */
const DOUBTED = cellsOf<SiteFault>(PUBLISH, [
  [{ kind: 'html_error', status: 401 }, refusedWhenAbsent('auth_failed'), reconnected],
  [{ kind: 'html_error', status: 403 }, refusedWhenAbsent('permissions_missing'), reconnected],
  [{ kind: 'html_error', status: 404 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 406 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 302 }, refusedWhenAbsent('publish_failed'), replayed],
]);

/** Explicit refusals: nothing is live, and the replay is safe. */
const REFUSED = cellsOf<SiteFault>(PUBLISH, [
  [rest(401, 'rest_cannot_edit'), refused('auth_failed'), reconnected],
  [rest(403, 'rest_cannot_publish'), refused('permissions_missing'), reconnected],
  [rest(400, 'rest_invalid_param'), refused('publish_failed'), replayed],
  [rest(404, 'rest_no_route'), refused('publish_failed'), replayed],
  [rest(404, 'rest_post_invalid_id'), madeAnew('publish_failed')],
  [{ kind: 'rate_limited', seconds: 600 }, throttled(9 * MINUTE, 10.1 * MINUTE), goesLive('time', 2)],
]);

const LIVE_UNTOLD = { call: 'publish', fault: { kind: 'commit_then_reset' } } as const;
const NOT_LIVE = { call: 'publish', fault: { kind: 'reset_before' } } as const;
const A_LOOK = { times: 3 } as const;
const UNTIL_MENDED = { times: null } as const;

/** The post is live. A read that fails, or that a plugin spoiled, is never "missing". */
const READ = cellsOf<SiteFault>({ call: 'read_post', post: 'text', also: [LIVE_UNTOLD] }, [
  [{ kind: 'reset_before' }, FOUND],
  [{ kind: 'reset_before' }, FOUND, undefined, A_LOOK],
  [{ kind: 'hang_before' }, FOUND],
  [{ kind: 'commit_then_truncate' }, FOUND],
  [{ kind: 'commit_then_notice' }, FOUND],
  [{ kind: 'fatal_before' }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 503 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 404 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 403 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 200 }, FOUND],
  // The grant is seconds old, and may not be known everywhere yet.
  [rest(401, 'rest_forbidden_context'), FOUND],
  // By its mark, though the site denies the id.
  [rest(404, 'rest_post_invalid_id'), FOUND],
  [rest(403, 'rest_forbidden_context'), UNCONFIRMED, isFound('replay')],
  [{ kind: 'commit_then_notice' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [{ kind: 'html_error', status: 404 }, UNCONFIRMED, RESOLVED, UNTIL_MENDED],
]);

/** It is not live. A look that could not be read does not count as one that missed. */
const MISSED = cellsOf<SiteFault>({ call: 'read_post', post: 'text', also: [NOT_LIVE] }, [
  [{ kind: 'html_error', status: 404 }, SENT_AGAIN, undefined, A_LOOK],
  [{ kind: 'commit_then_notice' }, SENT_AGAIN],
  [{ kind: 'reset_before' }, SENT_AGAIN],
]);

export const WORDPRESS_PUBLISH: readonly SiteCell[] = [
  ...COMMITTED,
  ...LOST,
  ...DOUBTED,
  ...REFUSED,
  ...READ,
  ...MISSED,
];
