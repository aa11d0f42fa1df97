// Failures that share account and cause, counted; always within one workspace.
import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { CauseCode } from '../../domain/causes/causes.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { IS_FAILURE } from '../schema/columns.ts';
import { schedules } from '../schema/schedules.ts';
import { isOf } from './item-filter.ts';

export interface IncidentFacts {
  readonly accountId: string;
  readonly accountName: string;
  readonly platform: string;
  readonly cause: CauseCode;
  readonly members: number;
  /** Failed before the account was last connected, and it still is. */
  readonly repaired: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly oldestDueAt: Date;
}

export interface IncidentsWanted {
  readonly workspaceId: string;
  /** Only groups of at least so many. */
  readonly atLeast: number;
  readonly limit: number;
  /** Only this one. */
  readonly only?: { readonly accountId: string; readonly cause: CauseCode };
}

/** The largest first. */
export async function readIncidents({ db }: Ledger, wanted: IncidentsWanted): Promise<IncidentFacts[]> {
  const { workspaceId, atLeast, limit, only } = wanted;
  const members = sql<number>`count(*)::int`;
  const rows = await db
    .select({
      accountId: schedules.accountId,
      accountName: connectedAccounts.name,
      platform: connectedAccounts.platform,
      cause: sql<CauseCode>`${schedules.causeCode}`,
      members,
      repaired: sql<number>`(count(*) filter (where ${REPAIRED}))::int`,
      firstFailedAt: sql`min(${schedules.failedAt})`.mapWith(schedules.failedAt),
      lastFailedAt: sql`max(${schedules.failedAt})`.mapWith(schedules.failedAt),
      oldestDueAt: sql`min(${schedules.publishAt})`.mapWith(schedules.publishAt),
    })
    .from(schedules)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .where(and(eq(schedules.workspaceId, workspaceId), IN_INCIDENT, only && isOf(only)))
    .groupBy(schedules.accountId, connectedAccounts.id, schedules.causeCode)
    .having(sql`count(*) >= ${atLeast}`)
    .orderBy(desc(members), schedules.accountId)
    .limit(limit);
  return rows;
}

/** Literal, so that the planner sees that the partial index on it serves the query. */
const IN_INCIDENT = sql`${schedules}.${IS_FAILURE} and ${schedules.causeCode} is not null and ${schedules.failedAt} is not null`;

const REPAIRED = and(
  eq(connectedAccounts.status, 'connected'),
  isNull(connectedAccounts.deletedAt),
  sql`${schedules.failedAt} < ${connectedAccounts.connectedAt}`,
);
