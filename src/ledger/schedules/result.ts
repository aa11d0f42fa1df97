// Reads what the ledger says of a schedule now, in the form the workflow carries.
import { and, eq, sql } from 'drizzle-orm';
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { UnknownSchedule } from '../attempts/open-attempt.ts';
import { builtOnce } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { joinsSchedule } from '../schema/keys.ts';
import { posts, schedules } from '../schema/schedules.ts';

/** @throws UnknownSchedule */
export async function readResult({ db }: Ledger, key: ScheduleKey): Promise<PublishResult> {
  const { workspaceId, scheduleId } = key;
  const [row] = await resultQuery(db).execute({ workspaceId, scheduleId });
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
    .leftJoin(posts, joinsSchedule(posts))
    .where(
      and(eq(schedules.workspaceId, sql.placeholder('workspaceId')), eq(schedules.id, sql.placeholder('scheduleId'))),
    )
    .prepare('result'),
);
