// Instagram's containers, children, parents and single ones, and their status while a post is prepared: repeatable and
// invisible, so nothing of it can be live (platform reference 2, sections 2.2 and 2.5).
import type { CauseCode } from '../../../src/domain/causes/causes.ts';
import type { PostKind } from './cell.ts';
import { goesLive, later, PUBLISHED, refused, throttled } from './endings.ts';
import { cellsOf, type Row } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

const replayed = goesLive('replay', 1);
const reconnected = goesLive('reconnect', 1);
const waited = goesLive('time', 1);
const MINUTE = 60_000;

/** Met alike by every call of the preparation; only the name of the failed stage differs. */
const everyCall = (stage: CauseCode): readonly Row<SandboxFault>[] => [
  [{ kind: 'reset_before' }, PUBLISHED],
  [{ kind: 'reset_before' }, later(stage), undefined, { times: 3 }],
  [{ kind: 'hang_before' }, PUBLISHED],
  [{ kind: 'hang_before' }, later(stage), undefined, { times: 3 }],
  [{ kind: 'html_error', status: 500 }, PUBLISHED],
  [{ kind: 'html_error', status: 502 }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, later(stage), undefined, { times: 3 }],
  [{ kind: 'html_error', status: 504 }, PUBLISHED],
  [{ kind: 'html_error', status: 408 }, PUBLISHED],
  [{ kind: 'commit_then_reset' }, PUBLISHED],
  [{ kind: 'commit_then_hang' }, PUBLISHED],
  [{ kind: 'commit_then_truncate' }, PUBLISHED],
  [{ kind: 'commit_then_status', status: 502, form: 'html' }, PUBLISHED],
  [{ kind: 'commit_then_garbage' }, later(stage)],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  // Not in Instagram's words: whoever stands in between says nothing of the account.
  [{ kind: 'redirect', status: 307 }, PUBLISHED],
  [{ kind: 'redirect', status: 307 }, later(stage), undefined, { times: 3 }],
  [{ kind: 'html_error', status: 403 }, PUBLISHED],
  [{ kind: 'html_error', status: 403 }, later(stage), undefined, { times: 3 }],
  [{ kind: 'html_error', status: 401 }, later(stage), undefined, { times: 3 }],
  [{ kind: 'unauthorized' }, refused('reconnect_required', 0), reconnected],
  [preset('token_expired'), PUBLISHED],
  // The renewed grant is seconds old: a refusal of it is believed when it has been said three times.
  [preset('token_expired'), refused('reconnect_required', 0), reconnected, { times: 4 }],
  [preset('token_malformed'), refused('auth_failed', 0), reconnected],
  [preset('permission_missing'), refused('permissions_missing', 0), reconnected],
  [preset('account_restricted'), refused('reconnect_required', 0), reconnected],
  [
    { kind: 'rate_limited', form: 'usage_minutes', resetInMs: 20 * MINUTE },
    throttled(19.9 * MINUTE, 20 * MINUTE, 0),
    waited,
  ],
  [{ kind: 'rate_limited', form: 'none' }, throttled(4.9 * MINUTE, 5 * MINUTE, 0), waited],
];

/** Met by the making of a container: what passes is tried three times with a new one. */
const making = (stage: CauseCode): readonly Row<SandboxFault>[] => [
  ...everyCall(stage),
  [preset('service_unavailable'), PUBLISHED],
  [preset('instagram_server_error'), PUBLISHED],
  [preset('instagram_server_error'), refused(stage, 0), replayed, { times: 3 }],
  [preset('container_failed'), PUBLISHED],
  [preset('container_failed'), refused(stage, 0), replayed, { times: 3 }],
  [preset('param_not_allowed'), refused(stage, 0), replayed],
  [preset('caption_too_long'), refused('publish_failed', 0), replayed],
  [preset('spam_block'), throttled(359 * MINUTE, 360 * MINUTE, 0), waited],
];

/** Met by containers that hold media of their own; after so many failures one of them has used up its three tries. */
const fetching = (failures: number): readonly Row<SandboxFault>[] => [
  [preset('unfetchable'), PUBLISHED],
  [preset('unfetchable'), refused('media_invalid', 0), replayed, { times: 3 }],
  [preset('download_timeout'), PUBLISHED],
  [preset('image_too_large'), refused('media_invalid', 0), replayed],
  [preset('image_format'), refused('media_invalid', 0), replayed],
  [preset('aspect_ratio'), refused('media_invalid', 0), replayed],
  [{ kind: 'processing_never_ends' }, refused('child_processing_timeout', 0), replayed],
  [{ kind: 'processing_failed' }, PUBLISHED],
  [{ kind: 'processing_failed' }, refused('child_create_failed', 0), replayed, { times: failures }],
  [{ kind: 'processing_failed', name: '2207026' }, refused('media_invalid', 0), replayed],
];

const PARENT: readonly Row<SandboxFault>[] = [
  [preset('carousel_size'), refused('parent_create_failed', 0), replayed],
  [preset('not_found'), PUBLISHED],
  [preset('not_found'), refused('permissions_missing', 0), reconnected, { times: 3 }],
  [{ kind: 'processing_never_ends' }, refused('parent_create_failed', 0), replayed],
];

/** A container that was made just now may not be seen yet. */
const STATUS: readonly Row<SandboxFault>[] = [
  [preset('not_found'), PUBLISHED],
  [preset('object_missing'), PUBLISHED],
  [preset('not_found'), refused('child_processing_timeout', 0), replayed, { times: null }],
];

const made = (call: string, post: PostKind, rows: readonly Row<SandboxFault>[]) =>
  cellsOf<SandboxFault>({ call, post }, rows);

/** The host of the media itself, from which Instagram fetches: what it could not fetch, it is asked to fetch again. */
const MEDIA_HOST = cellsOf<SandboxFault>({ call: 'media_host', post: 'photo' }, [
  [{ kind: 'reset_before' }, PUBLISHED],
  [{ kind: 'hang_before' }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, PUBLISHED],
  [{ kind: 'html_error', status: 404 }, refused('media_invalid', 0), replayed, { times: null }],
  [{ kind: 'commit_then_garbage' }, refused('media_invalid', 0), replayed, { times: null }],
]);

export const INSTAGRAM_CONTAINERS: readonly SandboxCell[] = [
  ...made('create_container.single', 'photo', [...making('child_create_failed'), ...fetching(3)]),
  ...made('create_container.child', 'carousel', [...making('child_create_failed'), ...fetching(4)]),
  ...made('create_container.parent', 'carousel', [...making('parent_create_failed'), ...PARENT]),
  ...made('container_status', 'photo', [...everyCall('child_create_failed'), ...STATUS]),
  ...made('create_container.single', 'video', [
    [{ kind: 'commit_then_reset' }, PUBLISHED],
    [{ kind: 'processing_never_ends' }, refused('child_processing_timeout', 0), replayed],
  ]),
  ...MEDIA_HOST,
];
