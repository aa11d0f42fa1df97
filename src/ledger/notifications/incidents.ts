// Closes the incidents of which nothing is left, and says so in the same transaction.
import { and, count, eq, gte, isNull, or, sql } from 'drizzle-orm';
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { ScheduleState } from '../../domain/schedules/states.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { toldIncidents } from '../schema/notifications.ts';
import { attempts, schedules } from '../schema/schedules.ts';
import { insertDeliveries, type NewDelivery } from './deliveries.ts';

export interface ClosedIncident {
  readonly id: string;
  readonly accountId: string;
  /** The account's name. */
  readonly account: string;
  readonly platform: string;
  readonly cause: CauseCode;
  readonly openedAt: Date;
  /** In which states those stand now that failed for it since it began. */
  readonly became: ReadonlyMap<ScheduleState, number>;
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
    const told: NewDelivery[] = [];
    for (const incident of closed) {
      const became = await whatBecameOf(tx, workspaceId, incident);
      told.push(...tell({ ...incident, became }));
    }
    await insertDeliveries(tx, workspaceId, told, at);
  });
}

async function whatBecameOf(
  tx: Tx,
  workspaceId: string,
  { accountId, cause, openedAt }: Omit<ClosedIncident, 'became'>,
): Promise<ClosedIncident['became']> {
  const since = sql`${openedAt.toISOString()}::timestamptz`;
  // By the platform's own word, or by the gate's once that was known.
  const failedForIt = sql`exists (select from ${attempts}
    where ${attempts.workspaceId} = ${schedules.workspaceId} and ${attempts.scheduleId} = ${schedules.id}
      and ${attempts.outcome} in ('refused', 'gate_blocked') and ${attempts.cause} ->> 'code' = ${cause} and ${attempts.endedAt} >= ${since})`;
  // A run that was lost failed without an attempt.
  const standsFailed = and(sql`${schedules.cause} ->> 'code' = ${cause}`, gte(schedules.failedAt, openedAt));
  const rows = await tx
    .select({ state: schedules.state, members: count() })
    .from(schedules)
    .where(
      and(eq(schedules.workspaceId, workspaceId), eq(schedules.accountId, accountId), or(failedForIt, standsFailed)),
    )
    .groupBy(schedules.state);
  return new Map(rows.map(({ state, members }) => [state, members]));
}
