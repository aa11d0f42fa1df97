// Ghost's other calls: the look by the draft's id, pictures, tags, what stands on the site, and the draft itself.
import type { CauseCode } from '../../../src/domain/causes/causes.ts';
import {
  FOUND,
  goesLive,
  isFound,
  later,
  PUBLISHED,
  refused,
  SENT_AGAIN,
  throttled,
  UNCONFIRMED,
  UNKNOWN,
} from './endings.ts';
import type { GhostFault } from './ghost-faults.ts';
import type { GhostCell } from './ghost-ground.ts';
import { cellsOf, type Row } from './rows.ts';

const ghost = (status: number, type: string, code?: string): GhostFault => ({
  kind: 'refuse_before',
  status,
  type,
  ...(code === undefined ? {} : { code }),
});

const LIVE_UNTOLD = { call: 'publish', fault: { kind: 'commit_then_reset' } } as const;
const NOT_LIVE = { call: 'publish', fault: { kind: 'reset_before' } } as const;
/** As long as one step asks: a 401 is asked again too where the grant is seconds old, as all are here. */
const A_LOOK = { times: 3 } as const;
const UNTIL_MENDED = { times: null } as const;
const MINUTE = 60_000;

/** The post is live. A read that fails is never "absent". */
const READ = cellsOf<GhostFault>({ call: 'readPost', post: 'text', also: [LIVE_UNTOLD] }, [
  [{ kind: 'reset_before' }, FOUND],
  [{ kind: 'reset_before' }, FOUND, undefined, A_LOOK],
  [{ kind: 'hang_before' }, FOUND],
  [ghost(500, 'InternalServerError'), FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 503 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 408 }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_truncate' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_garbage' }, FOUND],
  [{ kind: 'commit_then_html', status: 200 }, FOUND],
  [{ kind: 'commit_then_slow', ms: 1_000 }, FOUND],
  [{ kind: 'redirect', status: 307 }, FOUND],
  [{ kind: 'html_error', status: 401 }, FOUND],
  [{ kind: 'html_error', status: 403 }, FOUND],
  [{ kind: 'html_error', status: 404 }, FOUND],
  // Gone under its id, by Ghost's own word: its mark says where it is.
  [ghost(404, 'NotFoundError'), FOUND],
  [ghost(401, 'UnauthorizedError', 'UNKNOWN_ADMIN_API_KEY'), FOUND, undefined, A_LOOK],
  [ghost(401, 'UnauthorizedError', 'INVALID_JWT'), FOUND],
  [{ kind: 'reset_before' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [{ kind: 'html_error', status: 404 }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [ghost(403, 'NoPermissionError'), UNCONFIRMED, isFound('replay')],
  [
    { kind: 'rate_limited', form: 'retry_after', resetInMs: 4 * MINUTE },
    {
      state: 'outcome_unknown',
      cause: 'unknown',
      wakes: [3.9 * MINUTE, 4.1 * MINUTE],
      trail: [UNKNOWN],
      creates: 1,
      live: 1,
    },
    isFound('time'),
  ],
]);

const MISSED = cellsOf<GhostFault>({ call: 'readPost', post: 'text', also: [NOT_LIVE] }, [
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN, undefined, { times: 6 }],
  [{ kind: 'html_error', status: 404 }, SENT_AGAIN, undefined, { times: 2 }],
  [{ kind: 'commit_then_truncate' }, SENT_AGAIN, undefined, { times: 6 }],
]);

const replayed = goesLive('replay', 1);
const reconnected = goesLive('reconnect', 1);

/** Met alike by every call before the create; `stage` is the cause of a step that got no answer. */
const everyCall = (stage: CauseCode): readonly Row<GhostFault>[] => [
  [{ kind: 'reset_before' }, PUBLISHED],
  [{ kind: 'reset_before' }, later(stage), undefined, A_LOOK],
  [{ kind: 'hang_before' }, PUBLISHED],
  [ghost(500, 'InternalServerError'), PUBLISHED],
  [{ kind: 'html_error', status: 502 }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, later(stage), undefined, A_LOOK],
  [{ kind: 'html_error', status: 408 }, PUBLISHED],
  [{ kind: 'commit_then_reset' }, PUBLISHED],
  [{ kind: 'commit_then_hang' }, PUBLISHED],
  [{ kind: 'commit_then_truncate' }, PUBLISHED],
  [{ kind: 'commit_then_html', status: 502 }, PUBLISHED],
  [{ kind: 'commit_then_garbage' }, later(stage)],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [{ kind: 'html_error', status: 401 }, PUBLISHED],
  [{ kind: 'html_error', status: 403 }, later(stage), undefined, A_LOOK],
  [{ kind: 'html_error', status: 404 }, PUBLISHED],
  [{ kind: 'redirect', status: 307 }, later(stage), undefined, A_LOOK],
  [ghost(401, 'UnauthorizedError', 'UNKNOWN_ADMIN_API_KEY'), refused('reconnect_required', 0), reconnected, A_LOOK],
  [ghost(403, 'NoPermissionError'), refused('permissions_missing', 0), reconnected],
  [
    { kind: 'rate_limited', form: 'retry_after', resetInMs: 4 * MINUTE },
    throttled(3.9 * MINUTE, 4.1 * MINUTE, 0),
    goesLive('time', 1),
  ],
];

const UPLOAD = cellsOf<GhostFault>({ call: 'uploadImage', post: 'photo' }, [
  ...everyCall('child_create_failed'),
  [ghost(404, 'NotFoundError'), refused('child_create_failed', 0), replayed],
  [ghost(415, 'UnsupportedMediaTypeError'), refused('media_invalid', 0), replayed],
]);

const TAGS = cellsOf<GhostFault>(
  { call: 'listTags', post: 'text', account: { tagged: true } },
  everyCall('parent_create_failed'),
);
const POSTS = cellsOf<GhostFault>({ call: 'listPosts', post: 'text' }, everyCall('parent_create_failed'));
const PAGES = cellsOf<GhostFault>({ call: 'listPages', post: 'text' }, everyCall('parent_create_failed'));

const isUnauthorized = ([fault]: Row<GhostFault>) => fault?.kind === 'refuse_before' && fault.status === 401;

/** The draft is asked for once, and after a lost answer looked for: a second one would stand beside the first. */
const DRAFT = cellsOf<GhostFault>({ call: 'makeDraft', post: 'text' }, [
  ...everyCall('parent_create_failed').filter((row) => !isUnauthorized(row)),
  [ghost(401, 'UnauthorizedError', 'UNKNOWN_ADMIN_API_KEY'), refused('reconnect_required', 0), reconnected],
  [ghost(404, 'NotFoundError'), refused('parent_create_failed', 0), replayed],
  [ghost(409, 'UpdateCollisionError', 'UPDATE_COLLISION'), refused('publish_failed', 0), replayed],
  [ghost(422, 'ValidationError'), refused('publish_failed', 0), replayed],
  [{ kind: 'commit_later', ms: 1_000 }, PUBLISHED],
  // Later than anyone waits for it: it stands beside ours as a draft under the next slug, and is never published.
  [{ kind: 'commit_later', ms: 12_000 }, PUBLISHED],
]);

export const GHOST_OTHERS: readonly GhostCell[] = [
  ...READ,
  ...MISSED,
  ...UPLOAD,
  ...TAGS,
  ...POSTS,
  ...PAGES,
  ...DRAFT,
];
