// Reads what the ledger says of a schedule now, in the form the workflow carries.
import { eq } from 'drizzle-orm';
import type { PublishResult } from '../domain/publish-result.ts';
import type { Ledger } from './ledger.ts';
import { UnknownSchedule } from './open-attempt.ts';
import { connectedAccounts } from './schema/accounts.ts';
import { posts, schedules } from './schema/schedules.ts';

/** @throws UnknownSchedule */
export async function readResult(ledger: Ledger, scheduleId: string): Promise<PublishResult> {
  const [row] = await ledger.db
    .select({ schedule: schedules, accountName: connectedAccounts.name, postId: posts.platformPostId, url: posts.url })
    .from(schedules)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .leftJoin(posts, eq(posts.scheduleId, schedules.id))
    .where(eq(schedules.id, scheduleId));
  if (!row) throw new UnknownSchedule(scheduleId);
  const { schedule } = row;
  return {
    scheduleId,
    state: schedule.state,
    platform: schedule.platform,
    accountName: row.accountName,
    workspaceId: schedule.workspaceId,
    attempts: schedule.attemptsMade,
    wakeAt: schedule.wakeAt?.toISOString() ?? null,
    cause: schedule.cause && { code: schedule.cause.code, text: schedule.cause.externalText },
    blockedReason: schedule.blockedReason,
    platformPostId: row.postId,
    url: row.url,
  };
}
