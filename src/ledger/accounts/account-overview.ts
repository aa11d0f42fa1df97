// The connected accounts of a workspace with what hangs on each: what is queued, what waits for a person, what went live.
import { and, asc, count, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import { CAUSE_CODES, type CauseCode } from '../../domain/causes/causes.ts';
import { SCHEDULE_STATES, STATE_NAMES } from '../../domain/schedules/states.ts';
import { GROUP_NAMES } from '../../domain/schedules/surface.ts';
import type { Ledger } from '../ledger.ts';
import type { AccountRow } from '../schedules/facts.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { inGroup } from '../schema/columns.ts';
import { posts, schedules } from '../schema/schedules.ts';

/** Publishes of an account that have not ended and are alike in these. */
export interface OpenPublishes {
  readonly media: boolean;
  readonly waitsForPerson: boolean;
  readonly cause: CauseCode | null;
  readonly count: number;
}

export interface AccountOverview {
  readonly account: Omit<AccountRow, 'sealedGrant'>;
  readonly open: readonly OpenPublishes[];
  readonly lastPublishAt: Date | null;
}

/** All accounts that are not deleted, by platform and name, or the one of that id. */
export async function overviewAccounts(
  ledger: Ledger,
  workspaceId: string,
  accountId?: string,
): Promise<AccountOverview[]> {
  const rows = await ledger.db
    .select()
    .from(connectedAccounts)
    .where(
      and(
        eq(connectedAccounts.workspaceId, workspaceId),
        isNull(connectedAccounts.deletedAt),
        accountId === undefined ? undefined : sql`${connectedAccounts.id}::text = ${accountId}`,
      ),
    )
    .orderBy(asc(connectedAccounts.platform), asc(connectedAccounts.name), asc(connectedAccounts.id));
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const open = Map.groupBy(await openPublishes(ledger, workspaceId, ids), (row) => row.accountId);
  const newest = new Map((await newestPosts(ledger, ids)).map((post) => [post.accountId, post.at]));
  return rows.map(({ sealedGrant: _, ...account }) => ({
    account,
    open: (open.get(account.id) ?? []).map(({ accountId: __, ...alike }) => alike),
    lastPublishAt: newest.get(account.id) ?? null,
  }));
}

const WAITING = STATE_NAMES.filter((name) => SCHEDULE_STATES[name].waitsForPerson);

async function openPublishes(ledger: Ledger, workspaceId: string, ids: readonly string[]) {
  const media: SQL<boolean> = sql`jsonb_array_length(${schedules.content} -> 'media') > 0`;
  const waits: SQL<boolean> = sql`${inArray(schedules.state, WAITING)}`;
  const cause: SQL<string | null> = sql`${schedules.cause} ->> 'code'`;
  const rows = await ledger.db
    .select({ accountId: schedules.accountId, media, waitsForPerson: waits, cause, count: count() })
    .from(schedules)
    .where(
      and(
        eq(schedules.workspaceId, workspaceId),
        or(...GROUP_NAMES.map((group) => sql`${schedules}.${inGroup(group)}`)),
        inArray(schedules.accountId, [...ids]),
      ),
    )
    .groupBy(sql`1, 2, 3, 4`);
  return rows.map((row) => ({ ...row, cause: CAUSE_CODES.nullable().parse(row.cause) }));
}

/** One step into an index per account, however many posts it has. */
async function newestPosts({ db }: Ledger, ids: readonly string[]) {
  const newest = db
    .select({ at: posts.publishedAt })
    .from(posts)
    .where(eq(posts.accountId, connectedAccounts.id))
    .orderBy(sql`${posts.publishedAt} desc`)
    .limit(1)
    .as('newest');
  return db
    .select({ accountId: connectedAccounts.id, at: newest.at })
    .from(connectedAccounts)
    .innerJoinLateral(newest, sql`true`)
    .where(inArray(connectedAccounts.id, [...ids]));
}
