// Keeps the Temporal schedules of a task queue: what runs every so often, whoever is there to ask for it.
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Settings } from '../runtime/settings/settings.ts';

const DROP_UNUSED_EVERY_MS = 3_600_000;

interface Recurring {
  /** The workflow's type; with the queue's name it is the schedule's id, and the run's. */
  readonly workflowType: string;
  readonly everyMs: number;
}

function recurring({ sweep, tonight }: Settings): readonly Recurring[] {
  return [
    { workflowType: 'sweep', everyMs: sweep.everyMs },
    { workflowType: 'tonight', everyMs: tonight.everyMs },
    { workflowType: 'dropUnusedMedia', everyMs: DROP_UNUSED_EVERY_MS },
  ];
}

/** Creates the schedules, or brings those that exist to the present settings. */
export async function ensureRecurring(client: Client, settings: Settings): Promise<void> {
  await Promise.all(recurring(settings).map((one) => ensure(client, settings.taskQueues.publish.name, one)));
}

async function ensure(client: Client, taskQueue: string, { workflowType, everyMs }: Recurring): Promise<void> {
  const scheduleId = `${workflowType}/${taskQueue}`;
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
