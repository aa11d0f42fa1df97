// Column types and checks shared by the tables; allowed values come from the domain's vocabulary.
import { type SQL, sql } from 'drizzle-orm';
import { customType, type PgColumn, timestamp } from 'drizzle-orm/pg-core';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { GROUP_NAMES, GROUPS } from '../../domain/schedules/surface.ts';

/** An instant with milliseconds, always with its zone. */
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

/** Raw bytes: sealed secrets and hashes. */
export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({ dataType: () => 'bytea' });

/** `column in (...)` over a closed vocabulary of codes. */
export function among(column: PgColumn, values: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;
}

export const OPEN_INTENT = sql.raw(`state in ('sent', 'unknown')`);

const ended = Object.entries(SCHEDULE_STATES).flatMap(([name, state]) => (state.ended ? [`'${name}'`] : []));
/** Literal, so that the planner sees that the partial index on it serves the query. */
export const NOT_ENDED = sql.raw(`state not in (${ended.join(', ')})`);

const quoted = (states: readonly string[]) => states.map((name) => `'${name}'`).join(', ');

/** The group of the recovery surface that a state belongs to; `state` is the column, with its table where several are joined. */
export function surfaceGroup(state: 'state' | 'schedules.state'): SQL {
  const cases = GROUP_NAMES.map((name) => `when ${state} in (${quoted(GROUPS[name].states)}) then '${name}'`);
  return sql.raw(`(case ${cases.join(' ')} end)`);
}

/**
 * A publish that the gate stopped for its account failed for what a reconnect repairs, as those before it did that met the
 * platform's refusal.
 */
export const CAUSE_CODE =
  sql.raw(`coalesce(cause ->> 'code', case blocked_reason when 'not-connected' then 'reconnect_required'
    when 'x-media-capability-missing' then 'x_media_capability_missing' end)`);

/** A failure that waits for a person: with others of its account and cause it is an incident. */
export const IS_FAILURE = sql.raw(`state in ('failed', 'blocked', 'repair_required')`);
/** Of a post's content: some of its media lie in the media store. */
export const NAMES_STORED_MEDIA = sql.raw(`content @? '$.media[*].url ? (@ starts with "media:")'`);
