// The workflows and schedules of notifications, by id.

/** Of the schedule that has the audit trail looked through, and of its runs. */
export const notifyScheduleId = (queue: string) => `notify/${queue}`;

/** Of the workflow that delivers to one channel: one at a time, so that a receiver that hangs keeps only itself waiting. */
export const deliverWorkflowId = (queue: string, { workspaceId, channel }: DeliveryTarget) =>
  `deliver/${queue}/${workspaceId}/${channel}`;

/** What the ids of a queue's report schedules begin with; the workspace's name follows. */
export const reportScheduleIds = (queue: string) => `morning-report/${queue}/`;

/** The signal that says to a delivery that something is due. */
export const SOMETHING_DUE = 'somethingDue';

/** One channel of one workspace. */
export interface DeliveryTarget {
  readonly workspaceId: string;
  readonly channel: string;
}
