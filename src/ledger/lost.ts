// Finds publishes that should have moved and did not, and records that their workflow is gone (law 8).
import { and, asc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { SYSTEM_ACTOR } from '../domain/actor.ts';
import { cause } from '../domain/causes.ts';
import { SCHEDULE_STATES, type ScheduleState } from '../domain/states.ts';
import { appendAudit } from './audit.ts';
import { lockFacts } from './facts.ts';
import { closeInterrupted } from './interrupted.ts';
import type { Ledger } from './ledger.ts';
import { connectedAccounts } from './schema/accounts.ts';
import { schedules } from './schema/schedules.ts';
import { move } from './transitions.ts';

/** A schedule that is late, or whose workflow was never started. */
export interface LateSchedule {
  readonly scheduleId: string;
  readonly workspaceId: string;
  readonly platform: string;
  readonly accountName: string;
  readonly publishAt: Date;
}

const RUNNING: ScheduleState[] = Object.entries(SCHEDULE_STATES)
  .filter(([, state]) => !state.ended && !state.waitsForPerson)
  .map(([name]) => name)
  .filter((name): name is ScheduleState => Object.hasOwn(SCHEDULE_STATES, name));

/** Schedules whose time passed more than `graceMs` ago, or that were taken in that long ago and never started. */
export async function lateSchedules(ledger: Ledger, graceMs: number, limit: number): Promise<LateSchedule[]> {
  const before = new Date(ledger.clock.now().getTime() - graceMs);
  return ledger.db
    .select({
      scheduleId: schedules.id,
      workspaceId: schedules.workspaceId,
      platform: schedules.platform,
      accountName: connectedAccounts.name,
      publishAt: schedules.publishAt,
    })
    .from(schedules)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId))
    .where(
      or(
        and(
          inArray(schedules.state, RUNNING),
          sql`coalesce(${schedules.wakeAt}, ${schedules.updatedAt}) < ${before.toISOString()}::timestamptz`,
        ),
        and(
          isNull(schedules.workflowStartedAt),
          lt(schedules.createdAt, before),
          inArray(schedules.state, [...RUNNING, 'handoff_pending']),
        ),
      ),
    )
    .orderBy(asc(schedules.updatedAt))
    .limit(limit);
}

/** Makes a publish whose workflow ended without it an item that a person sees; false when it has moved meanwhile. */
export async function markWorkflowLost(ledger: Ledger, scheduleId: string, how: string): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, scheduleId);
    if (!facts || !RUNNING.includes(facts.schedule.state)) return false;
    const now = ledger.clock.now();
    const interrupted = await closeInterrupted(tx, facts.schedule, now);
    const lost = cause({
      code: 'unknown',
      source: 'status_only',
      platform: facts.schedule.platform,
      stage: 'gate',
      externalText: facts.openIntent
        ? `Its workflow ${how} in Temporal while the post may have been sent; a replay asks the platform before anything else.`
        : `Its workflow ${how} in Temporal before the post was sent; replay it to publish it.`,
      rawText: '',
    });
    const { written, event } = move(tx, facts.schedule, {
      event: 'workflow_lost',
      at: now,
      actor: SYSTEM_ACTOR,
      changes: { cause: lost, failedAt: now },
      payload: { how },
    });
    await written;
    await appendAudit(tx, [...interrupted, event]);
    return true;
  });
}
