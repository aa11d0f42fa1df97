// Keeps what was found about publishes that are due soon, and finds those that are.
import { and, asc, count, eq, gt, inArray, lte, sql } from 'drizzle-orm';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { type Finding, TONIGHT_MS } from '../../domain/tonight/finding.ts';
import type { Ledger } from '../ledger.ts';
import { readFacts, type SeenFacts } from '../schedules/facts.ts';
import { type ItemFacts, readItemsOf } from '../schedules/items.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { posts, schedules } from '../schema/schedules.ts';
import { tonightChecks } from '../schema/tonight.ts';
import { isStopped, type Looked, type ScopesNeeded } from './stopped.ts';

/** What was found about one publish; null: nobody has looked yet, or not at this version. */
export interface TonightCheck {
  readonly facts: ItemFacts;
  readonly looked: Looked | null;
  /** Something is known to be in its way. */
  readonly stopped: boolean;
}

/** Right behind this one: those that are stopped come first, then the first due. */
export interface NightPosition {
  readonly stopped: boolean;
  readonly at: Date;
  readonly id: string;
}

export interface NightWanted {
  readonly workspaceId: string;
  readonly needed: readonly ScopesNeeded[];
  readonly after: NightPosition | null;
  readonly limit: number;
}

/** One page of everything that falls due within a day, what is stopped before everything else. */
export async function readTonight(ledger: Ledger, wanted: NightWanted): Promise<TonightCheck[]> {
  const { workspaceId, needed, after, limit } = wanted;
  const behind = after
    ? sql`(not stopped, at, id) > (${!after.stopped}, ${after.at.toISOString()}::timestamptz, ${after.id})`
    : sql`true`;
  const rows = await ledger.db.execute<{ id: string; stopped: boolean }>(sql`
    select id, stopped from (
      select schedules.id, schedules.publish_at as at, ${isStopped(needed)} as stopped ${dueOf(workspaceId, ledger)}
    ) as night where ${behind} order by not stopped, at, id limit ${limit}`);
  const ids = rows.map(({ id }) => id);
  const [items, checks] = await Promise.all([
    readItemsOf(ledger, workspaceId, ids),
    readChecks(ledger, workspaceId, ids),
  ]);
  const facts = new Map(items.map((item) => [item.schedule.id, item]));
  return rows.flatMap(({ id, stopped }) => {
    const item = facts.get(id);
    if (!item) return [];
    const check = checks.get(id);
    return [{ facts: item, looked: check?.fingerprint === item.schedule.fingerprint ? check : null, stopped }];
  });
}

async function readChecks({ db }: Ledger, workspaceId: string, ids: readonly string[]) {
  if (ids.length === 0) return new Map<string, typeof tonightChecks.$inferSelect>();
  const these = and(eq(tonightChecks.workspaceId, workspaceId), inArray(tonightChecks.scheduleId, [...ids]));
  const checks = await db.select().from(tonightChecks).where(these);
  return new Map(checks.map((check) => [check.scheduleId, check]));
}

/** How many fall due within a day, how many of them are stopped, and at how many nobody has looked. */
export interface NightCounts {
  readonly due: number;
  readonly stopped: number;
  readonly unseen: number;
}

/** Counted over all of them. */
export async function countTonight(
  ledger: Ledger,
  { workspaceId, needed }: Pick<NightWanted, 'workspaceId' | 'needed'>,
): Promise<NightCounts> {
  const [row] = await ledger.db.execute<{ due: number; stopped: number; unseen: number }>(sql`
    select count(*)::int as due, (count(*) filter (where stopped))::int as stopped,
      (count(*) filter (where not stopped and not seen))::int as unseen
    from (select ${isStopped(needed)} as stopped,
      coalesce(checked.fingerprint = schedules.fingerprint, false) as seen ${dueOf(workspaceId, ledger)}) as night`);
  return { due: row?.due ?? 0, stopped: row?.stopped ?? 0, unseen: row?.unseen ?? 0 };
}

/** With the account and the last look, as `isStopped` wants them. */
function dueOf(workspaceId: string, { clock }: Ledger) {
  return sql`from ${schedules} left join ${connectedAccounts} as account on account.id = schedules.account_id
    left join ${tonightChecks} as checked
      on checked.workspace_id = schedules.workspace_id and checked.schedule_id = schedules.id
    where schedules.workspace_id = ${workspaceId} and ${dueSoon(clock.now())}`;
}

