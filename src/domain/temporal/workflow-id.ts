// The id of a publish's workflow: `publish/<workspace>/<scheduleId>`, the workspace by its name, since people read and type it.

const PREFIX = 'publish/';

/** The workflow id of a schedule that is taken in. */
export function publishWorkflowId(workspaceName: string, scheduleId: string): string {
  return `${PREFIX}${workspaceName}/${scheduleId}`;
}

export interface PublishWorkflow {
  /** Null in the ids that version 0.1 gave: a schedule's id was everybody's then. */
  readonly workspaceName: string | null;
  readonly scheduleId: string;
}

/** The parts of a publish's workflow id, or null when it is none. A workspace's name may hold slashes, a schedule's id none. */
export function readPublishWorkflowId(workflowId: string): PublishWorkflow | null {
  const [, workspaceName = null, scheduleId] = /^publish\/(?:(.+)\/)?([^/]+)$/su.exec(workflowId) ?? [];
  return scheduleId === undefined ? null : { workspaceName, scheduleId };
}
