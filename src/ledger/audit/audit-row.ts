// The audit row of a statement that writes a whole step at once: the same columns as `appendAudit`, as a SQL fragment.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditType } from '../../domain/audit/audit.ts';
import type { Actor } from '../../domain/people/actor.ts';

export interface StatementAudit {
  readonly type: AuditType;
  readonly actor: Actor;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly at: Date;
  /** SQL that yields the event's own row only when the step was taken; it offers `schedule`, the schedule's row. */
  readonly from: SQL;
}

/**
 * `insert into audit_events ... returning position`: the last part of the statement, so that the change and its audit
 * row are one (law 11). The payload also tells the state before, as every move does.
 */
export function insertAuditRow({ type, actor, payload, at, from }: StatementAudit): SQL {
  return sql`insert into audit_events
    (workspace_id, position, trace_id, type, schedule_id, actor, payload, at, previous_hash, hash)
    select schedule.workspace_id, 0, schedule.trace_id, ${type}, schedule.id, ${json(actor)},
      jsonb_build_object('from', schedule.state) || ${json(payload)}, ${instant(at)}, ''::bytea, ''::bytea
    from ${from}
    returning position`;
}

export const json = (value: unknown): SQL => sql`${JSON.stringify(value)}::text::jsonb`;

export const instant = (value: Date): SQL => sql`${value.toISOString()}::timestamptz`;
