// Conditions by the key of a schedule: no query finds a row by one part of it.
import { and, eq, type SQL } from 'drizzle-orm';
import type { AnyPgColumn } from 'drizzle-orm/pg-core';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { schedules } from './schedules.ts';

/** The schedule itself. */
export function isSchedule({ workspaceId, scheduleId }: ScheduleKey): SQL | undefined {
  return and(eq(schedules.workspaceId, workspaceId), eq(schedules.id, scheduleId));
}

/** What belongs to it. */
export function belongsTo(
  table: { readonly workspaceId: AnyPgColumn; readonly scheduleId: AnyPgColumn },
  { workspaceId, scheduleId }: ScheduleKey,
): SQL | undefined {
  return and(eq(table.workspaceId, workspaceId), eq(table.scheduleId, scheduleId));
}

/** The join of what belongs to a schedule with its row. */
export function joinsSchedule(table: {
  readonly workspaceId: AnyPgColumn;
  readonly scheduleId: AnyPgColumn;
}): SQL | undefined {
  return and(eq(table.workspaceId, schedules.workspaceId), eq(table.scheduleId, schedules.id));
}
