// Which runs have not heard yet that their schedule was changed from outside them.
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { SCHEDULE_STATES, type ScheduleState } from '../../domain/schedules/states.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { isSchedule } from '../schema/keys.ts';
import { schedules } from '../schema/schedules.ts';

/** A run to tell, with what it takes to start it where it is gone. */
export interface ToTell extends ScheduleKey {
  readonly workflowId: string;
  readonly platform: string;
  readonly accountName: string;
  /** When it goes on by itself; the past where that is at once. */
  readonly wakesAt: Date;
  /** Nothing is left to do but to let the run see its end. */
  readonly ended: boolean;
  /** Of the change that is to be told: one that came since is told by itself. */
  readonly updatedAt: Date;
}

/** The run of one schedule, or null when it has heard everything. */
export async function untoldRun(ledger: Ledger, key: ScheduleKey): Promise<ToTell | null> {
  const [row] = await select(ledger).where(and(isSchedule(key), schedules.runToTell));
  return row ? withEnd(row) : null;
}

/** One page of them, by workflow id, beginning after `after`. */
export async function untoldRuns(
  ledger: Ledger,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<ToTell[]> {
  const rows = await select(ledger)
    .where(and(sql`${schedules.runToTell}`, gt(schedules.workflowId, after)))
    .orderBy(asc(schedules.workflowId))
    .limit(limit);
  return rows.map(withEnd);
}

/** Remembers that the run has heard of it. */
export async function markTold({ db }: Ledger, told: ToTell): Promise<void> {
  await db
    .update(schedules)
    .set({ runToTell: false })
    .where(and(isSchedule(told), eq(schedules.updatedAt, told.updatedAt)));
}

function select({ db }: Ledger) {
  return db
    .select({
      scheduleId: schedules.id,
      workspaceId: schedules.workspaceId,
      workflowId: schedules.workflowId,
      platform: schedules.platform,
      accountName: connectedAccounts.name,
      wakeAt: schedules.wakeAt,
      state: schedules.state,
      updatedAt: schedules.updatedAt,
    })
    .from(schedules)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId));
}

type Row = Omit<ToTell, 'ended' | 'wakesAt'> & { state: ScheduleState; wakeAt: Date | null };

function withEnd({ state, wakeAt, ...row }: Row): ToTell {
  return { ...row, wakesAt: wakeAt ?? row.updatedAt, ended: SCHEDULE_STATES[state].ended };
}
