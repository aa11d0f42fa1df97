// The lease of a connected account: one publish per account at the call, ordered by a fence that only rises.
import { and, eq, sql } from 'drizzle-orm';
import type { Database, Tx } from './database.ts';
import type { Ledger } from './ledger.ts';
import { leases } from './schema/accounts.ts';

/** Another publish holds the account; nothing was changed. The attempt asks again shortly. */
export class AccountBusy extends Error {
  override readonly name = 'AccountBusy';
}

/**
 * Takes the account for a schedule and answers the new fence. Free, expired, or held for the same schedule (whose
 * earlier attempt is then a zombie that its fence stops): taken at once.
 * @throws AccountBusy
 */
export async function takeLease(tx: Tx, ledger: Ledger, accountId: string, scheduleId: string): Promise<number> {
  const until = sql`clock_timestamp() + ${`${ledger.leaseMs} milliseconds`}::interval`;
  const [taken] = await tx
    .insert(leases)
    .values({ accountId, holder: scheduleId, fence: 1, expiresAt: until })
    .onConflictDoUpdate({
      target: leases.accountId,
      set: { holder: scheduleId, fence: sql`${leases.fence} + 1`, expiresAt: until },
      setWhere: sql`${leases.expiresAt} < clock_timestamp() or ${leases.holder} in ('', ${scheduleId})`,
    })
    .returning({ fence: leases.fence });
  if (!taken) throw new AccountBusy(`Account ${accountId} is held by another publish.`);
  return taken.fence;
}

/** Prolongs a lease; false when another attempt has taken it since. */
export async function renewLease(ledger: Ledger, accountId: string, fence: number): Promise<boolean> {
  const renewed = await ledger.db
    .update(leases)
    .set({ expiresAt: sql`clock_timestamp() + ${`${ledger.leaseMs} milliseconds`}::interval` })
    .where(and(eq(leases.accountId, accountId), eq(leases.fence, fence)))
    .returning({ fence: leases.fence });
  return renewed.length === 1;
}

/** Gives the account back; without effect when the fence is no longer the newest. */
export async function releaseLease(tx: Tx | Database, accountId: string, fence: number): Promise<void> {
  await tx
    .update(leases)
    .set({ holder: '' })
    .where(and(eq(leases.accountId, accountId), eq(leases.fence, fence)));
}
