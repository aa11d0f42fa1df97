// What was said to one schedule, and what was decided about it: messages with their verdicts, and decisions on its versions.
import { asc, desc } from 'drizzle-orm';
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
