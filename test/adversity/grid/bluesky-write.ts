// Bluesky's point of no return, `putRecord` under a record key of our own (platform reference 2, sections 5.2 to 5.6).
// A repetition is harmless there; it still waits until the first write can no longer be under way.
import {
  FOUND,
  foundAfter,
  goesLive,
  madeAnew,
  PUBLISHED,
  refused,
  refusedWhenAbsent,
  SENT_AGAIN,
  throttled,
  UNKNOWN,
} from './endings.ts';
import type { PdsFault } from './pds-faults.ts';
import type { PdsCell } from './pds-ground.ts';
import { cellsOf } from './rows.ts';

const WRITE = { call: 'putRecord', post: 'text' } as const;

const xrpc = (status: number, error: string, message?: string): PdsFault => ({
  kind: 'refuse_before',
  status,
  error,
  ...(message === undefined ? {} : { message }),
});

/** The post is live, and the answer that would say so is lost, late, or a lie: it is found. */
const COMMITTED = cellsOf<PdsFault>(WRITE, [
  [{ kind: 'commit_then_hang' }, FOUND],
  [{ kind: 'commit_then_reset' }, FOUND],
  [{ kind: 'lying_refusal', status: 500, error: 'InternalServerError' }, FOUND],
  [{ kind: 'commit_then_html', status: 502 }, FOUND],
  [{ kind: 'commit_then_html', status: 503 }, FOUND],
  [{ kind: 'commit_then_html', status: 504 }, FOUND],
  [{ kind: 'commit_then_html', status: 408 }, FOUND],
  [{ kind: 'commit_then_html', status: 200 }, FOUND],
  [{ kind: 'commit_then_html', status: 302 }, foundAfter('publish_failed')],
  [{ kind: 'commit_then_html', status: 403 }, foundAfter('permissions_missing')],
  [{ kind: 'commit_then_html', status: 404 }, foundAfter('publish_failed')],
  [{ kind: 'commit_then_garbage' }, FOUND],
  [{ kind: 'commit_then_truncate' }, FOUND],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [{ kind: 'commit_then_slow', ms: 12_000 }, FOUND],
  [{ kind: 'commit_later', ms: 1_000 }, PUBLISHED],
  // Between the end of the wait for its answer, at nine seconds, and the first look, at ten.
  [{ kind: 'commit_later', ms: 9_300 }, FOUND],
  // Later than anyone waits for it: the second write is the same record under the same key, so the late one is nothing.
  [{ kind: 'commit_later', ms: 30_000 }, SENT_AGAIN],
  [{ kind: 'lying_refusal', status: 400, error: 'InvalidSwap' }, foundAfter('publish_failed')],
  [{ kind: 'commit_then_reset' }, FOUND, undefined, { post: 'photo' }],
  [{ kind: 'commit_then_hang' }, FOUND, undefined, { post: 'mention' }],
]);

