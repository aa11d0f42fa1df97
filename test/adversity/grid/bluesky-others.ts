// Bluesky's other calls: the read of our record key while reconciling, sessions, blobs and handles (platform reference
// 2, sections 5.1, 5.2 and 5.4).
import type { CauseCode } from '../../../src/domain/causes/causes.ts';
import {
  FOUND,
  givenUp,
  goesLive,
  isFound,
  later,
  PUBLISHED,
  RESOLVED,
  refused,
  SENT_AGAIN,
  throttled,
  UNCONFIRMED,
  UNKNOWN,
} from './endings.ts';
import type { PdsFault } from './pds-faults.ts';
import type { PdsCell } from './pds-ground.ts';
import { cellsOf, type Row } from './rows.ts';

const xrpc = (status: number, error: string, message = error): PdsFault => ({
  kind: 'refuse_before',
  status,
  error,
  message,
});

const LIVE_UNTOLD = { call: 'putRecord', fault: { kind: 'commit_then_reset' } } as const;
const NOT_LIVE = { call: 'putRecord', fault: { kind: 'reset_before' } } as const;

/** As long as one step asks: a 401 is asked again too where the grant is seconds old, as all are here. */
const A_LOOK = { times: 3 } as const;
const UNTIL_MENDED = { times: null } as const;
const MINUTE = 60_000;

