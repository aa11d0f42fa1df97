// What the accounts of a workspace are called.
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';

/** The names of accounts by id; ids of other workspaces have none. */
export async function findAccountNames(
  { db }: Ledger,
  workspaceId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: connectedAccounts.id, name: connectedAccounts.name })
    .from(connectedAccounts)
    .where(and(eq(connectedAccounts.workspaceId, workspaceId), inArray(sql`${connectedAccounts.id}::text`, [...ids])));
  return new Map(rows.map(({ id, name }) => [id, name]));
}
