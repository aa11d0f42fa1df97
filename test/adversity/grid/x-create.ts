// X's point of no return, `POST /2/tweets`, when its answer is lost, late or no answer at all (platform reference 1,
// sections 1.3 and 1.5). X itself refuses no repetition here: nothing but our own protocol keeps a second post away.
import { FOUND, foundAfter, goesLive, PUBLISHED, refusedWhenAbsent, SENT_AGAIN, UNKNOWN } from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const CREATE = { call: 'create_post', post: 'text' } as const;

/** The post went live, and the answer that would say so is lost or late: it is found, never sent again. */
const COMMITTED = cellsOf<SandboxFault>(CREATE, [
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
  [{ kind: 'lying_refusal' }, foundAfter('publish_failed')],
  [{ kind: 'lying_refusal', preset: 'internal_error' }, FOUND],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, { post: 'photo' }],
  [{ kind: 'commit_then_status', status: 503, form: 'text' }, FOUND, undefined, { post: 'video' }],
]);

/** The request took no effect, and nobody says so: it is sent again only when it is conclusively absent. */
const LOST = cellsOf<SandboxFault>(CREATE, [
  [{ kind: 'reset_before' }, SENT_AGAIN],
  [{ kind: 'hang_before' }, SENT_AGAIN],
  [{ kind: 'html_error', status: 500 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 502 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 504 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 408 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 200 }, SENT_AGAIN],
  [{ kind: 'refuse_before', preset: 'internal_error' }, SENT_AGAIN],
  [{ kind: 'refuse_before', preset: 'over_capacity' }, SENT_AGAIN],
  [{ kind: 'refuse_before', preset: 'request_timeout' }, SENT_AGAIN],
  [{ kind: 'reset_before' }, SENT_AGAIN, undefined, { post: 'photo' }],
  [{ kind: 'hang_before' }, SENT_AGAIN, undefined, { post: 'video' }],
]);

/** A redirect is no answer, and whoever followed it would post: it leads to the same address. */
const REDIRECTED = cellsOf<SandboxFault>(CREATE, [
  [{ kind: 'redirect', status: 301 }, refusedWhenAbsent('publish_failed'), goesLive('replay', 2)],
  [{ kind: 'redirect', status: 302 }, refusedWhenAbsent('publish_failed'), goesLive('replay', 2)],
  [{ kind: 'redirect', status: 303 }, refusedWhenAbsent('publish_failed'), goesLive('replay', 2)],
  [{ kind: 'redirect', status: 307 }, refusedWhenAbsent('publish_failed'), goesLive('replay', 2)],
  [{ kind: 'redirect', status: 308 }, refusedWhenAbsent('publish_failed'), goesLive('replay', 2)],
]);

const FAILED = { state: 'failed', cause: 'publish_failed', wakes: null, live: 0 } as const;

/** Three tries make nothing live, time after time: the next one is a person's decision. */
const IN_VAIN = cellsOf<SandboxFault>(CREATE, [
  // Nobody listens at the account's address, so nothing ever leaves.
  [
    null,
    { ...FAILED, trail: ['not_sent publish_failed', 'refused publish_failed'], creates: 0 },
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

export const X_CREATE: readonly SandboxCell[] = [...COMMITTED, ...LOST, ...REDIRECTED, ...IN_VAIN];
