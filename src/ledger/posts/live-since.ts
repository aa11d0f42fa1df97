// What went live in a workspace since an instant, and what is due next.
import { and, asc, count, desc, eq, gt, gte, lte, min } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { joinsSchedule } from '../schema/keys.ts';
import { posts, schedules } from '../schema/schedules.ts';

interface Since {
  readonly workspaceId: string;
  readonly since: Date;
}

const livePosts = ({ workspaceId, since }: Since) =>
  and(eq(posts.workspaceId, workspaceId), gte(posts.publishedAt, since));

/** How many posts went live since then. */
export async function countLiveSince({ db }: Ledger, wanted: Since): Promise<number> {
  const [row] = await db.select({ live: count() }).from(posts).where(livePosts(wanted));
  return row?.live ?? 0;
}

/** The newest of them. */
export async function liveSince({ db }: Ledger, wanted: Since, limit: number) {
  return db
    .select({
      scheduleId: posts.scheduleId,
      content: schedules.content,
      platform: schedules.platform,
      account: connectedAccounts.name,
      publishedAt: posts.publishedAt,
      url: posts.url,
      evidence: posts.evidence,
    })
    .from(posts)
    .innerJoin(schedules, joinsSchedule(posts))
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, posts.accountId))
    .where(livePosts(wanted))
    .orderBy(desc(posts.publishedAt), asc(posts.scheduleId))
    .limit(limit);
}

/** How many wait for their time between now and then, and the first of these times. */
export async function dueBefore(
  { db, clock }: Ledger,
  { workspaceId, before }: { readonly workspaceId: string; readonly before: Date },
): Promise<{ readonly count: number; readonly first: Date | null }> {
  const { state, publishAt } = schedules;
  const [row] = await db
    .select({ count: count(), first: min(publishAt) })
    .from(schedules)
    .where(
      and(
        eq(schedules.workspaceId, workspaceId),
        eq(state, 'queued'),
        gt(publishAt, clock.now()),
        lte(publishAt, before),
      ),
    );
  return row ?? { count: 0, first: null };
}
