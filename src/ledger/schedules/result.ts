// Reads what the ledger says of a schedule now, in the form the workflow carries.
import { eq, sql } from 'drizzle-orm';
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import { UnknownSchedule } from '../attempts/open-attempt.ts';
import { builtOnce } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { posts, schedules } from '../schema/schedules.ts';

/** @throws UnknownSchedule */
export async function readResult({ db }: Ledger, scheduleId: string): Promise<PublishResult> {
  const [row] = await resultQuery(db).execute({ scheduleId });
  if (!row) throw new UnknownSchedule(scheduleId);
  return {
    ...row,
    scheduleId,
    wakeAt: row.wakeAt?.toISOString() ?? null,
    cause: row.cause && { code: row.cause.code, text: row.cause.externalText },
  };
}

const resultQuery = builtOnce((db) =>
  db
    .select({
      state: schedules.state,
      platform: schedules.platform,
      workspaceId: schedules.workspaceId,
      attempts: schedules.attemptsMade,
      wakeAt: schedules.wakeAt,
      cause: schedules.cause,
      blockedReason: schedules.blockedReason,
      accountName: connectedAccounts.name,
      platformPostId: posts.platformPostId,
      url: posts.url,
    })
    .from(schedules)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .leftJoin(posts, eq(posts.scheduleId, schedules.id))
    .where(eq(schedules.id, sql.placeholder('scheduleId')))
    .prepare('result'),
);
