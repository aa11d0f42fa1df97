// What a connection is shown as, from the ledger's facts alone, with the adapters as they are.
import { describe, expect, it } from 'vitest';
import { viewConnection } from '../../src/connections/view-connection.ts';
import type { AccountOverview } from '../../src/ledger/accounts/account-overview.ts';
import { loadPlatforms } from '../../src/platforms/registry.ts';

const platforms = await loadPlatforms();
const NOW = new Date('2026-05-04T07:00:00Z');
const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
const ALL = ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'];

function view(account: Partial<AccountOverview['account']>, open: AccountOverview['open'] = []) {
  const whole: AccountOverview['account'] = {
    id: 'account-1',
    workspaceId: 'workspace-1',
    platform: 'x',
    name: 'acme',
    remoteId: '42',
    apiBase: null,
    scopes: ALL,
    status: 'connected',
    grantVersion: 1,
    grantExpiresAt: at(60),
    renewalTriedAt: null,
    grantSavedAt: at(-60),
    mediaCapabilityMissing: false,
    rateLimits: {},
    connectedAt: at(-60),
    deletedAt: null,
    createdBy: {},
    ...account,
  };
  return viewConnection({ account: whole, open, lastPublishAt: null }, platforms.get(whole.platform), NOW);
}

const queued = (media: boolean) => [{ media, waitsForPerson: false, cause: null, count: 2 }] as const;

describe('the one thing to do', () => {
  it.each<[string, Partial<AccountOverview['account']>, string | null]>([
    ['nothing, while all is well', {}, null],
    ['connecting it again, once it was disconnected', { status: 'disconnected' }, 'disconnected'],
    ['reconnecting, once the platform called the grant dead', { status: 'reconnect_required' }, 'grant_dead'],
    ['nothing, where the next use renews an ended grant', { grantExpiresAt: at(-1) }, null],
    [
      'reconnecting, where the ended grant of X came to stay for two hours',
      { grantExpiresAt: at(-1), scopes: ALL.slice(0, 4) },
      'grant_ended',
    ],
    [
      'reconnecting, where an ended grant of Instagram cannot be renewed',
      { platform: 'instagram', scopes: [], grantExpiresAt: at(-1) },
      'grant_ended',
    ],
    ['reconnecting, where the account could not upload', { mediaCapabilityMissing: true }, 'media_missing'],
  ])('is %s', (_what, account, repair) => {
    expect(view(account).repair?.code ?? null).toBe(repair);
  });
});

it('tells what is missing for what is queued, and not for what is not', () => {
  const scopes = ['tweet.read', 'tweet.write', 'users.read', 'offline.access'];
  expect(view({ scopes }, queued(false)).scopesMissing).toEqual([]);
  expect(view({ scopes }, queued(true))).toMatchObject({
    scopesMissing: ['media.write'],
    repair: { code: 'scopes_missing', href: '/connections/account-1' },
  });
});

it('claims nothing about a grant whose scopes nobody told', () => {
  expect(view({ scopes: [] }, queued(true))).toMatchObject({
    scopesMissing: [],
    grantRenewsItself: true,
    repair: null,
  });
});

it('counts what waits for a person by cause, the most first', () => {
  const failed = { media: false, waitsForPerson: true, count: 1 } as const;
  const open = [
    ...queued(false),
    { ...failed, cause: 'publish_failed' },
    { ...failed, cause: 'auth_failed', count: 4 },
    { ...failed, cause: 'auth_failed', media: true },
    { ...failed, cause: null },
  ] as const;
  expect(view({}, open)).toMatchObject({
    queued: 9,
    openItems: 7,
    heldUp: [
      { cause: 'auth_failed', count: 5 },
      { cause: 'publish_failed', count: 1 },
    ],
  });
});

it('shows only the windows that are throttled still', () => {
  const rateLimits = { create: at(5).toISOString(), read: at(-5).toISOString() };
  expect(view({ rateLimits }).throttled).toEqual([{ window: 'create', until: at(5).toISOString() }]);
});
