// The id of a run: `YYYYMMDD-HHMMSS-<slug>` in UTC, its workspace's own; and the ids that follow from it.

const RUN_ID = /^\d{8}-\d{6}-[a-z0-9]+(?:-[a-z0-9]+)*$/;
/** A schedule's id takes 128 characters, and each run's post has one. */
export const SLUG_CHARS = 100;

/** What names a run. */
export interface RunKey {
  readonly workspaceId: string;
  readonly runId: string;
}

/** The id of a run of this slug that starts now. */
export function runIdOf(slug: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${slug}`;
}

export const isRunId = (id: string): boolean => RUN_ID.test(id) && id.length <= 16 + SLUG_CHARS;

/** The schedule of the post that a run publishes. */
export const scheduleIdOfRun = (runId: string): string => `run-${runId}`;

/** The run whose post a schedule is, or null. */
export function runIdOfSchedule(scheduleId: string): string | null {
  const runId = scheduleId.startsWith('run-') ? scheduleId.slice(4) : '';
  return isRunId(runId) ? runId : null;
}

const PREFIX = 'pipeline/';

/** The workflow id of a run: the workspace by its name, since people read and type it. */
export const pipelineWorkflowId = (workspaceName: string, runId: string): string =>
  `${PREFIX}${workspaceName}/${runId}`;

/** The parts of a run's workflow id, or null when it is none. A workspace's name may hold slashes, a run's id none. */
export function readPipelineWorkflowId(workflowId: string): { workspaceName: string; runId: string } | null {
  const [, workspaceName, runId] = /^pipeline\/(.+)\/([^/]+)$/su.exec(workflowId) ?? [];
  return workspaceName === undefined || runId === undefined ? null : { workspaceName, runId };
}
