// Lists the batches of a workspace, page by page: those under way, those that have ended, or those of one incident.
import { and, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import type { BatchState } from '../../domain/batches/batch.ts';
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { batches } from '../schema/batches.ts';
import type { BatchRow } from './batches.ts';

/** A batch with the name of its account. */
export interface ListedBatch {
  readonly batch: BatchRow;
  readonly accountName: string;
}

/** Where a page begins: right after this batch. */
export interface BatchPosition {
  readonly at: Date;
  readonly id: string;
}

export interface BatchesWanted {
  readonly workspaceId: string;
  /** In one state, or of one incident in every state. */
  readonly only: BatchState | { readonly accountId: string; readonly cause: CauseCode };
  readonly after?: BatchPosition | null;
  readonly limit: number;
}

/** One page, newest first. */
export async function listBatches({ db }: Ledger, wanted: BatchesWanted): Promise<ListedBatch[]> {
  const { workspaceId, only, after, limit } = wanted;
  const { askedAt, id } = batches;
  const behind = after
    ? sql`(${askedAt}, ${id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`
    : undefined;
  return db
    .select({ batch: batches, accountName: connectedAccounts.name })
    .from(batches)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, batches.accountId))
    .where(and(eq(batches.workspaceId, workspaceId), among(only), behind))
    .orderBy(desc(askedAt), desc(id))
    .limit(limit);
}

function among(only: BatchesWanted['only']): SQL | undefined {
  if (only === 'under_way') return isNull(batches.endedAt);
  if (only === 'ended') return isNotNull(batches.endedAt);
  return sql`${batches.accountId}::text = ${only.accountId} and ${batches.cause} = ${only.cause}`;
}
