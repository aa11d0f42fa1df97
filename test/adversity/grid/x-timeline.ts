// X's timeline while it is asked whether a post is live: reads that fail, and lists that lag (laws 4 and 5; platform
// reference 1, section 1.4).
import { FOUND, goesLive, isFound, PUBLISHED, RESOLVED, refused, SENT_AGAIN, UNCONFIRMED, UNKNOWN } from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const LIVE_UNTOLD = { call: 'create_post', fault: { kind: 'commit_then_reset' } } as const;
const NOT_LIVE = { call: 'create_post', fault: { kind: 'reset_before' } } as const;

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

/** One look makes three tries. */
const A_LOOK = { times: 3 } as const;
const UNTIL_MENDED = { times: null } as const;

/** The post is live. A read that fails is never "absent": it is read again until it is found. */
const UNREADABLE = cellsOf<SandboxFault>({ call: 'timeline', post: 'text', also: [LIVE_UNTOLD] }, [
  [{ kind: 'reset_before' }, FOUND],
  [{ kind: 'reset_before' }, FOUND, undefined, A_LOOK],
  [{ kind: 'hang_before' }, FOUND],
  [{ kind: 'hang_before' }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 500 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 502 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 503 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 504 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 408 }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_hang' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_truncate' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_garbage' }, FOUND],
  [{ kind: 'commit_then_status', status: 200, form: 'json' }, FOUND],
  [{ kind: 'commit_then_status', status: 200, form: 'empty' }, FOUND],
  [{ kind: 'commit_then_slow', ms: 1_000 }, FOUND],
  [{ kind: 'commit_then_slow', ms: 5_000 }, FOUND, undefined, A_LOOK],
  [{ kind: 'redirect', status: 307 }, FOUND],
  [{ kind: 'html_error', status: 403 }, FOUND],
  [{ kind: 'html_error', status: 404 }, FOUND],
  [{ kind: 'unauthorized' }, FOUND],
  // Refusals that outages have worn, a question X does not take, and errors of our app are no answers either.
  [preset('resource_not_found'), FOUND, undefined, A_LOOK],
  [{ kind: 'unauthorized' }, FOUND, undefined, A_LOOK],
  [preset('invalid_parameter'), FOUND, undefined, A_LOOK],
  [preset('client_forbidden'), FOUND],
  [preset('credits_depleted'), FOUND],
]);

