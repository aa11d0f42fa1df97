// Column types and checks shared by the tables; allowed values come from the domain's vocabulary.
import { type SQL, sql } from 'drizzle-orm';
import { customType, type PgColumn, timestamp } from 'drizzle-orm/pg-core';
import { SCHEDULE_STATES } from '../../domain/schedules/states.ts';

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

/** Of a post's content: some of its media lie in the media store. */
export const NAMES_STORED_MEDIA = sql.raw(`content @? '$.media[*].url ? (@ starts with "media:")'`);
