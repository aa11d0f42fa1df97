// Grants that would end before anything is published with them: which are due, and the account's lease for their renewal.
import { and, asc, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import type { AccountRow } from '../schedules/facts.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { takeForRenewal } from './leases.ts';

/** A grant that could not be renewed is left alone for so long. */
const TRY_AGAIN_MS = 3_600_000;

/** Instagram renews no grant younger than a day, and does not say what it answers then (platform reference 2.1). */
const YOUNGEST_MS = 24 * 3_600_000;

export interface Expiring {
  readonly platform: string;
  /** Grants that end within this are due, and those of which nobody knows when they end. */
  readonly withinMs: number;
  readonly limit: number;
}

/**
 * The accounts whose grants are due for renewal: those never tried before the others, then the first to end. Not those
 * that were tried or connected a short while ago, that are throttled, or that only a person can connect again.
 */
export async function expiringGrants(ledger: Ledger, { platform, withinMs, limit }: Expiring): Promise<AccountRow[]> {
  const nowMs = ledger.clock.now().getTime();
  const { deletedAt, status, connectedAt, grantExpiresAt, renewalTriedAt, rateLimits } = connectedAccounts;
  return (
    ledger.db
      .select()
      .from(connectedAccounts)
      .where(
        and(
          eq(connectedAccounts.platform, platform),
          isNull(deletedAt),
          eq(status, 'connected'),
          lte(connectedAt, new Date(nowMs - YOUNGEST_MS)),
          or(isNull(grantExpiresAt), lte(grantExpiresAt, new Date(nowMs + withinMs))),
          or(isNull(renewalTriedAt), lte(renewalTriedAt, new Date(nowMs - TRY_AGAIN_MS))),
          sql`coalesce((${rateLimits} ->> 'token')::timestamptz <= ${new Date(nowMs).toISOString()}::timestamptz, true)`,
        ),
      )
      // Whoever was tried and refused must not stand before the others for ever.
      .orderBy(sql`${renewalTriedAt} asc nulls first`, asc(grantExpiresAt))
      .limit(limit)
  );
}

/** Takes the account and notes the try. Answers the fence; null when a publish, or another renewal, holds the account. */
export async function beginRenewal(ledger: Ledger, accountId: string): Promise<number | null> {
  return ledger.db.transaction(async (tx) => {
    const fence = await takeForRenewal(tx, ledger, accountId);
    if (fence === null) return null;
    await tx
      .update(connectedAccounts)
      .set({ renewalTriedAt: ledger.clock.now() })
      .where(eq(connectedAccounts.id, accountId));
    return fence;
  });
}
