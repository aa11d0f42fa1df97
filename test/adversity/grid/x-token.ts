// X's token endpoint: a refresh token works once, so a renewal is sent once; only X's own word disconnects an account
// (platform reference 1, section 1.1).
import { givenUp, goesLive, later, PUBLISHED, refused, throttled } from './endings.ts';
import { cellsOf } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

/** The grant is about to end, so it is renewed before anything else. */
const ENDING = { endsInMs: 30_000 } as const;

/** The old refresh token is used up, and nobody was told the new one: only a person can connect the account again. */
const lostTokens = {
  ...refused('reconnect_required', 0),
  trail: ['not_sent publish_failed', 'refused reconnect_required'],
};
const reconnected = goesLive('reconnect', 1);
const waited = goesLive('time', 1);
const MINUTE = 60_000;

const RENEWAL = cellsOf<SandboxFault>({ call: 'token', post: 'text', account: ENDING }, [
  [{ kind: 'reset_before' }, later('publish_failed')],
  [{ kind: 'hang_before' }, later('publish_failed')],
  [{ kind: 'html_error', status: 500 }, later('publish_failed')],
  [{ kind: 'html_error', status: 502 }, later('publish_failed')],
  [{ kind: 'html_error', status: 503 }, later('publish_failed')],
  [{ kind: 'html_error', status: 504 }, later('publish_failed')],
  [{ kind: 'html_error', status: 408 }, later('publish_failed')],
  [{ kind: 'html_error', status: 403 }, later('publish_failed')],
  [{ kind: 'html_error', status: 200 }, later('publish_failed')],
  [{ kind: 'redirect', status: 307 }, later('publish_failed')],
  [{ kind: 'rate_limited', form: 'epoch', resetInMs: 10 * MINUTE }, throttled(9.9 * MINUTE, 10.1 * MINUTE, 0), waited],
  [{ kind: 'rate_limited', form: 'none' }, throttled(14.9 * MINUTE, 15 * MINUTE, 0), waited],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [{ kind: 'commit_later', ms: 500 }, PUBLISHED],
  [{ kind: 'commit_then_reset' }, lostTokens, reconnected],
  [{ kind: 'commit_then_hang' }, lostTokens, reconnected],
  [{ kind: 'commit_then_garbage' }, lostTokens, reconnected],
  [{ kind: 'commit_then_truncate' }, lostTokens, reconnected],
  [{ kind: 'commit_then_status', status: 502, form: 'html' }, lostTokens, reconnected],
  [preset('token_invalid_request'), refused('reconnect_required', 0), reconnected],
  [preset('token_invalid_grant'), refused('reconnect_required', 0), reconnected],
  // Our app's client is refused, not this account's grant; a 401 that names no client was worn by an outage.
  [preset('token_invalid_client'), later('auth_failed')],
  [preset('token_unauthorized_client'), later('auth_failed')],
  [{ kind: 'html_error', status: 401 }, later('publish_failed')],
  [{ kind: 'reset_before' }, givenUp('publish_failed'), goesLive('replay', 1), { times: 3 }],
  [{ kind: 'html_error', status: 503 }, givenUp('publish_failed'), goesLive('replay', 1), { times: null }],
]);

const EXPIRED_AT_THE_CREATE = { call: 'create_post', fault: { kind: 'unauthorized' } } as const;

/** The create is refused for its grant, and the renewal fails as well. */
const MID_CHAIN = cellsOf<SandboxFault>({ call: 'token', post: 'text', also: [EXPIRED_AT_THE_CREATE] }, [
  [
    { kind: 'html_error', status: 503 },
    { ...PUBLISHED, trail: ['refused auth_expired', 'not_sent publish_failed', 'published'], creates: 2 },
  ],
  [
    preset('token_invalid_request'),
    { ...refused('reconnect_required'), trail: ['refused auth_expired', 'refused reconnect_required'] },
    goesLive('reconnect', 2),
  ],
]);

export const X_TOKEN: readonly SandboxCell[] = [...RENEWAL, ...MID_CHAIN];
