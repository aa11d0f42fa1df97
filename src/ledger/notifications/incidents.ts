// Closes the incidents of which nothing is left, and says so in the same transaction.
import { and, eq, isNull, sql } from 'drizzle-orm';
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { toldIncidents } from '../schema/notifications.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

export interface ClosedIncident {
  readonly id: string;
  readonly accountId: string;
  /** The account's name. */
  readonly account: string;
  readonly platform: string;
  readonly cause: CauseCode;
  readonly openedAt: Date;
}

/** What failed for it stands failed still, or is being tried again and has not proved otherwise. */
const HAS_MEMBERS = sql`exists (select from schedules
  where schedules.workspace_id = ${toldIncidents.workspaceId} and schedules.account_id = ${toldIncidents.accountId}
    and schedules.cause ->> 'code' = ${toldIncidents.cause}
    and schedules.state in ('failed', 'queued', 'posting', 'retry_later', 'outcome_unknown', 'held'))`;

/** Closes them; `tell` says which channels are told of one, and what. */
export async function closeIncidents(
  ledger: Ledger,
  workspaceId: string,
  tell: (incident: ClosedIncident) => readonly NewDelivery[],
): Promise<void> {
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const closed = await tx
      .update(toldIncidents)
      .set({ closedAt: at })
      .from(connectedAccounts)
      .where(
        and(
          eq(toldIncidents.workspaceId, workspaceId),
          isNull(toldIncidents.closedAt),
          eq(connectedAccounts.id, toldIncidents.accountId),
          sql`not ${HAS_MEMBERS}`,
        ),
      )
      .returning({
        id: toldIncidents.id,
        accountId: toldIncidents.accountId,
        account: connectedAccounts.name,
        platform: connectedAccounts.platform,
        cause: toldIncidents.cause,
        openedAt: toldIncidents.openedAt,
      });
    await insertDeliveries(tx, workspaceId, closed.flatMap(tell), at);
  });
}
