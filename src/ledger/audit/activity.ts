// Reads the audit trail of a workspace, newest first.
import { and, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { isSchedule } from '../schema/keys.ts';
import { auditEvents } from '../schema/records.ts';
import { schedules } from '../schema/schedules.ts';

export interface ActivityFilter {
  readonly traceId?: string | undefined;
  /** A type, or the beginning of one up to a dot: `schedule` finds `schedule.created`. */
  readonly type?: string | undefined;
  /** An actor's id or label. */
  readonly actor?: string | undefined;
  readonly scheduleId?: string | undefined;
  /** `success` or `failure`, where a row says so. */
  readonly outcome?: string | undefined;
  /** Who is asked by a tool call, or the beginning of it up to a space: `http`, `mcp blog/create_post`. */
  readonly tool?: string | undefined;
  /** From this instant on. */
  readonly since?: Date | undefined;
  /** Before this instant. */
  readonly until?: Date | undefined;
}

export interface ActivityWanted extends ActivityFilter {
  readonly workspaceId: string;
  /** Only what stands before this position; null: from the newest. */
  readonly before: number | null;
  readonly limit: number;
}

/** One page of the trail, newest first. */
export async function readActivity({ db }: Ledger, wanted: ActivityWanted) {
  const { workspaceId, before, limit, traceId, type, actor, scheduleId, outcome, tool, since, until } = wanted;
  const { position } = auditEvents;
  return db
    .select()
    .from(auditEvents)
    .where(
      and(
        eq(auditEvents.workspaceId, workspaceId),
        before === null ? undefined : lt(position, before),
        traceId === undefined ? undefined : sql`${auditEvents.traceId}::text = ${traceId}`,
        type === undefined
          ? undefined
          : sql`(${auditEvents.type} = ${type} or starts_with(${auditEvents.type}, ${`${type}.`}))`,
        actor === undefined
          ? undefined
          : sql`${actor} in (${auditEvents.actor} ->> 'id', ${auditEvents.actor} ->> 'label')`,
        outcome === undefined ? undefined : sql`${auditEvents.payload} ->> 'outcome' = ${outcome}`,
        tool === undefined
          ? undefined
          : sql`starts_with(${auditEvents.type}, 'tool_call.') and starts_with(${auditEvents.payload} ->> 'action' || ' ', ${`${tool} `})`,
        since === undefined ? undefined : gte(auditEvents.at, since),
        until === undefined ? undefined : lt(auditEvents.at, until),
        scheduleId === undefined ? undefined : inArray(auditEvents.traceId, traceOf(db, workspaceId, scheduleId)),
      ),
    )
    .orderBy(desc(position))
    .limit(limit);
}

/** All that is said of a schedule is said under its trace. */
function traceOf(db: Database, workspaceId: string, scheduleId: string) {
  return db.select({ traceId: schedules.traceId }).from(schedules).where(isSchedule({ workspaceId, scheduleId }));
}
