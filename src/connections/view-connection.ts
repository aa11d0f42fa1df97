// A connection as people see it, from the ledger's facts. Pure.
import { RATE_WINDOWS } from '../domain/causes/causes.ts';
import { CONNECTION_STATUSES, type Connection, REPAIRS, type Repair } from '../domain/connections/connection.ts';
import type { AccountOverview } from '../ledger/accounts/account-overview.ts';
import type { PlatformAdapter } from '../platforms/contract.ts';

/** The connection of an account; `adapter` undefined: its platform is not among ours any more. */
export function viewConnection(overview: AccountOverview, adapter: PlatformAdapter | undefined, now: Date): Connection {
  const { account, open, lastPublishAt } = overview;
  const scopesMissing = missingScopes(overview, adapter);
  const repair = repairOf(overview, adapter, scopesMissing, now);
  return {
    id: account.id,
    platform: account.platform,
    platformLabel: adapter?.label ?? account.platform,
    name: account.name,
    remoteId: account.remoteId,
    status: account.status,
    statusMeans: CONNECTION_STATUSES[account.status].means,
    scopes: account.scopes,
    scopesMissing,
    grantEndsAt: account.grantExpiresAt?.toISOString() ?? null,
    grantRenewsItself:
      account.status === 'connected' && isRenewable(overview, adapter) && !hasEndedForGood(overview, adapter, now),
    mediaCapabilityMissing: account.mediaCapabilityMissing,
    throttled: RATE_WINDOWS.flatMap((window) => {
      const until = account.rateLimits[window];
      return until !== undefined && new Date(until) > now ? [{ window, until: new Date(until).toISOString() }] : [];
    }),
    connectedAt: account.connectedAt.toISOString(),
    lastPublishAt: lastPublishAt?.toISOString() ?? null,
    queued: sum(open),
    openItems: sum(open.filter(({ waitsForPerson }) => waitsForPerson)),
    heldUp: heldUpBy(open),
    repair: repair && { code: repair, text: REPAIRS[repair], href: `/connections/${account.id}` },
  };
}

function sum(open: AccountOverview['open']): number {
  return open.reduce((total, { count }) => total + count, 0);
}

/** What the account's open posts need and the grant lacks. Nothing is known of a grant whose scopes nobody told. */
function missingScopes({ account, open }: AccountOverview, adapter: PlatformAdapter | undefined): string[] {
  if (account.scopes.length === 0 || !adapter) return [];
  const needed = new Set(open.flatMap(({ media }) => [...adapter.scopesFor({ media })]));
  return [...needed].filter((scope) => !account.scopes.includes(scope));
}

/** Not where it lacks the scope for that; of a grant whose scopes nobody told, nothing else is known. */
function isRenewable({ account: { scopes } }: AccountOverview, adapter: PlatformAdapter | undefined): boolean {
  const scope = adapter?.connect.kind === 'oauth2' ? adapter.connect.renewalScope : undefined;
  return scope === undefined || scopes.length === 0 || scopes.includes(scope);
}

/** Only where an expired grant cannot be renewed any more; elsewhere its next use renews it. */
function hasEndedForGood(overview: AccountOverview, adapter: PlatformAdapter | undefined, now: Date): boolean {
  const { grantExpiresAt } = overview.account;
  if (grantExpiresAt === null || grantExpiresAt > now) return false;
  return adapter?.renewAheadMs !== undefined || !isRenewable(overview, adapter);
}

function repairOf(
  overview: AccountOverview,
  adapter: PlatformAdapter | undefined,
  scopesMissing: readonly string[],
  now: Date,
): Repair | null {
  const { status, mediaCapabilityMissing } = overview.account;
  if (status === 'disconnected') return 'disconnected';
  if (status === 'reconnect_required') return 'grant_dead';
  if (hasEndedForGood(overview, adapter, now)) return 'grant_ended';
  if (scopesMissing.length > 0) return 'scopes_missing';
  return mediaCapabilityMissing ? 'media_missing' : null;
}

function heldUpBy(open: AccountOverview['open']): Connection['heldUp'] {
  const counts = new Map<Connection['heldUp'][number]['cause'], number>();
  for (const { waitsForPerson, cause, count } of open) {
    if (waitsForPerson && cause !== null) counts.set(cause, (counts.get(cause) ?? 0) + count);
  }
  return [...counts].map(([cause, count]) => ({ cause, count })).sort((one, other) => other.count - one.count);
}
