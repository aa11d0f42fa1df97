// Keeps the Temporal schedules of notifications as the settings have them: one that looks for news, and one for the morning
// report of each workspace in its own time zone, so that Temporal knows its summer time.
import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { ReportTime } from '../domain/notifications/channel.ts';
import { notifyScheduleId, reportScheduleIds } from '../domain/temporal/notification-ids.ts';
import type { Settings } from '../runtime/settings/settings.ts';

/** Creates what is missing, brings what is there to the present settings, and takes away what they have no more. */
export async function ensureNotificationSchedules(client: Client, settings: Settings): Promise<void> {
  const { name: queue } = settings.taskQueues.publish;
  const { everyMs, workspaces } = settings.notifications;
  const anybody = Object.values(workspaces).some(({ channels }) => channels.length > 0);
  if (anybody) await ensure(client, lookSchedule(queue, everyMs));
  else await remove(client, notifyScheduleId(queue));
  const wanted = Object.entries(workspaces).flatMap(([workspace, { report }]) =>
    report ? [reportSchedule(queue, workspace, report)] : [],
  );
  for (const options of wanted) await ensure(client, options);
  await removeOthers(client, reportScheduleIds(queue), new Set(wanted.map(({ scheduleId }) => scheduleId)));
}

function lookSchedule(queue: string, everyMs: number): ScheduleOptions {
  const scheduleId = notifyScheduleId(queue);
  return {
    scheduleId,
    spec: { intervals: [{ every: everyMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
    action: { type: 'startWorkflow', workflowType: 'notify', workflowId: scheduleId, taskQueue: queue },
  };
}

/** At that time of every day there; a report that fell due while Temporal was away is made up for until noon or so. */
function reportSchedule(queue: string, workspace: string, report: ReportTime): ScheduleOptions {
  const scheduleId = `${reportScheduleIds(queue)}${workspace}`;
  return {
    scheduleId,
    spec: reportSpec(report),
    policies: { overlap: ScheduleOverlapPolicy.BUFFER_ONE, catchupWindow: '6h' },
    action: {
      type: 'startWorkflow',
      workflowType: 'morningReport',
      workflowId: scheduleId,
      taskQueue: queue,
      args: [workspace],
    },
  };
}

/** When reports are due. */
export function reportSpec({ hour, minute, zone }: ReportTime): ScheduleOptions['spec'] {
  return { calendars: [{ hour, minute }], timezone: zone };
}

async function ensure(client: Client, options: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, policies } = options;
    await client.schedule
      .getHandle(options.scheduleId)
      .update((known) => ({ ...known, spec, policies: { ...known.policies, ...policies } }));
  }
}

async function removeOthers(client: Client, prefix: string, kept: ReadonlySet<string>): Promise<void> {
  for await (const { scheduleId } of client.schedule.list()) {
    if (scheduleId.startsWith(prefix) && !kept.has(scheduleId)) await remove(client, scheduleId);
  }
}

async function remove(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
