// Reads what the ledger says of a schedule now, in the form the workflow carries.
import { and, eq, sql } from 'drizzle-orm';
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { isRunning } from '../../domain/schedules/states.ts';
import { UnknownSchedule } from '../attempts/open-attempt.ts';
import { builtOnce } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts, leases } from '../schema/accounts.ts';
import { joinsSchedule } from '../schema/keys.ts';
import { accountWaiters, posts, schedules } from '../schema/schedules.ts';

/** A schedule's result, with what its account's queue wants of whoever read it. */
export interface Standing {
  readonly result: PublishResult;
  /** The account, when it is free and publishes wait for it: somebody must call the next one. */
  readonly freeAccount: string | null;
}

/** @throws UnknownSchedule */
export async function readResult(ledger: Ledger, key: ScheduleKey): Promise<PublishResult> {
  return (await readStanding(ledger, key)).result;
}

/** @throws UnknownSchedule */
export async function readStanding({ db }: Ledger, key: ScheduleKey): Promise<Standing> {
  const { workspaceId, scheduleId } = key;
  const [row] = await resultQuery(db).execute({ workspaceId, scheduleId });
  if (!row) throw new UnknownSchedule(scheduleId);
  const { since, asksAt, accountId, queueStands, ...said } = row;
  // What gave it another time after it began to wait counts more than the queue.
  const waits = since !== null && isRunning(said.state) && (said.wakeAt === null || said.wakeAt <= since);
  const wakeAt = waits ? asksAt : said.wakeAt;
  const result = {
    ...said,
    scheduleId,
    wakeAt: wakeAt?.toISOString() ?? null,
    cause: said.cause && { code: said.cause.code, text: said.cause.externalText },
    ...(waits ? { waitsForAccount: true } : {}),
  };
  return { result, freeAccount: queueStands ? accountId : null };
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
      since: accountWaiters.since,
      asksAt: accountWaiters.asksAt,
      accountId: schedules.accountId,
      queueStands: sql<
        boolean | null
      >`${leases.waiting} and (${leases.holder} = '' or ${leases.expiresAt} < clock_timestamp())`,
    })
    .from(schedules)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .leftJoin(posts, joinsSchedule(posts))
    .leftJoin(leases, eq(leases.accountId, schedules.accountId))
    .leftJoin(accountWaiters, joinsSchedule(accountWaiters))
    .where(
      and(eq(schedules.workspaceId, sql.placeholder('workspaceId')), eq(schedules.id, sql.placeholder('scheduleId'))),
    )
    .prepare('result'),
);
