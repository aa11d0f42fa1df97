// What names a schedule: its id is its workspace's own, so neither part does without the other.

export interface ScheduleKey {
  readonly workspaceId: string;
  readonly scheduleId: string;
}

/** The key of a schedule's row. */
export function keyOf({ workspaceId, id }: { readonly workspaceId: string; readonly id: string }): ScheduleKey {
  return { workspaceId, scheduleId: id };
}
