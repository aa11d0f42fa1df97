// Keeps one Temporal schedule per task queue that starts the sweep.
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Settings } from '../runtime/settings/settings.ts';

function sweepScheduleId(settings: Settings): string {
  return `sweep/${settings.taskQueues.publish.name}`;
}

/** Creates the schedule, or brings the one that exists to the present settings. */
export async function ensureSweepSchedule(client: Client, settings: Settings): Promise<void> {
  const scheduleId = sweepScheduleId(settings);
  const spec = { intervals: [{ every: settings.sweep.everyMs }] };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' } as const;
  const action = {
    type: 'startWorkflow',
    workflowType: 'sweep',
    workflowId: scheduleId,
    taskQueue: settings.taskQueues.publish.name,
  } as const;
  try {
    await client.schedule.create({ scheduleId, spec, policies, action });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update((known) => ({ ...known, spec, policies }));
  }
}