/** The post is live. A read that fails is never "absent". */
const READ = cellsOf<PdsFault>({ call: 'getRecord', post: 'text', also: [LIVE_UNTOLD] }, [
  [{ kind: 'reset_before' }, FOUND],
  [{ kind: 'reset_before' }, FOUND, undefined, A_LOOK],
  [{ kind: 'hang_before' }, FOUND],
  [xrpc(500, 'InternalServerError'), FOUND, undefined, A_LOOK],
  [xrpc(502, 'UpstreamFailure'), FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 503 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 504 }, FOUND, undefined, A_LOOK],
  [{ kind: 'html_error', status: 408 }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_truncate' }, FOUND, undefined, A_LOOK],
  [{ kind: 'commit_then_garbage' }, FOUND],
  [{ kind: 'commit_then_html', status: 200 }, FOUND],
  [{ kind: 'commit_then_slow', ms: 1_000 }, FOUND],
  [{ kind: 'redirect', status: 307 }, FOUND],
  [{ kind: 'html_error', status: 403 }, FOUND],
  [{ kind: 'html_error', status: 404 }, FOUND],
  [{ kind: 'html_error', status: 400 }, FOUND],
  [{ kind: 'reset_before' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [{ kind: 'html_error', status: 404 }, UNCONFIRMED, RESOLVED, UNTIL_MENDED],
  [{ kind: 'commit_then_garbage' }, UNCONFIRMED, isFound('replay'), UNTIL_MENDED],
  [xrpc(400, 'InvalidRequest'), UNCONFIRMED, isFound('replay')],
  [xrpc(400, 'RepoNotFound'), UNCONFIRMED, isFound('replay')],
  [
    { kind: 'rate_limited', form: 'reset', resetInMs: 10 * MINUTE },
    {
      state: 'outcome_unknown',
      cause: 'unknown',
      wakes: [9 * MINUTE, 10.1 * MINUTE],
      trail: [UNKNOWN],
      creates: 1,
      live: 1,
    },
    isFound('time'),
  ],
]);

const MISSED = cellsOf<PdsFault>({ call: 'getRecord', post: 'text', also: [NOT_LIVE] }, [
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN, undefined, { times: 6 }],
  [{ kind: 'html_error', status: 404 }, SENT_AGAIN, undefined, { times: 2 }],
  [{ kind: 'commit_then_truncate' }, SENT_AGAIN, undefined, { times: 6 }],
]);

const replayed = goesLive('replay', 1);
const reconnected = goesLive('reconnect', 1);
const waited = goesLive('time', 1);
const TEN_MINUTES = throttled(9 * MINUTE, 10.1 * MINUTE, 0);

/** Met alike by every repeatable call; `stage` is the cause of a step that got no answer. */
const everyCall = (stage: CauseCode): readonly Row<PdsFault>[] => [
  [{ kind: 'reset_before' }, PUBLISHED],
  [{ kind: 'reset_before' }, later(stage), undefined, { times: 3 }],
  [{ kind: 'hang_before' }, PUBLISHED],
  [xrpc(500, 'InternalServerError'), PUBLISHED],
  [{ kind: 'html_error', status: 502 }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, later(stage), undefined, { times: 3 }],
  [{ kind: 'html_error', status: 504 }, PUBLISHED],
  [{ kind: 'html_error', status: 408 }, PUBLISHED],
  [{ kind: 'commit_then_reset' }, PUBLISHED],
  [{ kind: 'commit_then_hang' }, PUBLISHED],
  [{ kind: 'commit_then_truncate' }, PUBLISHED],
  [{ kind: 'commit_then_html', status: 502 }, PUBLISHED],
  [{ kind: 'commit_then_garbage' }, later(stage)],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [{ kind: 'rate_limited', form: 'reset', resetInMs: 10 * MINUTE }, TEN_MINUTES, waited],
];

/** Refusals of whatever stands in front of the PDS: once they are nothing, and while they last the publish waits. */
const notItsWord = (stage: CauseCode): readonly Row<PdsFault>[] => [
  [{ kind: 'html_error', status: 401 }, later(stage), undefined, A_LOOK],
  [{ kind: 'html_error', status: 403 }, PUBLISHED],
  [{ kind: 'html_error', status: 403 }, later(stage), undefined, A_LOOK],
  [{ kind: 'html_error', status: 404 }, later(stage), undefined, A_LOOK],
  [{ kind: 'html_error', status: 413 }, later(stage), undefined, A_LOOK],
  [{ kind: 'redirect', status: 307 }, later(stage), undefined, A_LOOK],
];

const ENDING = { endsInMs: 30_000 } as const;
const WITHOUT_PASSWORD = { account: { ...ENDING, withoutPassword: true } } as const;

/** The grant is about to end. The old refresh token lives on for two hours, so a lost answer is asked for again. */
const REFRESH = cellsOf<PdsFault>({ call: 'refreshSession', post: 'text', account: ENDING }, [
  ...everyCall('publish_failed'),
  ...notItsWord('publish_failed'),
  [{ kind: 'reset_before' }, givenUp('publish_failed'), replayed, { times: null }],
  // A dead refresh token is no dead connection while there is a password to sign in with.
  [xrpc(400, 'ExpiredToken', 'Token has been revoked'), PUBLISHED],
  [xrpc(401, 'AccountTakedown'), refused('reconnect_required', 0), reconnected, { ...WITHOUT_PASSWORD, ...A_LOOK }],
  [
    xrpc(400, 'ExpiredToken', 'Token has been revoked'),
    refused('reconnect_required', 0),
    reconnected,
    WITHOUT_PASSWORD,
  ],
  [xrpc(400, 'InvalidToken'), refused('auth_failed', 0), reconnected, WITHOUT_PASSWORD],
]);

const REFRESH_IS_DEAD = { call: 'refreshSession', fault: xrpc(400, 'ExpiredToken'), times: null } as const;

const SIGN_IN = cellsOf<PdsFault>({ call: 'createSession', post: 'text', account: ENDING, also: [REFRESH_IS_DEAD] }, [
  ...everyCall('publish_failed'),
  ...notItsWord('publish_failed'),
  [
    xrpc(401, 'AuthenticationRequired', 'Invalid identifier or password'),
    refused('auth_failed', 0),
    reconnected,
    A_LOOK,
  ],
  [xrpc(401, 'AccountTakedown'), refused('reconnect_required', 0), reconnected, A_LOOK],
]);

const UPLOAD = cellsOf<PdsFault>({ call: 'uploadBlob', post: 'photo' }, [
  ...everyCall('child_create_failed'),
  ...notItsWord('child_create_failed'),
  [xrpc(404, 'XRPCNotSupported'), later('child_create_failed')],
  [xrpc(400, 'ExpiredToken'), PUBLISHED],
  [xrpc(400, 'ExpiredToken'), refused('reconnect_required', 0), reconnected, { times: 2 }],
  [xrpc(400, 'InvalidRequest', 'Blob has been takendown'), refused('media_invalid', 0), replayed],
  [xrpc(413, 'PayloadTooLarge'), refused('media_invalid', 0), replayed],
  [xrpc(400, 'InvalidToken'), refused('auth_failed', 0), reconnected],
  [xrpc(401, 'AccountTakedown'), PUBLISHED],
  [xrpc(401, 'AccountTakedown'), refused('reconnect_required', 0), reconnected, A_LOOK],
]);

const RESOLVE = cellsOf<PdsFault>({ call: 'resolveHandle', post: 'mention' }, [
  ...everyCall('parent_create_failed'),
  // Nobody has the handle: the mention stays plain text.
  [xrpc(400, 'InvalidRequest', 'Unable to resolve handle'), PUBLISHED],
  [xrpc(400, 'HandleNotFound'), PUBLISHED],
  ...notItsWord('parent_create_failed'),
]);

export const BLUESKY_OTHERS: readonly PdsCell[] = [...READ, ...MISSED, ...REFRESH, ...SIGN_IN, ...UPLOAD, ...RESOLVE];
