// Instagram asked whether a post is live: the container says whether, the list says under which id (platform
// reference 2, section 2.4; laws 4 and 5).
import { FOUND, goesLive, isFound, PUBLISHED, RESOLVED, SENT_AGAIN, UNCONFIRMED, UNKNOWN } from './endings.ts';
import { cellsOf, type Row } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const LIVE_UNTOLD = { call: 'publish', fault: { kind: 'commit_then_reset' } } as const;
const NOT_LIVE = { call: 'publish', fault: { kind: 'reset_before' } } as const;

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

/** One look makes three tries. */
const A_LOOK = { times: 3 } as const;
const UNTIL_MENDED = { times: null } as const;

const MINUTE = 60_000;
const lookAgainIn = (fromMs: number, toMs: number) =>
  ({
    state: 'outcome_unknown',
    cause: 'unknown',
    wakes: [fromMs, toMs],
    trail: [UNKNOWN],
    creates: 1,
    live: 1,
  }) as const;

/** The post is live, and one of the two reads fails: it is read again until the post is found, or a person decides. */
const EITHER_READ: readonly Row<SandboxFault>[] = [
  [{ kind: 'reset_before' }, FOUND],
  [{ kind: 'reset_before' }, FOUND, undefined, A_LOOK],
  [{ kind: 'hang_before' }, FOUND],
  [{ kind: 'html_error', status: 500 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 502 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 503 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 504 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 408 }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_hang' }, FOUND],
  [{ kind: 'commit_then_truncate' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_garbage' }, FOUND],
  [{ kind: 'commit_then_status', status: 200, form: 'empty' }, FOUND],
  [{ kind: 'commit_then_slow', ms: 1_000 }, FOUND],
  [{ kind: 'commit_then_slow', ms: 5_000 }, FOUND],
  [{ kind: 'redirect', status: 307 }, FOUND],
  [{ kind: 'html_error', status: 403 }, FOUND],
  [preset('service_unavailable'), FOUND, undefined, A_LOOK],
  [preset('token_expired'), FOUND],
  [{ kind: 'reset_before' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [{ kind: 'html_error', status: 403 }, UNCONFIRMED, RESOLVED, UNTIL_MENDED],
  [{ kind: 'commit_then_garbage' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [preset('permission_missing'), UNCONFIRMED, isFound('replay')],
  [preset('token_malformed'), UNCONFIRMED, RESOLVED],
  [{ kind: 'unauthorized' }, UNCONFIRMED, isFound('reconnect')],
  [
    { kind: 'rate_limited', form: 'usage_minutes', resetInMs: 20 * MINUTE },
    lookAgainIn(19.9 * MINUTE, 20 * MINUTE),
    isFound('time'),
  ],
  [{ kind: 'rate_limited', form: 'none' }, lookAgainIn(4.9 * MINUTE, 5 * MINUTE), isFound('time')],
];

/** While it is prepared, the container is asked once; the list is not read at all. */
const CONTAINER = { call: 'container_status', post: 'photo', skip: 1 } as const;
const LIST = { call: 'media_list', post: 'photo' } as const;

const UNREADABLE = [
  ...cellsOf<SandboxFault>({ ...CONTAINER, also: [LIVE_UNTOLD] }, EITHER_READ),
  ...cellsOf<SandboxFault>({ ...LIST, also: [LIVE_UNTOLD] }, EITHER_READ),
];

/** A container that is gone says nothing: the list decides alone. */
const GONE = [
  ...cellsOf<SandboxFault>({ ...CONTAINER, also: [LIVE_UNTOLD] }, [
    [preset('not_found'), FOUND],
    [preset('not_found'), FOUND, undefined, UNTIL_MENDED],
    [preset('object_missing'), FOUND, undefined, UNTIL_MENDED],
  ]),
  ...cellsOf<SandboxFault>({ ...CONTAINER, also: [NOT_LIVE] }, [
    [preset('not_found'), SENT_AGAIN, undefined, { times: 2 }],
    [preset('not_found_for_now'), SENT_AGAIN, undefined, { times: 2 }],
  ]),
];

/** The post is not live. Looks that fail do not count towards its absence. */
const MISSED = [
  ...cellsOf<SandboxFault>({ ...CONTAINER, also: [NOT_LIVE] }, [
    [{ kind: 'html_error', status: 503 }, SENT_AGAIN, undefined, { times: 6 }],
    [{ kind: 'commit_then_garbage' }, SENT_AGAIN, undefined, { times: 2 }],
  ]),
  ...cellsOf<SandboxFault>({ ...LIST, also: [NOT_LIVE] }, [
    [{ kind: 'html_error', status: 503 }, SENT_AGAIN, undefined, { times: 6 }],
    [{ kind: 'commit_then_truncate' }, SENT_AGAIN, undefined, { times: 6 }],
    [
      preset('permission_missing'),
      { ...UNCONFIRMED, live: 0 },
      { by: 'replay', ends: { ...PUBLISHED, trail: [UNKNOWN, 'published'], creates: 2 } },
    ],
    [preset('token_malformed'), { ...UNCONFIRMED, live: 0 }, goesLive('deny', 2)],
  ]),
];

/** The list lags: a container that says "published" is believed, and its post waited for, as long as it takes. */
const HIDDEN = cellsOf<SandboxFault>({ call: 'publish', post: 'photo', also: [LIVE_UNTOLD] }, [
  [{ kind: 'hidden_from_list', ms: 0 }, FOUND],
  [{ kind: 'hidden_from_list', ms: 3_000 }, FOUND],
  [{ kind: 'hidden_from_list', ms: 9_000 }, FOUND],
  [{ kind: 'hidden_from_list', ms: 'forever' }, UNCONFIRMED, RESOLVED],
]);

const statusLag = (ms: number | 'forever', more: Readonly<Record<string, unknown>> = {}) => ({
  tokenAgeMs: 2 * 24 * 3_600_000,
  settings: { processingMs: 0, statusLagMs: ms, ...more },
});

/** The container still says "finished" while the list shows the post: two witnesses who disagree prove nothing. */
const DISAGREEING = cellsOf<SandboxFault>({ call: 'publish', post: 'photo' }, [
  [{ kind: 'commit_then_reset' }, FOUND, undefined, { account: statusLag(3_000) }],
  [{ kind: 'commit_then_reset' }, UNCONFIRMED, RESOLVED, { account: statusLag('forever') }],
  // Hidden from both for longer than the horizon: what saves it is that one container makes one post.
  [
    { kind: 'commit_then_reset' },
    { ...SENT_AGAIN },
    undefined,
    { account: statusLag('forever', { listDelayMs: 'forever', republish: 'same_id' }) },
  ],
]);

/** Another schedule's post looks just like ours: it is never taken for ours. `creates` and `live` count both. */
const TWINS = cellsOf<SandboxFault>({ call: 'publish', post: 'photo' }, [
  [{ kind: 'reset_before' }, { ...SENT_AGAIN, creates: 3, live: 2 }, undefined, { twin: true }],
  [{ kind: 'commit_then_reset' }, { ...FOUND, creates: 2, live: 2 }, undefined, { twin: true }],
]);

export const INSTAGRAM_LOOKS: readonly SandboxCell[] = [
  ...UNREADABLE,
  ...GONE,
  ...MISSED,
  ...HIDDEN,
  ...DISAGREEING,
  ...TWINS,
];
