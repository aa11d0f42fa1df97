// X's media calls: repeatable and invisible, so a lost answer is asked for again, and nothing of it can be live
// (platform reference 1, sections 1.2 and 1.5).
import type { PostKind } from './cell.ts';
import { givenUp, goesLive, later, madeAnew, PUBLISHED, refused, throttled } from './endings.ts';
import { cellsOf, type Row } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

const replayed = goesLive('replay', 1);
const reconnected = goesLive('reconnect', 1);
const waited = goesLive('time', 1);
const MINUTE = 60_000;

/** Met by every media call alike. */
const EVERY_CALL: readonly Row<SandboxFault>[] = [
  [{ kind: 'reset_before' }, PUBLISHED],
  [{ kind: 'hang_before' }, PUBLISHED],
  [{ kind: 'html_error', status: 500 }, PUBLISHED],
  [{ kind: 'html_error', status: 502 }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, PUBLISHED],
  [{ kind: 'html_error', status: 504 }, PUBLISHED],
  [{ kind: 'html_error', status: 408 }, PUBLISHED],
  [{ kind: 'commit_then_reset' }, PUBLISHED],
  [{ kind: 'commit_then_hang' }, PUBLISHED],
  [{ kind: 'commit_then_truncate' }, PUBLISHED],
  [{ kind: 'commit_then_status', status: 502, form: 'html' }, PUBLISHED],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [{ kind: 'unauthorized' }, PUBLISHED],
  // The grant that was renewed for it is seconds old: it is asked three times before a 401 is believed.
  [{ kind: 'unauthorized' }, refused('reconnect_required', 0), reconnected, { times: 4 }],
  [{ kind: 'rate_limited', form: 'epoch', resetInMs: 10 * MINUTE }, throttled(9.9 * MINUTE, 10.1 * MINUTE, 0), waited],
  [{ kind: 'rate_limited', form: 'none' }, throttled(14.9 * MINUTE, 15 * MINUTE, 0), waited],
  // Nobody's word, and a refusal that outages have worn.
  [{ kind: 'redirect', status: 307 }, PUBLISHED],
  [{ kind: 'html_error', status: 403 }, PUBLISHED],
  [{ kind: 'html_error', status: 403 }, later('child_create_failed'), undefined, { times: 3 }],
  [preset('resource_not_found'), PUBLISHED],
  [preset('forbidden'), refused('x_media_capability_missing', 0), reconnected],
  // Our app is refused, not this account.
  [preset('code_453'), later('x_media_capability_missing')],
  [preset('credits_depleted'), later('permissions_missing')],
  [preset('invalid_parameter'), refused('media_invalid', 0), replayed],
  [preset('payload_too_large'), refused('media_invalid', 0), replayed],
];

/** What is gone after three tries is gone. */
const GONE: Row<SandboxFault> = [preset('resource_not_found'), refused('media_invalid', 0), replayed, { times: 3 }];
/** An end that X may have heard is asked about, and only the create tells that it had not. */
const GONE_AT_THE_END: Row<SandboxFault> = [
  preset('resource_not_found'),
  madeAnew('media_invalid'),
  undefined,
  { times: 3 },
];

/** Server errors that outlast the tries are a failed child; silence that does is tried again later, by itself. */
const OUTLASTING: readonly Row<SandboxFault>[] = [
  [{ kind: 'html_error', status: 503 }, refused('child_create_failed', 0), replayed, { times: 3 }],
  [{ kind: 'reset_before' }, later('child_create_failed'), undefined, { times: 3 }],
  [{ kind: 'hang_before' }, later('child_create_failed'), undefined, { times: 3 }],
];

/** The answer holds an id, or a state, that is needed. */
const GARBAGE_COUNTS: Row<SandboxFault> = [{ kind: 'commit_then_garbage' }, later('child_create_failed')];
/** Nothing of the answer is needed. */
const GARBAGE_IS_NOTHING: Row<SandboxFault> = [{ kind: 'commit_then_garbage' }, PUBLISHED];

const media = (call: string, post: PostKind, ...rows: readonly Row<SandboxFault>[]): readonly SandboxCell[] =>
  cellsOf<SandboxFault>({ call, post }, [...EVERY_CALL, ...rows]);

/** X asks for patience for ever, or cannot transcode it; the replay uploads anew. */
const PROCESSING = cellsOf<SandboxFault>({ call: 'media_finalize', post: 'video' }, [
  [{ kind: 'processing_never_ends' }, refused('child_processing_timeout', 0), replayed],
  [{ kind: 'processing_failed' }, refused('media_invalid', 0), replayed],
]);

/** The host of the media itself, which the worker reads: while it is down nothing is wrong with the media. */
const MEDIA_HOST = cellsOf<SandboxFault>({ call: 'media_host', post: 'video' }, [
  [{ kind: 'reset_before' }, later('child_create_failed')],
  [{ kind: 'hang_before' }, later('child_create_failed')],
  [{ kind: 'html_error', status: 503 }, later('child_create_failed')],
  [{ kind: 'html_error', status: 429 }, later('child_create_failed')],
  [{ kind: 'commit_then_truncate' }, later('child_create_failed')],
  [{ kind: 'html_error', status: 500 }, givenUp('child_create_failed'), replayed, { times: null }],
  [{ kind: 'html_error', status: 404 }, refused('media_invalid', 0), replayed],
  [{ kind: 'html_error', status: 403 }, refused('media_invalid', 0), replayed],
  [{ kind: 'commit_then_garbage' }, refused('media_invalid', 0), replayed],
]);

export const X_MEDIA: readonly SandboxCell[] = [
  ...media('media_upload', 'photo', ...OUTLASTING, GONE, GARBAGE_COUNTS),
  ...media('media_metadata', 'photo', ...OUTLASTING, GONE, GARBAGE_IS_NOTHING),
  ...media('media_initialize', 'video', ...OUTLASTING, GONE, GARBAGE_COUNTS),
  ...media('media_append', 'video', ...OUTLASTING, GONE, GARBAGE_IS_NOTHING),
  ...media('media_finalize', 'video', ...OUTLASTING, GONE_AT_THE_END, GARBAGE_COUNTS),
  ...media('media_status', 'video', ...OUTLASTING, GONE, GARBAGE_COUNTS),
  ...PROCESSING,
  ...MEDIA_HOST,
];
