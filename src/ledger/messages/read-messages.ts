// What was said to one schedule, and what was decided about it: messages with their verdicts, and decisions on its versions.
import { and, asc, desc, sql } from 'drizzle-orm';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import type { Ledger } from '../ledger.ts';
import { belongsTo } from '../schema/keys.ts';
import { approvals, messages } from '../schema/schedules.ts';

const MOST = 200;

/** The newest messages, oldest first. */
export async function readMessages({ db }: Ledger, key: ScheduleKey) {
  const rows = await db
    .select()
    .from(messages)
    .where(belongsTo(messages, key))
    .orderBy(desc(messages.receivedAt))
    .limit(MOST);
  return rows.toReversed();
}

/** Every decision on a version of the schedule, oldest first. */
export async function readDecisions({ db }: Ledger, key: ScheduleKey) {
  return db.select().from(approvals).where(belongsTo(approvals, key)).orderBy(asc(approvals.decidedAt)).limit(MOST);
}

/** Whether a replay that was asked for under this id was accepted by its run, whatever became of the schedule since. */
export async function wasAccepted({ db }: Ledger, key: ScheduleKey, callId: string): Promise<boolean> {
  // A run names an update by its own id and the caller's, which has a number behind it when it was sent once more.
  const asked = sql`strpos(${messages.messageId} || '/', ${`/${callId}/`}) > 0`;
  const accepted = sql`(${messages.verdict} ->> 'accepted')::boolean`;
  const rows = await db
    .select({ id: messages.messageId })
    .from(messages)
    .where(and(belongsTo(messages, key), asked, accepted))
    .limit(1);
  return rows.length > 0;
}
