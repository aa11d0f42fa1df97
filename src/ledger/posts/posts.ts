// The posts that are on record as live.
import { and, desc, eq, gte } from 'drizzle-orm';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import type { Ledger } from '../ledger.ts';
import { belongsTo } from '../schema/keys.ts';
import { type POST_EVIDENCE, posts } from '../schema/schedules.ts';

export type PostEvidence = (typeof POST_EVIDENCE)[number];

/** Between the instant a post went live and its record lie at most the skew of two clocks: the rest is spare. */
const SKEW_MS = 3_600_000;

/** The platform post ids that the ledger gives to schedules of an account and that went live after an instant. */
export async function claimedPostIds(ledger: Ledger, accountId: string, since: Date): Promise<Set<string>> {
  const recordedAfter = new Date(since.getTime() - SKEW_MS);
  const rows = await ledger.db
    .select({ platformPostId: posts.platformPostId })
    .from(posts)
    .where(and(eq(posts.accountId, accountId), gte(posts.publishedAt, recordedAfter)));
  return new Set(rows.map((row) => row.platformPostId));
}

/** Whether the platform's post is on record as that of another schedule. */
export async function isOfAnother(
  { db }: Ledger,
  { accountId, platformPostId }: { readonly accountId: string; readonly platformPostId: string },
  scheduleId: string,
): Promise<boolean> {
  const found = await db
    .select({ scheduleId: posts.scheduleId })
    .from(posts)
    .where(and(eq(posts.accountId, accountId), eq(posts.platformPostId, platformPostId)));
  return found.some((post) => post.scheduleId !== scheduleId);
}

/** By what the post of a schedule is called live; null: it is not. */
export async function readPostEvidence({ db }: Ledger, key: ScheduleKey): Promise<PostEvidence | null> {
  const [post] = await db
    .select({ evidence: posts.evidence })
    .from(posts)
    .where(belongsTo(posts, key))
    .orderBy(desc(posts.publishedAt))
    .limit(1);
  return post?.evidence ?? null;
}

/** Learns the public address of a recorded post. */
export async function savePostUrl(ledger: Ledger, key: ScheduleKey, url: string): Promise<void> {
  await ledger.db.update(posts).set({ url }).where(belongsTo(posts, key));
}
