// The facts of items: everything the recovery surface decides from, read in one query, always within one workspace.
import { and, desc, eq, inArray, lt, type SQL, sql } from 'drizzle-orm';
import type { ScheduleState } from '../../domain/schedules/states.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { NOT_ENDED, OPEN_INTENT } from '../schema/columns.ts';
import { isSchedule, joinsSchedule } from '../schema/keys.ts';
import { approvals, intents, posts, schedules } from '../schema/schedules.ts';
import { NEWEST_DECISION_FIRST, type ScheduleFacts } from './facts.ts';

export interface ItemFacts extends ScheduleFacts {
  /** When the newest decision on the present version was made. */
  readonly decidedAt: Date | null;
}

/** Where a page begins: right after this schedule, in descending order of time, then of id. */
export interface ItemPosition {
  readonly publishAt: Date;
  readonly id: string;
}

export interface ItemQuery {
  readonly workspaceId: string;
  /** Only these states; null: by `surface`. */
  readonly states: readonly ScheduleState[] | null;
  /** `recovery`: what has not ended and does not simply wait for its time; `all`: everything. */
  readonly surface: 'recovery' | 'all';
  readonly after: ItemPosition | null;
  readonly limit: number;
}

/** One page of facts, newest publish time first. */
export async function readItems(ledger: Ledger, query: ItemQuery): Promise<ItemFacts[]> {
  const { after } = query;
  return read(
    ledger,
    and(
      eq(schedules.workspaceId, query.workspaceId),
      statesWanted(ledger, query),
      after === null ? undefined : before(after),
    ),
    query.limit,
  );
}

/** The facts of one schedule, or null when it is not this workspace's. */
export async function readItem(ledger: Ledger, workspaceId: string, id: string): Promise<ItemFacts | null> {
  const [facts] = await read(ledger, isSchedule({ workspaceId, scheduleId: id }), 1);
  return facts ?? null;
}

function before({ publishAt, id }: ItemPosition): SQL {
  return lt(sql`(${schedules.publishAt}, ${schedules.id})`, sql`(${publishAt.toISOString()}::timestamptz, ${id})`);
}

function statesWanted(ledger: Ledger, { states, surface }: ItemQuery): SQL | undefined {
  if (states !== null) return inArray(schedules.state, [...states]);
  if (surface === 'all') return undefined;
  const now = ledger.clock.now().toISOString();
  return sql`${schedules}.${NOT_ENDED} and not (${schedules.state} = 'queued' and ${schedules.publishAt} > ${now}::timestamptz)`;
}

async function read({ db }: Ledger, condition: SQL | undefined, limit: number): Promise<ItemFacts[]> {
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
      openIntent: intents,
      post: posts,
      verdict: newest.verdict,
      approved: newest.approved,
      decidedAt: newest.decidedAt,
    })
    .from(schedules)
    .leftJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .leftJoin(intents, and(joinsSchedule(intents), sql`${intents}.${OPEN_INTENT}`))
    .leftJoin(posts, joinsSchedule(posts))
    .leftJoinLateral(newest, sql`true`)
    .where(condition)
    .orderBy(desc(schedules.publishAt), desc(schedules.id))
    .limit(limit);
  return rows.map(({ verdict, approved, ...facts }) => ({
    ...facts,
    approval: verdict === null || approved === null ? null : { verdict, fingerprint: approved },
  }));
}
