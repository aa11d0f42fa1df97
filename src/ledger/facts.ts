// Everything that decides about one schedule, read in one query.
import { and, desc, eq, sql } from 'drizzle-orm';
import { approvalHolds } from '../domain/fingerprint.ts';
import type { GateFacts } from '../domain/gate.ts';
import { targetProblem } from '../domain/target.ts';
import type { Database, Tx } from './database.ts';
import { connectedAccounts } from './schema/accounts.ts';
import { OPEN_INTENT } from './schema/columns.ts';
import { approvals, intents, posts, schedules } from './schema/schedules.ts';

export type ScheduleRow = typeof schedules.$inferSelect;
export type AccountRow = typeof connectedAccounts.$inferSelect;
export type IntentRow = typeof intents.$inferSelect;
export type PostRow = typeof posts.$inferSelect;

export interface ScheduleFacts {
  readonly schedule: ScheduleRow;
  readonly account: AccountRow | null;
  /** The create that may have left and is not yet accounted for. */
  readonly openIntent: IntentRow | null;
  readonly post: PostRow | null;
  readonly approval: { readonly verdict: 'approved' | 'rejected'; readonly fingerprint: string } | null;
}

/** Loads a schedule's facts and locks its row until the transaction ends; null when there is no such schedule. */
export async function lockFacts(tx: Tx, scheduleId: string): Promise<ScheduleFacts | null> {
  const [row] = await selectFacts(tx, scheduleId).for('update', { of: schedules });
  return row ? withApproval(tx, row) : null;
}

/** The facts as they stand, without a lock; null when there is no such schedule. */
export async function readFacts(db: Database, scheduleId: string): Promise<ScheduleFacts | null> {
  const [row] = await selectFacts(db, scheduleId);
  return row ? withApproval(db, row) : null;
}

function selectFacts(db: Database | Tx, scheduleId: string) {
  return db
    .select({ schedule: schedules, account: connectedAccounts, openIntent: intents, post: posts })
    .from(schedules)
    .leftJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .leftJoin(intents, and(eq(intents.scheduleId, schedules.id), sql`${intents}.${OPEN_INTENT}`))
    .leftJoin(posts, eq(posts.scheduleId, schedules.id))
    .where(eq(schedules.id, scheduleId));
}

async function withApproval(db: Database | Tx, row: Omit<ScheduleFacts, 'approval'>): Promise<ScheduleFacts> {
  const approval = row.schedule.delivery.approvalRequired ? await newestApproval(db, row.schedule) : null;
  return { ...row, approval };
}

async function newestApproval(db: Database | Tx, schedule: ScheduleRow): Promise<ScheduleFacts['approval']> {
  const [approval] = await db
    .select({ verdict: approvals.verdict, fingerprint: approvals.fingerprint })
    .from(approvals)
    .where(and(eq(approvals.scheduleId, schedule.id), eq(approvals.fingerprint, schedule.fingerprint)))
    .orderBy(desc(approvals.decidedAt), desc(approvals.id))
    .limit(1);
  return approval ?? null;
}

/** The gate's facts of a schedule. `running` is the caller's to say: an attempt does not count itself. */
export function gateFacts(facts: ScheduleFacts, running: boolean): GateFacts {
  const { schedule, account } = facts;
  return {
    posted: facts.post !== null,
    running,
    canceled: schedule.state === 'canceled',
    handoff: schedule.delivery.mode === 'handoff' || schedule.handoff !== null,
    targetBroken: brokenTarget(facts) !== null,
    approvalMissing: schedule.delivery.approvalRequired && !approvalHolds(facts.approval, schedule.fingerprint),
    disconnected: account !== null && account.status !== 'connected',
    xMediaCapabilityMissing:
      schedule.platform === 'x' && schedule.content.media.length > 0 && account?.mediaCapabilityMissing === true,
  };
}

/** What is wrong with the stored target, or null. */
export function brokenTarget({ schedule, account }: ScheduleFacts): ReturnType<typeof targetProblem> {
  return targetProblem(schedule, account && { ...account, deleted: account.deletedAt !== null });
}
