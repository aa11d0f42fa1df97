// Finds one connected account of a workspace that is not deleted.
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import type { AccountRow } from '../schedules/facts.ts';
import { connectedAccounts } from '../schema/accounts.ts';

/** The account of that id, or null when it is not this workspace's. */
export async function findAccount(ledger: Ledger, workspaceId: string, accountId: string): Promise<AccountRow | null> {
  const [row] = await ledger.db
    .select()
    .from(connectedAccounts)
    .where(
      and(
        eq(connectedAccounts.workspaceId, workspaceId),
        // Whatever stands in an address may be no id at all.
        sql`${connectedAccounts.id}::text = ${accountId}`,
        isNull(connectedAccounts.deletedAt),
      ),
    );
  return row ?? null;
}

/** The account with that id on the platform, or null. */
export async function findByRemoteId(
  ledger: Ledger,
  { workspaceId, platform, remoteId }: Pick<AccountRow, 'workspaceId' | 'platform' | 'remoteId'>,
): Promise<AccountRow | null> {
  const [row] = await ledger.db
    .select()
    .from(connectedAccounts)
    .where(
      and(
        eq(connectedAccounts.workspaceId, workspaceId),
        eq(connectedAccounts.platform, platform),
        eq(connectedAccounts.remoteId, remoteId),
        isNull(connectedAccounts.deletedAt),
      ),
    );
  return row ?? null;
}
