// Looks for publishes that nobody drives any more: what was never started is started, what was ended in Temporal becomes
// an item. It decides nothing by Temporal's lists, which lag, but asks about each workflow by its id.
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { SweepReport } from '../domain/sweep-report.ts';
import { type LateSchedule, lateSchedules, markWorkflowLost } from '../ledger/lost.ts';
import type { PublishingContext } from './context.ts';
import { startPublish } from './start-workflow.ts';

const PER_SWEEP = 200;

/** Sweeps once. A second sweep at the same time does no harm. */
export async function sweepOnce(context: PublishingContext, client: Client): Promise<SweepReport> {
  const late = await lateSchedules(context.ledger, context.settings.sweep.graceMs, PER_SWEEP);
  let started = 0;
  let lost = 0;
  for (const schedule of late) {
    const outcome = await settle(context, client, schedule);
    if (outcome === 'started') started += 1;
    if (outcome === 'lost') lost += 1;
  }
  return { late: late.length, started, lost };
}

async function settle(
  context: PublishingContext,
  client: Client,
  schedule: LateSchedule,
): Promise<'started' | 'lost' | 'running'> {
  const ended = await howItEnded(client, schedule.scheduleId);
  if (ended === 'running') return 'running';
  if (ended === null) {
    await startPublish(client, context, schedule);
    return 'started';
  }
  return (await markWorkflowLost(context.ledger, schedule.scheduleId, ended)) ? 'lost' : 'running';
}

/** Null: there is no such workflow. */
async function howItEnded(client: Client, scheduleId: string): Promise<string | null> {
  try {
    const { status } = await client.workflow.getHandle(`publish/${scheduleId}`).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED'
      ? 'running'
      : `ended as ${status.name.toLowerCase().replaceAll('_', ' ')}`;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
