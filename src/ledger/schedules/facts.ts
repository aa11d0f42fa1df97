// Everything that decides about one schedule.
import { and, desc, eq, sql } from 'drizzle-orm';
import { approvalHolds } from '../../domain/gate/fingerprint.ts';
import type { GateFacts } from '../../domain/gate/gate.ts';
import { targetProblem } from '../../domain/gate/target.ts';
import { keyOf, type ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { builtOnce, type Database, type Tx } from '../database/database.ts';
import { IS_HELD } from '../holds/held.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { OPEN_INTENT } from '../schema/columns.ts';
import { belongsTo, isSchedule, joinsSchedule } from '../schema/keys.ts';
import { approvals, intents, posts, schedules } from '../schema/schedules.ts';

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
  /** An active hold is about it: nothing may be created. */
  readonly held: boolean;
}

/** Facts that were read without a lock. */
export interface SeenFacts extends ScheduleFacts {
  /** Another one once anything of the schedule's row has changed. */
  readonly version: string;
}

/** Loads a schedule's facts and locks its row until the transaction ends; null when there is no such schedule. */
export async function lockFacts(tx: Tx, key: ScheduleKey): Promise<ScheduleFacts | null> {
  const [row] = await tx
    .select({ schedule: schedules, account: connectedAccounts, held: IS_HELD })
    .from(schedules)
    .leftJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .where(isSchedule(key))
    .for('update', { of: schedules });
  return row ? withWhatCameOfIt(tx, row) : null;
}

/** The facts as they stand, without a lock; null when there is no such schedule. */
export async function readFacts(db: Database, { workspaceId, scheduleId }: ScheduleKey): Promise<SeenFacts | null> {
  const [row] = await scheduleQuery(db).execute({ workspaceId, scheduleId });
  return row ? { ...(await withWhatCameOfIt(db, row)), version: row.version } : null;
}

const scheduleQuery = builtOnce((db) =>
  db
    .select({
      schedule: schedules,
      account: connectedAccounts,
      held: IS_HELD,
      version: sql<string>`${schedules}.xmin::text`,
    })
    .from(schedules)
    .leftJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .where(
      and(eq(schedules.workspaceId, sql.placeholder('workspaceId')), eq(schedules.id, sql.placeholder('scheduleId'))),
    )
    .prepare('facts'),
);

async function withWhatCameOfIt(
  db: Database | Tx,
  { schedule, account, held }: Pick<ScheduleFacts, 'schedule' | 'account' | 'held'>,
): Promise<ScheduleFacts> {
  // Only an attempt makes an intent or a post, so the first one is spared the question.
  const made = schedule.attemptsMade === 0 ? { openIntent: null, post: null } : await madeBefore(db, schedule);
  const approval = schedule.delivery.approvalRequired ? await newestApproval(db, schedule) : null;
  return { schedule, account, held, ...made, approval };
}

async function madeBefore(
  db: Database | Tx,
  schedule: ScheduleRow,
): Promise<Pick<ScheduleFacts, 'openIntent' | 'post'>> {
  const [row] = await db
    .select({ openIntent: intents, post: posts })
    .from(schedules)
    .leftJoin(intents, and(joinsSchedule(intents), sql`${intents}.${OPEN_INTENT}`))
    .leftJoin(posts, joinsSchedule(posts))
    .where(isSchedule(keyOf(schedule)));
  return row ?? { openIntent: null, post: null };
}

/** Of two decisions of one instant, the one with the later id counts, wherever it is asked. */
export const NEWEST_DECISION_FIRST = [desc(approvals.decidedAt), desc(approvals.id)] as const;

async function newestApproval(db: Database | Tx, schedule: ScheduleRow): Promise<ScheduleFacts['approval']> {
  const [approval] = await db
    .select({ verdict: approvals.verdict, fingerprint: approvals.fingerprint })
    .from(approvals)
    .where(and(belongsTo(approvals, keyOf(schedule)), eq(approvals.fingerprint, schedule.fingerprint)))
    .orderBy(...NEWEST_DECISION_FIRST)
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
    xMediaCapabilityMissing: lacksXMedia(schedule, account),
  };
}

/** Whether it is a post with media for an account of X that cannot upload any. */
export function lacksXMedia(
  { platform, content }: Pick<ScheduleRow, 'platform' | 'content'>,
  account: Pick<AccountRow, 'mediaCapabilityMissing'> | null,
): boolean {
  return platform === 'x' && content.media.length > 0 && account?.mediaCapabilityMissing === true;
}

/** What is wrong with the stored target, or null. */
export function brokenTarget({ schedule, account }: ScheduleFacts): ReturnType<typeof targetProblem> {
  return targetProblem(schedule, account && { ...account, deleted: account.deletedAt !== null });
}
