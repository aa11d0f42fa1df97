// Looks for publishes that nobody drives any more: what was never started is started, what was ended in Temporal becomes
// an item, what rests though its time has passed looks again. Temporal's lists lag, so they are only a hint where to look: what is true of a workflow is asked by its id.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { LOOK_AGAIN } from '../../domain/temporal/look-again.ts';
import type { UndrivenReport } from '../../domain/temporal/sweep-report.ts';
import { standingQueues } from '../../ledger/accounts/account-queue.ts';
import { releaseStrays } from '../../ledger/holds/strays.ts';
import { readOpenIntent } from '../../ledger/intents/intents.ts';
import {
  drivenSchedules,
  type EndOfRun,
  type LateSchedule,
  lateSchedules,
  markWorkflowLost,
} from '../../ledger/schedules/lost.ts';
import { markWorkflowStarted } from '../../ledger/schedules/schedules.ts';
import { healPublish } from '../attempt/run-publish.ts';
import type { AttemptControl, PublishingContext } from '../context.ts';
import { callNext } from './call-next.ts';
import { startPublish } from './start-workflow.ts';
import { tellRuns } from './tell-run.ts';

const PAGE = 200;

/** How far back runs that were ended are looked for, long before their publish is due. */
const LOOK_BACK_MS = 15 * 60_000;

/** What a sweep works with; `control` is the activity's own. */
interface Sweeping {
  readonly context: PublishingContext;
  readonly client: Client;
  readonly control: AttemptControl;
}

type Outcome = 'started' | 'lost' | 'running' | 'failed';

/**
 * Sweeps once. A publish whose run is gone while its post may be live is asked about here: the sweep may heal it, and never
 * creates. A second sweep at the same time does no harm.
 */
export async function sweepOnce(
  context: PublishingContext,
  client: Client,
  control: AttemptControl,
): Promise<UndrivenReport> {
  const count: Record<Outcome, number> = { started: 0, lost: 0, running: 0, failed: 0 };
  await releaseStrays(context.ledger);
  await tellRuns(context, client, (doing) => control.heartbeat({ doing }));
  for (const accountId of await standingQueues(context.ledger)) await callNext(context, client, accountId);
  for await (const schedule of undriven(context, client)) {
    count[await settle({ context, client, control }, schedule)] += 1;
    control.heartbeat({ doing: schedule.scheduleId });
  }
  const { started, lost, running, failed } = count;
  return { looked: started + lost + running + failed, started, lost, failed };
}

async function* undriven(context: PublishingContext, client: Client): AsyncGenerator<LateSchedule> {
  const { ledger, settings } = context;
  const ended = await endedLately(context, client);
  for (let from = 0; from < ended.length; from += PAGE) {
    yield* await drivenSchedules(ledger, ended.slice(from, from + PAGE));
  }
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: LateSchedule[] = await lateSchedules(ledger, settings.sweep.graceMs, { after, limit: PAGE });
    yield* page;
    after = page.length < PAGE ? undefined : page.at(-1)?.workflowId;
  }
}

/**
 * The workflows of runs that ended a short while ago, and not by themselves. Where Temporal does not list them, they are
 * found when they are late.
 */
async function endedLately({ ledger, settings, log }: PublishingContext, client: Client): Promise<string[]> {
  const since = new Date(ledger.clock.machineNow().getTime() - LOOK_BACK_MS).toISOString();
  const query =
    `WorkflowType = 'publish' AND TaskQueue = '${settings.taskQueues.publish.name}' AND CloseTime > '${since}' ` +
    `AND ExecutionStatus IN ('Terminated', 'Failed', 'Canceled', 'TimedOut')`;
  const ids = new Set<string>();
  try {
    for await (const { workflowId } of client.workflow.list({ query })) ids.add(workflowId);
  } catch (error) {
    log.warn({ err: error }, 'Temporal does not list the runs that ended; what they left is found when it is late');
  }
  return [...ids];
}

/** One that cannot be settled must not keep the others waiting. */
async function settle(sweeping: Sweeping, schedule: LateSchedule): Promise<Outcome> {
  try {
    return await settleNow(sweeping, schedule);
  } catch (error) {
    sweeping.context.log.error(
      { err: error, scheduleId: schedule.scheduleId },
      'the sweep could not settle a schedule',
    );
    return 'failed';
  }
}

async function settleNow({ context, client, control }: Sweeping, schedule: LateSchedule): Promise<Outcome> {
  const ended = await howItEnded(client, schedule.workflowId);
  if (ended === null || isAnothers(ended, schedule)) {
    await startPublish(client, context, schedule);
    return 'started';
  }
  // It was started by somebody else: remembered, so that it is not looked at again until it is late.
  await markWorkflowStarted(context.ledger, schedule);
  if (ended === 'running') return 'running';
  if (ended === 'resting') {
    // Its time has passed and the run does not know it: the ledger is another than the one it read, as after a restore.
    if (!schedule.waitsForAccount) await client.workflow.getHandle(schedule.workflowId).signal(LOOK_AGAIN);
    return 'running';
  }
  if (await readOpenIntent(context.ledger, schedule)) {
    const healed = await healPublish(context, schedule, control, `Its workflow ${ended.how} in Temporal`);
    return healed ? 'lost' : 'running';
  }
  return (await markWorkflowLost(context.ledger, schedule, ended)) ? 'lost' : 'running';
}

/** A run that ended before the schedule was taken in was not its own: one that was refused at its start, say. */
function isAnothers(ended: Ended | 'running' | 'resting', { workflowStartedAt, createdAt }: LateSchedule): boolean {
  return workflowStartedAt === null && typeof ended === 'object' && ended.at < createdAt;
}

interface Ended extends EndOfRun {
  readonly at: Date;
}

/** Null: there is no such workflow. `resting`: it is open, and nothing of it is under way. */
async function howItEnded(client: Client, workflowId: string): Promise<Ended | 'running' | 'resting' | null> {
  try {
    const { status, closeTime, raw } = await client.workflow.getHandle(workflowId).describe();
    if (closeTime === undefined)
      return raw.pendingActivities?.length || raw.pendingWorkflowTask ? 'running' : 'resting';
    const how = `ended as ${status.name.toLowerCase().replaceAll('_', ' ')}`;
    return { how, completed: status.name === 'COMPLETED', at: closeTime };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