/** The schedules of every workspace, or of one, that fall due within a day: one page, by workflow id, beginning after `after`. */
export async function dueTonight(
  { db, clock }: Ledger,
  { after, limit, workspaceId }: { readonly after: string; readonly limit: number; readonly workspaceId?: string },
): Promise<(ScheduleKey & { readonly workflowId: string })[]> {
  return db
    .select({ workspaceId: schedules.workspaceId, scheduleId: schedules.id, workflowId: schedules.workflowId })
    .from(schedules)
    .where(
      and(
        gt(schedules.workflowId, after),
        dueSoon(clock.now()),
        workspaceId === undefined ? undefined : eq(schedules.workspaceId, workspaceId),
      ),
    )
    .orderBy(asc(schedules.workflowId))
    .limit(limit);
}

function dueSoon(now: Date) {
  const until = new Date(now.getTime() + TONIGHT_MS);
  return and(eq(schedules.state, 'queued'), gt(schedules.publishAt, now), lte(schedules.publishAt, until));
}

/** The facts to look at; null when it does not wait for a time within a day. */
export async function foresee(ledger: Ledger, key: ScheduleKey): Promise<SeenFacts | null> {
  const facts = await readFacts(ledger.db, key);
  if (facts?.schedule.state !== 'queued') return null;
  const aheadMs = facts.schedule.publishAt.getTime() - ledger.clock.now().getTime();
  return aheadMs > 0 && aheadMs <= TONIGHT_MS ? facts : null;
}

/**
 * How many posts of the account come within so long before an instant: live already, or due until then. Of one instant the ids
 * decide; a post that is not stored comes after those that are.
 */
export async function countBefore(
  { db }: Ledger,
  at: {
    readonly workspaceId: string;
    readonly accountId: string;
    readonly publishAt: Date;
    readonly scheduleId: string | null;
  },
  withinMs: number,
): Promise<number> {
  const { workspaceId, accountId, publishAt, scheduleId } = at;
  const since = new Date(publishAt.getTime() - withinMs);
  const due = publishAt.toISOString();
  const isEarlier =
    scheduleId === null
      ? lte(schedules.publishAt, publishAt)
      : sql`(${schedules.publishAt}, ${schedules.id}) < (${due}::timestamptz, ${scheduleId})`;
  const [live, waiting] = await Promise.all([
    db
      .select({ count: count() })
      .from(posts)
      .where(and(eq(posts.workspaceId, workspaceId), eq(posts.accountId, accountId), gt(posts.publishedAt, since))),
    db
      .select({ count: count() })
      .from(schedules)
      .where(
        and(
          eq(schedules.workspaceId, workspaceId),
          eq(schedules.accountId, accountId),
          eq(schedules.state, 'queued'),
          gt(schedules.publishAt, since),
          isEarlier,
        ),
      ),
  ]);
  return (live[0]?.count ?? 0) + (waiting[0]?.count ?? 0);
}

/** Keeps what was found about a version, in place of what was found before. */
export async function keepCheck(
  ledger: Ledger,
  { facts, findings }: { readonly facts: SeenFacts; readonly findings: readonly Finding[] },
): Promise<void> {
  const { workspaceId, id: scheduleId, fingerprint } = facts.schedule;
  const check = { fingerprint, checkedAt: ledger.clock.now(), findings: [...findings] };
  await ledger.db
    .insert(tonightChecks)
    .values({ workspaceId, scheduleId, ...check })
    .onConflictDoUpdate({ target: [tonightChecks.workspaceId, tonightChecks.scheduleId], set: check });
}

/** Drops what was found about publishes that do not wait for their time any more. */
export async function forgetOldChecks({ db }: Ledger): Promise<void> {
  await db.delete(tonightChecks).where(
    sql`not exists (select from ${schedules} where ${schedules.workspaceId} = ${tonightChecks.workspaceId}
      and ${schedules.id} = ${tonightChecks.scheduleId} and ${schedules.state} = 'queued')`,
  );
}
