// Instagram's other calls: the renewal of the grant, the quota, and the look-up of a live post's address (platform
// reference 2, sections 2.1, 2.2 and 2.6).
import { givenUp, goesLive, later, PUBLISHED, refused, throttled } from './endings.ts';
import { cellsOf, type Row } from './rows.ts';
import type { SandboxCell, SandboxFault } from './sandbox-ground.ts';

const preset = (name: string): SandboxFault => ({ kind: 'refuse_before', preset: name });

const DAY = 24 * 3_600_000;
const SETTINGS = { processingMs: 0 } as const;
/** Half of its life is over: it is renewed ahead, and lives on if it is not. */
const AGEING = { tokenAgeMs: 40 * DAY, accessExpiresInMs: 20 * DAY, settings: SETTINGS } as const;
/** It ends within the minute: without a renewal nothing can be sent. */
const ENDING = { tokenAgeMs: 59 * DAY, endsInMs: 30_000, settings: SETTINGS } as const;
const EXPIRED = { tokenAgeMs: 60 * DAY, tokenState: 'expired', settings: SETTINGS } as const;

const reconnected = goesLive('reconnect', 1);

/** The grant still lives: whatever its renewal meets holds nobody up. */
const RENEWED_AHEAD = cellsOf<SandboxFault>({ call: 'refresh_token', post: 'photo', account: AGEING }, [
  [{ kind: 'reset_before' }, PUBLISHED, undefined, { times: 3 }],
  [{ kind: 'hang_before' }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, PUBLISHED, undefined, { times: 3 }],
  [{ kind: 'commit_then_garbage' }, PUBLISHED],
  [preset('permission_missing'), PUBLISHED],
  [preset('session_invalid'), PUBLISHED],
  [preset('app_id'), PUBLISHED],
]);

const RENEWED_LAST = cellsOf<SandboxFault>({ call: 'refresh_token', post: 'photo', account: ENDING }, [
  [{ kind: 'reset_before' }, PUBLISHED],
  [{ kind: 'reset_before' }, later('publish_failed'), undefined, { times: 3 }],
  [{ kind: 'hang_before' }, PUBLISHED],
  [{ kind: 'html_error', status: 500 }, later('publish_failed'), undefined, { times: 3 }],
  [{ kind: 'html_error', status: 502 }, later('publish_failed'), undefined, { times: 3 }],
  [{ kind: 'html_error', status: 504 }, PUBLISHED],
  [{ kind: 'html_error', status: 403 }, PUBLISHED],
  [{ kind: 'html_error', status: 403 }, later('publish_failed'), undefined, { times: 3 }],
  [{ kind: 'redirect', status: 307 }, later('publish_failed'), undefined, { times: 3 }],
  [preset('app_id'), later('auth_failed')],
  [{ kind: 'rate_limited', form: 'none' }, later('publish_failed')],
  [{ kind: 'commit_then_reset' }, PUBLISHED],
  [{ kind: 'commit_then_hang' }, PUBLISHED],
  [{ kind: 'commit_then_truncate' }, PUBLISHED],
  [{ kind: 'commit_then_garbage' }, later('publish_failed')],
  [{ kind: 'commit_then_slow', ms: 1_000 }, PUBLISHED],
  [preset('permission_missing'), later('publish_failed')],
  [preset('session_invalid'), refused('reconnect_required', 0), reconnected],
  [preset('token_malformed'), refused('auth_failed', 0), reconnected],
  [{ kind: 'reset_before' }, givenUp('publish_failed'), goesLive('replay', 1), { times: 9 }],
]);

/** An expired token can no longer be renewed, as Instagram itself says. */
const TOO_LATE = cellsOf<SandboxFault>({ call: 'publish', post: 'photo', account: EXPIRED }, [
  [null, refused('auth_expired', 0), reconnected],
]);

/** A quota that cannot be read is nobody's concern, and neither is an address that cannot be learned. */
const NEVER_IN_THE_WAY: readonly Row<SandboxFault>[] = [
  [{ kind: 'reset_before' }, PUBLISHED],
  [{ kind: 'hang_before' }, PUBLISHED],
  [{ kind: 'html_error', status: 503 }, PUBLISHED],
  [{ kind: 'commit_then_garbage' }, PUBLISHED],
  [{ kind: 'commit_then_truncate' }, PUBLISHED],
  [{ kind: 'commit_then_hang' }, PUBLISHED],
  [{ kind: 'redirect', status: 307 }, PUBLISHED],
  [{ kind: 'unauthorized' }, PUBLISHED],
  [{ kind: 'rate_limited', form: 'none' }, PUBLISHED],
  [preset('object_missing'), PUBLISHED],
];

const HOUR = 3_600_000;
const ONE_AN_HOUR = { settings: { ...SETTINGS, quota: { publish: { limit: 1, windowMs: HOUR } } } } as const;

/** The quota is spent: it waits until the oldest post leaves the window. `creates` and `live` count that post. */
const SPENT = cellsOf<SandboxFault>({ call: 'publish', post: 'photo', account: ONE_AN_HOUR }, [
  [
    null,
    { ...throttled(0.95 * HOUR, HOUR), live: 1 },
    { by: 'time', ends: { ...PUBLISHED, creates: 2, live: 2 } },
    { twin: true },
  ],
]);

export const INSTAGRAM_OTHERS: readonly SandboxCell[] = [
  ...RENEWED_AHEAD,
  ...RENEWED_LAST,
  ...TOO_LATE,
  ...cellsOf<SandboxFault>({ call: 'publishing_limit', post: 'photo' }, NEVER_IN_THE_WAY),
  ...cellsOf<SandboxFault>({ call: 'media_lookup', post: 'photo' }, NEVER_IN_THE_WAY),
  ...SPENT,
];
