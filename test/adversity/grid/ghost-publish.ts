// Ghost's point of no return, the `PUT` that publishes our draft (platform reference 2, sections 7.3 and 7.5). A repetition
// changes nothing there; it still waits until the first one can no longer be under way.
import {
  FOUND,
  foundAfter,
  goesLive,
  PUBLISHED,
  refused,
  refusedWhenAbsent,
  SENT_AGAIN,
  sentAgainAfter,
  throttled,
  UNKNOWN,
} from './endings.ts';
import type { GhostFault } from './ghost-faults.ts';
import type { GhostCell } from './ghost-ground.ts';
import { cellsOf } from './rows.ts';

const PUBLISH = { call: 'publish', post: 'text' } as const;

const ghost = (status: number, type: string, code?: string): GhostFault => ({
  kind: 'refuse_before',
  status,
  type,
  ...(code === undefined ? {} : { code }),
});

/** The post is live, and the answer that would say so is lost, late, or a lie: it is found. */
const COMMITTED = cellsOf<GhostFault>(PUBLISH, [
  [{ kind: 'commit_then_hang' }, FOUND],
  [{ kind: 'commit_then_reset' }, FOUND],
  [{ kind: 'commit_then_truncate' }, FOUND],
  [{ kind: 'commit_then_garbage' }, FOUND],
  [{ kind: 'lying_refusal', status: 500, type: 'InternalServerError' }, FOUND],
  [{ kind: 'lying_refusal', status: 503, type: 'MaintenanceError' }, FOUND],
  [{ kind: 'commit_then_html', status: 502 }, FOUND],
  [{ kind: 'commit_then_html', status: 503 }, FOUND],
  [{ kind: 'commit_then_html', status: 504 }, FOUND],
  [{ kind: 'commit_then_html', status: 408 }, FOUND],
  [{ kind: 'commit_then_html', status: 200 }, FOUND],
  [{ kind: 'commit_then_html', status: 302 }, foundAfter('publish_failed')],
  [{ kind: 'commit_then_html', status: 401 }, foundAfter('auth_failed')],
  [{ kind: 'commit_then_html', status: 403 }, foundAfter('permissions_missing')],
  [{ kind: 'commit_then_html', status: 404 }, foundAfter('publish_failed')],
  // Somebody published it a moment before: the collision speaks of a post that is live.
  [
    { kind: 'lying_refusal', status: 409, type: 'UpdateCollisionError', code: 'UPDATE_COLLISION' },
    foundAfter('publish_failed'),
  ],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [{ kind: 'commit_then_slow', ms: 12_000 }, FOUND],
  [{ kind: 'commit_later', ms: 1_000 }, PUBLISHED],
  [{ kind: 'commit_later', ms: 9_300 }, FOUND],
  // Later than anyone waits for it: it publishes the same draft, which is published already.
  [{ kind: 'commit_later', ms: 30_000 }, SENT_AGAIN],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, { post: 'photo' }],
]);

/** The request took no effect, and nobody says so. */
const LOST = cellsOf<GhostFault>(PUBLISH, [
  [{ kind: 'reset_before' }, SENT_AGAIN],
  [{ kind: 'hang_before' }, SENT_AGAIN],
  [ghost(500, 'InternalServerError'), SENT_AGAIN],
  [ghost(503, 'MaintenanceError'), SENT_AGAIN],
  [{ kind: 'html_error', status: 502 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 408 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 200 }, SENT_AGAIN],
  // The draft is read, and is as it was.
  [ghost(409, 'UpdateCollisionError', 'UPDATE_COLLISION'), sentAgainAfter('publish_failed')],
  [{ kind: 'reset_before' }, SENT_AGAIN, undefined, { post: 'photo' }],
  [
    { kind: 'reset_before' },
    { ...refused('publish_failed', 3), trail: [UNKNOWN, 'refused publish_failed'] },
    goesLive('replay', 4),
    { times: null },
  ],
]);

const replayed = goesLive('replay', 2);
const reconnected = goesLive('reconnect', 2);

/** Looked into before it is believed: a word that is not Ghost's own. */
const DOUBTED = cellsOf<GhostFault>(PUBLISH, [
  [{ kind: 'html_error', status: 400 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 401 }, refusedWhenAbsent('auth_failed'), replayed],
  [{ kind: 'html_error', status: 403 }, refusedWhenAbsent('permissions_missing'), replayed],
  [{ kind: 'html_error', status: 404 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 307 }, refusedWhenAbsent('publish_failed'), replayed],
]);

/** Explicit refusals: nothing is live, a person is needed, and the replay is safe. */
const REFUSED = cellsOf<GhostFault>(PUBLISH, [
  [ghost(401, 'UnauthorizedError', 'UNKNOWN_ADMIN_API_KEY'), refused('reconnect_required'), reconnected],
  [ghost(401, 'UnauthorizedError', 'INVALID_JWT'), refused('auth_failed'), reconnected],
  [ghost(403, 'NoPermissionError'), refused('permissions_missing'), reconnected],
  [ghost(403, 'HostLimitError'), refused('permissions_missing'), reconnected],
  [ghost(404, 'NotFoundError'), refused('publish_failed'), replayed],
  [ghost(422, 'ValidationError'), refused('publish_failed'), replayed],
]);

const MINUTE = 60_000;
const waited = goesLive('time', 2);

/** 429 in each form: what stands before Ghost names a time, or nobody does. */
const THROTTLED = cellsOf<GhostFault>(PUBLISH, [
  [{ kind: 'rate_limited', form: 'retry_after', resetInMs: 4 * MINUTE }, throttled(3.9 * MINUTE, 4.1 * MINUTE), waited],
  [{ kind: 'rate_limited', form: 'none' }, throttled(4.9 * MINUTE, 5.1 * MINUTE), waited],
  [{ kind: 'html_error', status: 429 }, throttled(4.9 * MINUTE, 5.1 * MINUTE), waited],
]);

export const GHOST_PUBLISH: readonly GhostCell[] = [...COMMITTED, ...LOST, ...DOUBTED, ...REFUSED, ...THROTTLED];
