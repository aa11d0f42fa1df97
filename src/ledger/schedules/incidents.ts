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

/** The largest first. They are counted in their index before anything else is asked about them. */
export async function readIncidents({ db }: Ledger, wanted: IncidentsWanted): Promise<IncidentFacts[]> {
  const { workspaceId, atLeast, limit, only } = wanted;
  const members = sql<number>`count(*)::int`;
  const groups = db
    .select({
      accountId: schedules.accountId,
      cause: sql<CauseCode>`${schedules.causeCode}`.as('shared_cause'),
      members: members.as('members'),
      firstFailedAt: sql`min(${schedules.failedAt})`.mapWith(schedules.failedAt).as('first_failed_at'),
      lastFailedAt: sql`max(${schedules.failedAt})`.mapWith(schedules.failedAt).as('last_failed_at'),
      oldestDueAt: sql`min(${schedules.publishAt})`.mapWith(schedules.publishAt).as('oldest_due_at'),
    })
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), IN_INCIDENT, only && isOf(only)))
    .groupBy(schedules.accountId, schedules.causeCode)
    .having(sql`count(*) >= ${atLeast}`)
    .orderBy(desc(members), schedules.accountId)
    .limit(limit)
    .as('groups');
  const repaired = sql<number>`case when ${IS_CONNECTED} then (select count(*)::int from ${schedules}
    where ${schedules.workspaceId} = ${workspaceId} and ${schedules.accountId} = ${groups.accountId}
      and ${schedules.causeCode} = ${groups.cause} and ${IN_INCIDENT}
      and ${schedules.failedAt} < ${connectedAccounts.connectedAt}) else 0 end`;
  const { accountId, cause, firstFailedAt, lastFailedAt, oldestDueAt } = groups;
  return db
    .select({
      ...{ accountId, accountName: connectedAccounts.name, platform: connectedAccounts.platform, cause },
      ...{ members: groups.members, repaired, firstFailedAt, lastFailedAt, oldestDueAt },
    })
    .from(groups)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, groups.accountId))
    .orderBy(desc(groups.members), groups.accountId);
}

/** Literal, so that the planner sees that the partial index on it serves the query. */
const IN_INCIDENT = sql`${schedules}.${IS_FAILURE} and ${schedules.causeCode} is not null and ${schedules.failedAt} is not null`;

const IS_CONNECTED = and(eq(connectedAccounts.status, 'connected'), isNull(connectedAccounts.deletedAt));
