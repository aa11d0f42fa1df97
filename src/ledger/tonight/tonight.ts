// Keeps what was found about publishes that are due soon, and finds those that are.
import { and, asc, count, eq, gt, lt, lte, sql } from 'drizzle-orm';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { type Finding, TONIGHT_MS } from '../../domain/tonight/finding.ts';
import type { Ledger } from '../ledger.ts';
import { readFacts, type SeenFacts } from '../schedules/facts.ts';
import { type ItemFacts, readItems } from '../schedules/items.ts';
import { posts, schedules } from '../schema/schedules.ts';
import { tonightChecks } from '../schema/tonight.ts';

/** What was found about one publish; null: nobody has looked yet, or not at this version. */
export interface TonightCheck {
  readonly facts: ItemFacts;
  readonly checkedAt: Date | null;
  readonly findings: readonly Finding[];
}

/** Everything of a workspace that falls due within a day, the first first, at most `limit`. */
export async function readTonight(ledger: Ledger, workspaceId: string, limit: number): Promise<TonightCheck[]> {
  const now = ledger.clock.now();
  const filter = { dueFrom: now, dueBefore: new Date(now.getTime() + TONIGHT_MS) };
  const due = {
    workspaceId,
    states: ['queued'],
    surface: 'all',
    filter,
    order: 'oldest_due',
    after: null,
    limit,
  } as const;
  const items = await readItems(ledger, due);
  const checks = await ledger.db.select().from(tonightChecks).where(eq(tonightChecks.workspaceId, workspaceId));
  const known = new Map(checks.map((check) => [check.scheduleId, check]));
  return items.map((facts) => {
    const check = known.get(facts.schedule.id);
    const current = check?.fingerprint === facts.schedule.fingerprint ? check : null;
    return { facts, checkedAt: current?.checkedAt ?? null, findings: current?.findings ?? [] };
  });
}

/** How many fall due within a day. */
export async function countTonight({ db, clock }: Ledger, workspaceId: string): Promise<number> {
  const now = clock.now();
  const [row] = await db
    .select({ due: count() })
    .from(schedules)
    .where(and(eq(schedules.workspaceId, workspaceId), dueSoon(now)));
  return row?.due ?? 0;
}

/** The schedules of every workspace that fall due within a day: one page, by workflow id, beginning after `after`. */
export async function dueTonight(
  { db, clock }: Ledger,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<(ScheduleKey & { readonly workflowId: string })[]> {
  return db
    .select({ workspaceId: schedules.workspaceId, scheduleId: schedules.id, workflowId: schedules.workflowId })
    .from(schedules)
    .where(and(gt(schedules.workflowId, after), dueSoon(clock.now())))
    .orderBy(asc(schedules.workflowId))
    .limit(limit);
}

function dueSoon(now: Date) {
  const until = new Date(now.getTime() + TONIGHT_MS);
  return and(eq(schedules.state, 'queued'), gt(schedules.publishAt, now), lte(schedules.publishAt, until));
}

/** The facts to look at; null when it does not wait for its time any more. */
export async function foresee(ledger: Ledger, key: ScheduleKey): Promise<SeenFacts | null> {
  const facts = await readFacts(ledger.db, key);
  return facts?.schedule.state === 'queued' ? facts : null;
}

/** How many posts of the account come in the 24 hours before an instant: live already, or due until then. */
export async function countBefore(
  { db }: Ledger,
  at: { readonly workspaceId: string; readonly accountId: string; readonly publishAt: Date },
): Promise<number> {
  const { workspaceId, accountId, publishAt } = at;
  const since = new Date(publishAt.getTime() - TONIGHT_MS);
  const [live] = await db
    .select({ count: count() })
    .from(posts)
    .where(and(eq(posts.workspaceId, workspaceId), eq(posts.accountId, accountId), gt(posts.publishedAt, since)));
  const [due] = await db
    .select({ count: count() })
    .from(schedules)
    .where(
      and(
        eq(schedules.workspaceId, workspaceId),
        eq(schedules.accountId, accountId),
        eq(schedules.state, 'queued'),
        gt(schedules.publishAt, since),
        lt(schedules.publishAt, publishAt),
      ),
    );
  return (live?.count ?? 0) + (due?.count ?? 0);
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
