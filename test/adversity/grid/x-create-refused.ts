// X's point of no return when it is refused: explicitly, by a word that is not X's own, for an expired grant, or for a
// time (platform reference 1, sections 1.5 and 1.6). One preset of each group of rows.
import type { CauseCode } from '../../../src/domain/causes/causes.ts';
import { goesLive, later, madeAnew, PUBLISHED, refused, refusedWhenAbsent, throttled } from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const CREATE = { call: 'create_post', post: 'text' } as const;

const replayed = goesLive('replay', 2);
const reconnected = goesLive('reconnect', 2);

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

/** Explicit refusals: nothing is live, a person is needed, and the replay is safe. */
const REFUSED = cellsOf<SandboxFault>(CREATE, [
  [preset('invalid_parameter'), refused('publish_failed'), replayed],
  [preset('text_too_long'), refused('publish_failed'), replayed],
  [preset('not_permitted'), refused('publish_failed'), replayed],
  [preset('invalid_url'), refused('publish_failed'), replayed],
  [preset('cashtags'), refused('publish_failed'), replayed],
  [preset('not_authorized_for_resource'), refused('publish_failed'), replayed],
  [preset('resource_not_found'), refused('publish_failed'), replayed],
  [preset('forbidden'), refused('permissions_missing'), reconnected],
  [preset('user_suspended'), refused('auth_failed'), reconnected],
  [preset('account_locked'), refused('auth_failed'), reconnected],
]);

/** Our app is refused, whichever account it speaks for: tried again later, by itself, and nobody is disconnected. */
const triedAgain = (cause: CauseCode) => ({ ...later(cause), creates: 2 });
const APP_REFUSED = cellsOf<SandboxFault>(CREATE, [
  [preset('credits_depleted'), triedAgain('permissions_missing')],
  [preset('credits_depleted_alt'), triedAgain('permissions_missing')],
  [preset('oauth1_permissions'), triedAgain('permissions_missing')],
  [preset('client_forbidden'), triedAgain('permissions_missing')],
  [preset('code_453'), triedAgain('permissions_missing')],
  [preset('unsupported_authentication'), triedAgain('auth_failed')],
  [preset('client_forbidden'), triedAgain('permissions_missing'), undefined, { post: 'photo' }],
]);

/** With media, the create makes the parent of children that exist. */
const WITH_MEDIA = cellsOf<SandboxFault>({ ...CREATE, post: 'photo' }, [
  [preset('invalid_media_ids'), madeAnew('media_invalid')],
  [preset('invalid_media_ids'), refused('media_invalid', 2), goesLive('replay', 3), { times: 2 }],
  [preset('payload_too_large'), refused('media_invalid'), replayed],
  [preset('video_too_long'), refused('media_invalid'), replayed],
  [preset('text_too_long'), refused('parent_create_failed'), replayed],
  [{ kind: 'duplicate_refusal' }, refusedWhenAbsent('publish_failed'), replayed],
]);

/** A duplicate refusal names no post, and HTML is nobody's word: both are looked into before they are believed. */
const DOUBTED = cellsOf<SandboxFault>(CREATE, [
  [{ kind: 'duplicate_refusal' }, refusedWhenAbsent('publish_failed'), replayed],
  [preset('duplicate_code_187'), refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 400 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 403 }, refusedWhenAbsent('permissions_missing'), reconnected],
  [{ kind: 'html_error', status: 404 }, refusedWhenAbsent('publish_failed'), replayed],
  [{ kind: 'html_error', status: 409 }, refusedWhenAbsent('publish_failed'), replayed],
]);

const renewedOnce = { ...PUBLISHED, trail: ['refused auth_expired', 'published'], creates: 2 };
const renewedInVain = {
  ...refused('reconnect_required', 2),
  trail: ['refused auth_expired', 'refused reconnect_required'],
};

/** 401 on the create: nothing is live. The grant is renewed once, and the post is sent under the new one. */
const UNAUTHORIZED = cellsOf<SandboxFault>(CREATE, [
  [{ kind: 'unauthorized' }, renewedOnce],
  [{ kind: 'unauthorized' }, renewedOnce, undefined, { post: 'video' }],
  [{ kind: 'unauthorized' }, renewedInVain, goesLive('reconnect', 3), { times: 2 }],
]);

const waited = goesLive('time', 2);
const MINUTE = 60_000;

/** 429 in each of X's forms: the wait is the platform's own, a quarter of an hour where it names none. */
const THROTTLED = cellsOf<SandboxFault>(CREATE, [
  [{ kind: 'rate_limited', form: 'epoch', resetInMs: 10 * MINUTE }, throttled(9.9 * MINUTE, 10.1 * MINUTE), waited],
  [{ kind: 'rate_limited', form: 'delta', resetInMs: 10 * MINUTE }, throttled(9.9 * MINUTE, 10.1 * MINUTE), waited],
  [
    { kind: 'rate_limited', form: 'retry_after', resetInMs: 10 * MINUTE },
    throttled(9.9 * MINUTE, 10.1 * MINUTE),
    waited,
  ],
  [
    { kind: 'rate_limited', form: 'retry_after_date', resetInMs: 10 * MINUTE },
    throttled(9.9 * MINUTE, 10.1 * MINUTE),
    waited,
  ],
  [{ kind: 'rate_limited', form: 'none' }, throttled(14.9 * MINUTE, 15 * MINUTE), waited],
  [{ kind: 'rate_limited', form: 'day', resetInMs: 60 * MINUTE }, throttled(59.9 * MINUTE, 60.1 * MINUTE), waited],
  [preset('rate_limited_code_88'), throttled(14.9 * MINUTE, 15 * MINUTE), waited],
  [preset('usage_capped'), throttled(1_439.9 * MINUTE, 1_440 * MINUTE), waited],
  [{ kind: 'html_error', status: 429 }, throttled(14.9 * MINUTE, 15 * MINUTE), waited],
]);

export const X_CREATE_REFUSED: readonly SandboxCell[] = [
  ...REFUSED,
  ...APP_REFUSED,
  ...WITH_MEDIA,
  ...DOUBTED,
  ...UNAUTHORIZED,
  ...THROTTLED,
];
