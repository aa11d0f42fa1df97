// Finds publishes that should have moved and did not, and records that their workflow is gone (law 8).
import { and, asc, eq, gt, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { cause } from '../../domain/causes/causes.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { isRunning, STATE_NAMES, waitsForWord } from '../../domain/schedules/states.ts';
import { closeInterrupted } from '../attempts/interrupted.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { connectedAccounts } from '../schema/accounts.ts';
import { inGroup } from '../schema/columns.ts';
import { schedules } from '../schema/schedules.ts';
import { lockFacts } from './facts.ts';
import { move } from './transitions.ts';

/** A schedule that is late, or whose workflow was never started. */
export interface LateSchedule extends ScheduleKey {
  readonly workflowId: string;
  readonly platform: string;
  readonly accountName: string;
  readonly publishAt: Date;
  readonly createdAt: Date;
  /** Null while nobody is known to have started it. */
  readonly workflowStartedAt: Date | null;
  /** When it last moved: one that has moved since is not lost. */
  readonly updatedAt: Date;
  /** It stands in the queue of its account, and is called when its turn has come. */
  readonly waitsForAccount: boolean;
}

const RUNNING = STATE_NAMES.filter((state) => isRunning(state) && !waitsForWord(state));

/**
 * Schedules whose time passed more than `graceMs` ago, or that were taken in that long ago and never started: one page,
 * by workflow id, beginning after `after`.
 */
export async function lateSchedules(
  ledger: Ledger,
  graceMs: number,
  { after, limit }: { readonly after: string; readonly limit: number },
): Promise<LateSchedule[]> {
  const before = new Date(ledger.clock.now().getTime() - graceMs);
  const late = sql`coalesce(${schedules.wakeAt}, ${schedules.updatedAt}) < ${before.toISOString()}::timestamptz`;
  const neverStarted = and(isNull(schedules.workflowStartedAt), lt(schedules.createdAt, before));
  // The groups say in which indexes these few are found, whatever has ended.
  const running = and(
    sql`${schedules}.${inGroup('itself')}`,
    inArray(schedules.state, RUNNING),
    or(late, neverStarted),
  );
  const byHand = and(sql`${schedules}.${inGroup('person')}`, eq(schedules.state, 'handoff_pending'), neverStarted);
  return select(ledger)
    .where(and(gt(schedules.workflowId, after), or(running, byHand)))
    .orderBy(asc(schedules.workflowId))
    .limit(limit);
}

/** The schedules of the named workflows that somebody ought to drive. */
export async function drivenSchedules(ledger: Ledger, workflowIds: readonly string[]): Promise<LateSchedule[]> {
  if (workflowIds.length === 0) return [];
  return select(ledger).where(and(inArray(schedules.workflowId, [...workflowIds]), inArray(schedules.state, RUNNING)));
}

function select({ db }: Ledger) {
  return db
    .select({
      scheduleId: schedules.id,
      workspaceId: schedules.workspaceId,
      workflowId: schedules.workflowId,
      platform: schedules.platform,
      accountName: connectedAccounts.name,
      publishAt: schedules.publishAt,
      createdAt: schedules.createdAt,
      workflowStartedAt: schedules.workflowStartedAt,
      updatedAt: schedules.updatedAt,
      waitsForAccount: sql<boolean>`exists (
        select from account_waiters as waiter
        where waiter.workspace_id = ${schedules.workspaceId} and waiter.schedule_id = ${schedules.id})`,
    })
    .from(schedules)
    .innerJoin(connectedAccounts, eq(connectedAccounts.id, schedules.accountId));
}

/** How a run ended, as the end of a sentence; `completed`: by itself. */
export interface EndOfRun {
  readonly how: string;
  readonly completed: boolean;
}

/** A run that came to its own end and of which the ledger knows nothing: the ledger is older than the run. */
function whatThatLeaves({ completed }: EndOfRun, mayBeLive: boolean): string {
  if (mayBeLive) return 'while the post may have been sent; a replay asks the platform before anything else.';
  return completed
    ? 'and the ledger does not know how, as after a restore from an older backup: the post may be live, so look at the account before you replay it.'
    : 'before the post was sent; replay it to publish it.';
}

/**
 * Makes a publish whose workflow ended without it an item that a person sees: a failure, or, while the post may be live,
 * an outcome that nobody can tell (law 3). False when it has moved since it was looked at.
 */
export async function markWorkflowLost(
  ledger: Ledger,
  { workspaceId, scheduleId, updatedAt }: Pick<LateSchedule, keyof ScheduleKey | 'updatedAt'>,
  end: EndOfRun,
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const facts = await lockFacts(tx, { workspaceId, scheduleId });
    if (!facts || !isRunning(facts.schedule.state)) return false;
    if (facts.schedule.updatedAt.getTime() !== updatedAt.getTime()) return false;
    const mayBeLive = facts.openIntent !== null;
    const now = ledger.clock.now();
    const interrupted = await closeInterrupted(tx, facts.schedule, now);
    const lost = cause({
      code: 'unknown',
      source: 'status_only',
      platform: facts.schedule.platform,
      stage: mayBeLive ? 'reconcile' : 'gate',
      externalText: `Its workflow ${end.how} in Temporal ${whatThatLeaves(end, mayBeLive)}`,
      rawText: '',
    });
    const event = await move(tx, facts.schedule, {
      event: mayBeLive ? 'unconfirmed' : 'workflow_lost',
      at: now,
      actor: SYSTEM_ACTOR,
      changes: { cause: lost, failedAt: now },
      payload: { how: end.how },
    });
    await appendAudit(tx, [...interrupted, event]);
    return true;
  });
}