/** Nobody can be asked for long, or X says why not: a person decides, and the replay only looks. */
const UNASKABLE = cellsOf<SandboxFault>({ call: 'timeline', post: 'text', also: [LIVE_UNTOLD] }, [
  [{ kind: 'reset_before' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [{ kind: 'html_error', status: 503 }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [{ kind: 'commit_then_garbage' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [{ kind: 'html_error', status: 403 }, UNCONFIRMED, RESOLVED, UNTIL_MENDED],
  [preset('forbidden'), UNCONFIRMED, isFound('replay')],
  [preset('user_suspended'), UNCONFIRMED, isFound('replay')],
  [preset('account_locked'), UNCONFIRMED, RESOLVED],
  [{ kind: 'unauthorized' }, UNCONFIRMED, isFound('reconnect'), UNTIL_MENDED],
]);

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

/** A throttled look is repeated at the platform's own time. */
const THROTTLED = cellsOf<SandboxFault>({ call: 'timeline', post: 'text', also: [LIVE_UNTOLD] }, [
  [
    { kind: 'rate_limited', form: 'epoch', resetInMs: 10 * MINUTE },
    lookAgainIn(9.9 * MINUTE, 10.1 * MINUTE),
    isFound('time'),
  ],
  [
    { kind: 'rate_limited', form: 'retry_after', resetInMs: 10 * MINUTE },
    lookAgainIn(9.9 * MINUTE, 10.1 * MINUTE),
    isFound('time'),
  ],
  [{ kind: 'rate_limited', form: 'none' }, lookAgainIn(14.9 * MINUTE, 15 * MINUTE), isFound('time')],
]);

/** The post is not live. Looks that fail do not count towards its absence. */
const MISSED = cellsOf<SandboxFault>({ call: 'timeline', post: 'text', also: [NOT_LIVE] }, [
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN, undefined, { times: 6 }],
  [{ kind: 'commit_then_truncate' }, SENT_AGAIN, undefined, { times: 6 }],
  [{ kind: 'commit_then_garbage' }, SENT_AGAIN, undefined, { times: 2 }],
  [{ kind: 'unauthorized' }, SENT_AGAIN],
  [
    preset('forbidden'),
    { ...UNCONFIRMED, live: 0 },
    { by: 'replay', ends: { ...PUBLISHED, trail: [UNKNOWN, 'published'], creates: 2 } },
  ],
  [preset('user_suspended'), { ...UNCONFIRMED, live: 0 }, goesLive('deny', 2)],
]);

/** X refuses the same text for a while; it does so in life, and promises nothing. */
const REFUSES_REPETITION = { settings: { duplicateWindowMs: 600_000 } } as const;

/** The post is live, and the list shows it only after a time: at once, past a look, past the horizon, past both misses. */
const HIDDEN = [
  ...cellsOf<SandboxFault>({ call: 'create_post', post: 'text', also: [LIVE_UNTOLD] }, [
    [{ kind: 'hidden_from_list', ms: 0 }, FOUND],
    [{ kind: 'hidden_from_list', ms: 3_000 }, FOUND],
    [{ kind: 'hidden_from_list', ms: 9_000 }, FOUND],
  ]),
  ...cellsOf<SandboxFault>({ call: 'create_post', post: 'text', also: [LIVE_UNTOLD], account: REFUSES_REPETITION }, [
    // Absent for all that can be known; the second create is refused as a repetition, and ours is found after all.
    [
      { kind: 'hidden_from_list', ms: 'forever' },
      { ...PUBLISHED, trail: [UNKNOWN, 'outcome_unknown publish_failed', 'published'], creates: 2 },
      undefined,
      { shownAfterCreates: 2 },
    ],
    // Shown to nobody, the refusal contradicts that it is absent: a person decides, and a replay creates nothing.
    [
      { kind: 'hidden_from_list', ms: 'forever' },
      { ...UNCONFIRMED, trail: [UNKNOWN, 'outcome_unknown publish_failed', 'unconfirmed unknown'], creates: 2 },
      { by: 'resolve', ends: { ...RESOLVED.ends, creates: 2 } },
    ],
    [
      { kind: 'hidden_from_list', ms: 'forever' },
      { ...UNCONFIRMED, trail: [UNKNOWN, 'outcome_unknown publish_failed', 'unconfirmed unknown'], creates: 2 },
      { by: 'replay', ends: { ...UNCONFIRMED, trail: ['unconfirmed unknown'], creates: 2 } },
      { account: { settings: { duplicateWindowMs: 700_000 } } },
    ],
  ]),
];

/** Another schedule's post reads just like ours: it is never taken for ours. `creates` and `live` count both. */
const TWINS = cellsOf<SandboxFault>({ call: 'create_post', post: 'text' }, [
  [{ kind: 'reset_before' }, { ...SENT_AGAIN, creates: 3, live: 2 }, undefined, { twin: true }],
  [{ kind: 'commit_then_reset' }, { ...FOUND, creates: 2, live: 2 }, undefined, { twin: true }],
  [
    { kind: 'duplicate_refusal' },
    {
      ...refused('publish_failed', 2),
      trail: ['outcome_unknown publish_failed', 'refused publish_failed'],
      live: 1,
    },
    { by: 'replay', ends: { ...goesLive('replay', 3).ends, live: 2 } },
    { twin: true },
  ],
]);

export const X_TIMELINE: readonly SandboxCell[] = [
  ...UNREADABLE,
  ...UNASKABLE,
  ...THROTTLED,
  ...MISSED,
  ...HIDDEN,
  ...TWINS,
];
