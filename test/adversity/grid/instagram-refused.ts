// Instagram's point of no return when it is refused for good or for a time: one preset of each group of rows (platform
// reference 2, sections 1.1, 2.5 and 2.6).
import { goesLive, PUBLISHED, refused, throttled } from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const PUBLISH = { call: 'publish', post: 'photo' } as const;

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

const replayed = goesLive('replay', 2);
const reconnected = goesLive('reconnect', 2);

/** Explicit refusals: nothing is live, a person is needed, and the replay is safe. */
const REFUSED = cellsOf<SandboxFault>(PUBLISH, [
  [preset('caption_too_long'), refused('publish_failed'), replayed],
  [preset('link_scrape'), refused('publish_failed'), replayed],
  [preset('fatal'), refused('publish_failed'), replayed],
  [preset('param_not_allowed'), refused('publish_failed'), replayed],
  [preset('too_many_parameters'), refused('publish_failed'), replayed],
  [preset('image_too_large'), refused('media_invalid'), replayed],
  [preset('aspect_ratio'), refused('media_invalid'), replayed],
  [preset('media_expired'), refused('media_invalid'), replayed],
  [preset('thumb_offset'), refused('media_invalid'), replayed],
  [preset('video_format'), refused('media_invalid'), replayed],
  [preset('processing_failed'), refused('child_create_failed'), replayed],
  [preset('unknown_upload_error'), refused('child_create_failed'), replayed],
  [preset('carousel_size'), refused('parent_create_failed'), replayed],
  [preset('invalid_location'), refused('parent_create_failed'), replayed],
  [preset('permission_missing'), refused('permissions_missing'), reconnected],
  [preset('permission_200'), refused('permissions_missing'), reconnected],
  [preset('parameter_permission'), refused('permissions_missing'), reconnected],
  [preset('trial_reels'), refused('permissions_missing'), reconnected],
  [preset('token_malformed'), refused('auth_failed'), reconnected],
  [preset('session_invalid'), refused('reconnect_required'), reconnected],
  [preset('app_removed'), refused('reconnect_required'), reconnected],
  [preset('checkpointed_bare'), refused('reconnect_required'), reconnected],
  [preset('token_invalid'), refused('reconnect_required'), reconnected],
  [preset('session_key'), refused('reconnect_required'), reconnected],
  [preset('account_restricted'), refused('reconnect_required'), reconnected],
  [preset('user_unavailable'), refused('reconnect_required'), reconnected],
  [{ kind: 'unauthorized' }, refused('reconnect_required'), reconnected],
]);

/** Our app is refused, not the account: the account stays as it is, and it is tried again by itself. */
const OUR_APP = cellsOf<SandboxFault>(
  PUBLISH,
  (
    [
      ['app_id', 'auth_failed'],
      ['appsecret_proof', 'auth_failed'],
      ['token_missing', 'auth_failed'],
      ['capability', 'permissions_missing'],
    ] as const
  ).map(([name, cause]) => [preset(name), { ...PUBLISHED, trail: [`not_sent ${cause}`, 'published'], creates: 2 }]),
);

/** The grant expired on the way: renewed once, and sent under the new one. */
const EXPIRED = cellsOf<SandboxFault>(PUBLISH, [
  [preset('token_expired'), { ...PUBLISHED, trail: ['refused auth_expired', 'published'], creates: 2 }],
  [
    preset('token_expired'),
    { ...refused('reconnect_required', 2), trail: ['refused auth_expired', 'refused reconnect_required'] },
    goesLive('reconnect', 3),
    { times: 2 },
  ],
]);

const waited = goesLive('time', 2);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const FIVE_MINUTES = throttled(4.9 * MINUTE, 5 * MINUTE);

/** Every way in which Meta says "too many": minutes or seconds where it names them, else five minutes. */
const THROTTLED = cellsOf<SandboxFault>(PUBLISH, [
  [
    { kind: 'rate_limited', form: 'usage_minutes', resetInMs: 20 * MINUTE },
    throttled(19.9 * MINUTE, 20 * MINUTE),
    waited,
  ],
  [{ kind: 'rate_limited', form: 'retry_after', resetInMs: 10 * MINUTE }, throttled(9.9 * MINUTE, 10 * MINUTE), waited],
  [{ kind: 'rate_limited', form: 'app_usage' }, FIVE_MINUTES, waited],
  [{ kind: 'rate_limited', form: 'none' }, FIVE_MINUTES, waited],
  [{ kind: 'rate_limited', form: 'user' }, FIVE_MINUTES, waited],
  [{ kind: 'rate_limited', form: 'custom' }, FIVE_MINUTES, waited],
  [preset('throttle_page'), FIVE_MINUTES, waited],
  [preset('throttle_341'), FIVE_MINUTES, waited],
  [preset('throttle_instagram_buc'), FIVE_MINUTES, waited],
  [{ kind: 'html_error', status: 429 }, FIVE_MINUTES, waited],
  [{ kind: 'rate_limited', form: 'quota' }, throttled(59.9 * MINUTE, HOUR), waited],
  [{ kind: 'rate_limited', form: 'abusive' }, throttled(5.99 * HOUR, 6 * HOUR), waited],
]);

export const INSTAGRAM_REFUSED: readonly SandboxCell[] = [...REFUSED, ...OUR_APP, ...EXPIRED, ...THROTTLED];
