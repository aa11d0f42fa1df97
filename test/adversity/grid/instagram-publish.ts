// Instagram's point of no return, `media_publish`, when its answer is lost, late, or a refusal that lies (platform
// reference 2, sections 1.1, 2.3 and 2.5).
import {
  FOUND,
  foundAfter,
  goesLive,
  PUBLISHED,
  refused,
  refusedWhenAbsent,
  SENT_AGAIN,
  sentAgainAfter,
  UNKNOWN,
} from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const PUBLISH = { call: 'publish', post: 'photo' } as const;

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });
const lie = (name: string): SandboxFault => ({ kind: 'lying_refusal', preset: name });

/** The post went live, and the answer that would say so is lost or late: it is found, never sent again. */
const COMMITTED = cellsOf<SandboxFault>(PUBLISH, [
  [{ kind: 'commit_then_hang' }, FOUND],
  [{ kind: 'commit_then_reset' }, FOUND],
  [{ kind: 'commit_then_status', status: 500, form: 'json' }, FOUND],
  [{ kind: 'commit_then_status', status: 502, form: 'html' }, FOUND],
  [{ kind: 'commit_then_status', status: 503, form: 'text' }, FOUND],
  [{ kind: 'commit_then_status', status: 504, form: 'empty' }, FOUND],
  [{ kind: 'commit_then_status', status: 408, form: 'text' }, FOUND],
  [{ kind: 'commit_then_status', status: 200, form: 'html' }, FOUND],
  [{ kind: 'commit_then_garbage' }, FOUND],
  [{ kind: 'commit_then_truncate' }, FOUND],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [{ kind: 'commit_then_slow', ms: 12_000 }, FOUND],
  [{ kind: 'commit_later', ms: 1_000 }, PUBLISHED],
  [{ kind: 'commit_later', ms: 10_000 }, FOUND],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, { post: 'carousel' }],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, { post: 'video' }],
]);

/** Refusals that are known to be said although the post is live. */
const LIES = cellsOf<SandboxFault>(PUBLISH, [
  [{ kind: 'lying_refusal' }, foundAfter('rate_limited')],
  [lie('instagram_server_error'), foundAfter('publish_failed')],
  [lie('not_ready'), foundAfter('child_processing_timeout')],
  [lie('not_found'), foundAfter('publish_failed')],
  [lie('not_found_for_now'), foundAfter('publish_failed')],
  [lie('object_missing'), foundAfter('permissions_missing')],
  [lie('duplicate'), foundAfter('publish_failed')],
  [lie('service_unknown'), FOUND],
  [lie('service_unavailable'), FOUND],
]);

/** The request took no effect, and nobody says so: it is sent again only when it is conclusively absent. */
const LOST = cellsOf<SandboxFault>(PUBLISH, [
  [{ kind: 'reset_before' }, SENT_AGAIN],
  [{ kind: 'hang_before' }, SENT_AGAIN],
  [{ kind: 'html_error', status: 500 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 502 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 504 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 408 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 200 }, SENT_AGAIN],
  [preset('service_unknown'), SENT_AGAIN],
  [preset('service_unavailable'), SENT_AGAIN],
  [{ kind: 'reset_before' }, SENT_AGAIN, undefined, { post: 'carousel' }],
  [{ kind: 'hang_before' }, SENT_AGAIN, undefined, { post: 'video' }],
]);

/** Refusals that pass by themselves: nothing is live, which a look has to show first. */
const PASSING = cellsOf<SandboxFault>(PUBLISH, [
  [preset('not_ready'), sentAgainAfter('child_processing_timeout')],
  [preset('not_found'), sentAgainAfter('publish_failed')],
  [preset('not_found_for_now'), sentAgainAfter('publish_failed')],
  [preset('instagram_server_error'), sentAgainAfter('publish_failed')],
  [preset('object_missing'), sentAgainAfter('permissions_missing')],
  [
    preset('not_ready'),
    {
      ...refused('child_processing_timeout', 3),
      trail: ['outcome_unknown child_processing_timeout', 'refused child_processing_timeout'],
    },
    goesLive('replay', 4),
    { times: null },
  ],
]);

const replayed = goesLive('replay', 2);
const SIX_HOURS = 6 * 3_600_000;

/** Refusals that are believed once a look has shown that nothing is live. */
const DOUBTED = cellsOf<SandboxFault>(PUBLISH, [
  [{ kind: 'duplicate_refusal' }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 400 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 403 }, refusedWhenAbsent('permissions_missing'), replayed],
  [{ kind: 'html_error', status: 404 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 301 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 302 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 307 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 308 }, refusedWhenAbsent('publish_failed'), replayed],
  // Blocked as spam: it lies often enough to be looked into, and is hours long when it does not.
  [
    preset('spam_block'),
    {
      state: 'retry_later',
      cause: 'rate_limited',
      wakes: [SIX_HOURS - 300_000, SIX_HOURS],
      trail: ['outcome_unknown rate_limited', 'rate_limited rate_limited'],
      creates: 1,
      live: 0,
    },
    goesLive('time', 2),
  ],
]);

const FAILED = { state: 'failed', cause: 'publish_failed', wakes: null, live: 0 } as const;

/** Three tries make nothing live, time after time: the next one is a person's decision. */
const IN_VAIN = cellsOf<SandboxFault>(PUBLISH, [
  // Nobody listens at the account's address. Containers are made before anything else, so their stage fails.
  [
    null,
    {
      ...FAILED,
      cause: 'child_create_failed',
      trail: ['not_sent child_create_failed', 'refused child_create_failed'],
      creates: 0,
    },
    goesLive('reconnect', 1),
    { account: { nowhere: true } },
  ],
  [
    { kind: 'reset_before' },
    { ...FAILED, trail: [UNKNOWN, 'refused publish_failed'], creates: 3 },
    goesLive('replay', 4),
    { times: null },
  ],
]);

export const INSTAGRAM_PUBLISH: readonly SandboxCell[] = [
  ...COMMITTED,
  ...LIES,
  ...LOST,
  ...PASSING,
  ...DOUBTED,
  ...IN_VAIN,
];
