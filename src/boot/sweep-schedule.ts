// Keeps the Temporal schedules of one task queue: the sweep of publishes, and the one of stored media.
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Settings } from '../runtime/settings/settings.ts';

const MEDIA_EVERY_MS = 3_600_000;

/** Creates the schedules, or brings those that exist to the present settings. */
export async function ensureSweepSchedule(client: Client, settings: Settings): Promise<void> {
  const { name: taskQueue } = settings.taskQueues.publish;
  await ensure(client, { id: `sweep/${taskQueue}`, workflowType: 'sweep', everyMs: settings.sweep.everyMs, taskQueue });
  const media = { id: `sweep-media/${taskQueue}`, workflowType: 'dropUnusedMedia', everyMs: MEDIA_EVERY_MS, taskQueue };
  await ensure(client, media);
}

interface Recurring {
  /** Of the schedule, and of the run that it starts. */
  readonly id: string;
  readonly workflowType: string;
  readonly everyMs: number;
  readonly taskQueue: string;
}

async function ensure(client: Client, { id: scheduleId, workflowType, everyMs, taskQueue }: Recurring): Promise<void> {
  const spec = { intervals: [{ every: everyMs }] };
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' } as const;
  const action = { type: 'startWorkflow', workflowType, workflowId: scheduleId, taskQueue } as const;
  try {
    await client.schedule.create({ scheduleId, spec, policies, action });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(scheduleId).update((known) => ({ ...known, spec, policies }));
  }
}
