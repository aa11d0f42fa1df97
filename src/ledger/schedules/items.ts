// The facts of items: everything the recovery surface decides from, read in one query, always within one workspace.
import { and, eq, inArray, type SQL, sql } from 'drizzle-orm';
import type { ScheduleState } from '../../domain/schedules/states.ts';
import type { ItemOrder } from '../../domain/schedules/surface.ts';
import type { Database, Tx } from '../database/database.ts';
import { IS_HELD } from '../holds/held.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { OPEN_INTENT } from '../schema/columns.ts';
import { isSchedule, joinsSchedule } from '../schema/keys.ts';
import { memberships } from '../schema/people.ts';
import { approvals, intents, posts, schedules, scheduleVersions } from '../schema/schedules.ts';
import { NEWEST_DECISION_FIRST, type ScheduleFacts } from './facts.ts';
import { type ItemPosition, type ItemScope, orderBy, scopeConditions } from './item-filter.ts';

export interface ItemFacts extends ScheduleFacts {
  /** When the newest decision on the present version was made. */
  readonly decidedAt: Date | null;
  /** An edit after the failure gave the post other media. */
  readonly mediaReplaced: boolean;
  /** The last actor is a member of the workspace today. */
  readonly lastActorExists: boolean;
}

export interface ItemQuery extends ItemScope {
  readonly order: ItemOrder;
  readonly after: ItemPosition | null;
  readonly limit: number;
}

/** One page of facts: first which they are, from the indexes of each part, and then what is known of these alone. */
export async function readItems(ledger: Ledger, query: ItemQuery): Promise<ItemFacts[]> {
  const { order, after, limit } = query;
  const sorted = orderBy(order);
  const { at, direction } = sorted;
  const behind = after
    ? sql`(${at}, ${schedules.id}) ${sorted.after} (${after.at.toISOString()}::timestamptz, ${after.id})`
    : sql`true`;
  const inOrder = sql`order by at ${direction}, id ${direction} limit ${limit}`;
  const parts = scopeConditions(query, ledger.clock.now()).map((condition) => {
    const rows = sql`select ${schedules.id} as id, ${at} as at from ${schedules} where ${condition} and ${behind}`;
    // Words are found by their own index: in the order of the page every row would be read until enough have them.
    return query.filter?.text === undefined
      ? sql`(${rows} ${inOrder})`
      : sql`(select id, at from (${rows} offset 0) as matching ${inOrder})`;
  });
  const found = sql`select id from (${sql.join(parts, sql` union all `)}) as found ${inOrder}`;
  const these = and(eq(schedules.workspaceId, query.workspaceId), sql`${schedules.id} in (${found})`);
  return readItemsWhere(ledger.db, these, [sql`${at} ${direction}`, sql`${schedules.id} ${direction}`], limit);
}

/** The facts of one schedule, or null when it is not this workspace's. */
export async function readItem(ledger: Ledger, workspaceId: string, id: string): Promise<ItemFacts | null> {
  const [facts] = await readItemsWhere(ledger.db, isSchedule({ workspaceId, scheduleId: id }), [], 1);
  return facts ?? null;
}

/** The facts of these schedules, as far as they are this workspace's. */
export async function readItemsOf(ledger: Ledger, workspaceId: string, ids: readonly string[]): Promise<ItemFacts[]> {
  if (ids.length === 0) return [];
  const these = and(eq(schedules.workspaceId, workspaceId), inArray(schedules.id, [...ids]));
  return readItemsWhere(ledger.db, these, [], 2 * ids.length);
}

/** How many there are in each state; states without any are left out. */
export async function countItems(ledger: Ledger, scope: ItemScope): Promise<Partial<Record<ScheduleState, number>>> {
  const parts = scopeConditions(scope, ledger.clock.now()).map(
    (condition) => sql`select ${schedules.state} as state, count(*)::int as count from ${schedules}
      where ${condition} group by ${schedules.state}`,
  );
  const rows = await ledger.db.execute<{ state: ScheduleState; count: number }>(sql.join(parts, sql` union all `));
  return Object.fromEntries(rows.map((row) => [row.state, row.count]));
}

/** The facts of the schedules that a condition on their rows, which must name the workspace, finds. */
export async function readItemsWhere(
  db: Database | Tx,
  condition: SQL | undefined,
  order: readonly SQL[],
  limit: number,
): Promise<ItemFacts[]> {
  const newest = db
    .select({ verdict: approvals.verdict, approved: approvals.fingerprint, decidedAt: approvals.decidedAt })
    .from(approvals)
    .where(and(joinsSchedule(approvals), eq(approvals.fingerprint, schedules.fingerprint)))
    .orderBy(...NEWEST_DECISION_FIRST)
    .limit(1)
    .as('newest');
  const rows = await db
    .select({
      schedule: schedules,
      account: connectedAccounts,
      held: IS_HELD,
      openIntent: intents,
      post: posts,
      verdict: newest.verdict,
      approved: newest.approved,
      decidedAt: newest.decidedAt,
      mediaReplaced: MEDIA_REPLACED,
      lastActorExists: LAST_ACTOR_EXISTS,
    })
    .from(schedules)
    .leftJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .leftJoin(intents, and(joinsSchedule(intents), sql`${intents}.${OPEN_INTENT}`))
    .leftJoin(posts, joinsSchedule(posts))
    .leftJoinLateral(newest, sql`true`)
    .where(condition)
    .orderBy(...order)
    .limit(limit);
  return rows.map(({ verdict, approved, ...facts }) => ({
    ...facts,
    approval: verdict === null || approved === null ? null : { verdict, fingerprint: approved },
  }));
}

const MEDIA_REPLACED = sql<boolean>`exists (select from ${scheduleVersions}
  where ${joinsSchedule(scheduleVersions)} and ${scheduleVersions.replacedAt} > ${schedules.failedAt}
    and ${scheduleVersions.changed} @> array['media_changed'])`;

const LAST_ACTOR_EXISTS = sql<boolean>`exists (select from ${memberships}
  where ${memberships.workspaceId} = ${schedules.workspaceId} and ${memberships.userId}::text = ${schedules.lastActor} ->> 'id')`;