/** The request took no effect, and nobody says so. */
const LOST = cellsOf<PdsFault>(WRITE, [
  [{ kind: 'reset_before' }, SENT_AGAIN],
  [{ kind: 'hang_before' }, SENT_AGAIN],
  [xrpc(500, 'InternalServerError'), SENT_AGAIN],
  [xrpc(502, 'UpstreamFailure'), SENT_AGAIN],
  [xrpc(503, 'NotEnoughResources'), SENT_AGAIN],
  [{ kind: 'html_error', status: 502 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 503 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 504 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 408 }, SENT_AGAIN],
  [{ kind: 'html_error', status: 200 }, SENT_AGAIN],
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

/** Looked into before it is believed: a word that is not the PDS's own, and a record under our key. */
const DOUBTED = cellsOf<PdsFault>(WRITE, [
  [xrpc(400, 'InvalidSwap'), refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 400 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 401 }, refusedWhenAbsent('auth_failed'), replayed],
  [{ kind: 'html_error', status: 403 }, refusedWhenAbsent('permissions_missing'), replayed],
  [{ kind: 'html_error', status: 413 }, refusedWhenAbsent('media_invalid'), replayed],
  [{ kind: 'redirect', status: 301 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 302 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 307 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'redirect', status: 308 }, refusedWhenAbsent('publish_failed'), replayed],
]);

const INVALID_RECORD = 'Invalid app.bsky.feed.post record: grapheme too big (maximum 300, got 301) at $.record.text';
const INVALID_EMBED =
  'Invalid app.bsky.feed.post record: blob too big (maximum 2000000) at $.record.embed.images[0].image';

/** Explicit refusals: nothing is live, a person is needed, and the replay is safe. */
const REFUSED = cellsOf<PdsFault>(WRITE, [
  [xrpc(400, 'InvalidRequest', INVALID_RECORD), refused('publish_failed'), replayed],
  [xrpc(400, 'InvalidRequest', INVALID_EMBED), refused('media_invalid'), replayed, { post: 'photo' }],
  [xrpc(400, 'BlobNotFound'), madeAnew('child_create_failed'), undefined, { post: 'photo' }],
  [xrpc(400, 'BlobNotFound'), refused('child_create_failed', 2), goesLive('replay', 3), { post: 'photo', times: 2 }],
  [xrpc(400, 'InvalidMimeType'), refused('media_invalid'), replayed, { post: 'photo' }],
  [xrpc(400, 'InvalidSize'), refused('media_invalid'), replayed, { post: 'photo' }],
  [xrpc(413, 'PayloadTooLarge'), refused('media_invalid'), replayed],
  [xrpc(400, 'InvalidToken'), refused('auth_failed'), reconnected],
  [xrpc(401, 'AuthMissing'), refused('auth_failed'), reconnected],
  [xrpc(401, 'AccountTakedown'), refused('reconnect_required'), reconnected],
  [xrpc(401, 'AccountDeactivated'), refused('reconnect_required'), reconnected],
  [xrpc(403, 'AccountNotFound'), refused('reconnect_required'), reconnected],
  [xrpc(403, 'ScopeMissingError'), refused('permissions_missing'), reconnected],
]);

const renewedOnce = { ...PUBLISHED, trail: ['refused auth_expired', 'published'], creates: 2 };
const renewedInVain = {
  ...refused('reconnect_required', 2),
  trail: ['refused auth_expired', 'refused reconnect_required'],
};

/** The access token expired on the way: renewed once, and sent under the new one. */
const EXPIRED = cellsOf<PdsFault>(WRITE, [
  [xrpc(400, 'ExpiredToken'), renewedOnce],
  [xrpc(401, 'ExpiredToken'), renewedOnce],
  [xrpc(400, 'ExpiredToken'), renewedInVain, goesLive('reconnect', 3), { times: 2 }],
]);

const MINUTE = 60_000;
const waited = goesLive('time', 2);
const TEN_MINUTES = throttled(9 * MINUTE, 10.1 * MINUTE);
const FIVE_MINUTES = throttled(4.9 * MINUTE, 5 * MINUTE);

/** 429 in each form: the PDS's own reset, or its usual window. */
const THROTTLED = cellsOf<PdsFault>(WRITE, [
  [{ kind: 'rate_limited', form: 'reset', resetInMs: 10 * MINUTE }, TEN_MINUTES, waited],
  [{ kind: 'rate_limited', form: 'retry_after', resetInMs: 10 * MINUTE }, TEN_MINUTES, waited],
  [{ kind: 'rate_limited', form: 'retry_after_date', resetInMs: 10 * MINUTE }, TEN_MINUTES, waited],
  [{ kind: 'rate_limited', form: 'none' }, FIVE_MINUTES, waited],
  [{ kind: 'html_error', status: 429 }, FIVE_MINUTES, waited],
]);

export const BLUESKY_WRITE: readonly PdsCell[] = [
  ...COMMITTED,
  ...LOST,
  ...DOUBTED,
  ...REFUSED,
  ...EXPIRED,
  ...THROTTLED,
];
