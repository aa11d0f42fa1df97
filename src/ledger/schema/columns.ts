// Column types and checks shared by the tables; allowed values come from the domain's vocabulary.
import { type SQL, sql } from 'drizzle-orm';
import { customType, type PgColumn, timestamp } from 'drizzle-orm/pg-core';
import { SCHEDULE_STATES, STATE_NAMES } from '../../domain/schedules/states.ts';
import { GROUPS, type Group } from '../../domain/schedules/surface.ts';

/** An instant with milliseconds, always with its zone. */
export const instant = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' });

/** Raw bytes: sealed secrets and hashes. */
export const bytes = customType<{ data: Uint8Array; driverData: Buffer }>({ dataType: () => 'bytea' });

/** `column in (...)` over a closed vocabulary of codes. */
export function among(column: PgColumn, values: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`;
}

export const OPEN_INTENT = sql.raw(`state in ('sent', 'unknown')`);

const waiting = STATE_NAMES.filter((name) => SCHEDULE_STATES[name].waitsForPerson);

const quoted = (states: readonly string[]) => states.map((name) => `'${name}'`).join(', ');

/** The rows of one group of the recovery surface: literal, so that the planner sees that the partial indexes on it serve the query. */
export const inGroup = (group: Group): SQL => sql.raw(`state in (${quoted(GROUPS[group].states)})`);

/**
 * A publish that the gate stopped for its account failed for what a reconnect repairs, as those before it did that met the
 * platform's refusal.
 */
export const CAUSE_CODE =
  sql.raw(`coalesce(cause ->> 'code', case blocked_reason when 'not-connected' then 'reconnect_required'
    when 'x-media-capability-missing' then 'x_media_capability_missing' end)`);

/** Nothing goes on by itself; as literal. */
export const WAITS_FOR_PERSON = sql.raw(`state in (${quoted(waiting)})`);

/** Who comes first as the owner: who does it by hand, else who claimed it. */
export const NAMED_OWNER_ID = sql.raw(`coalesce(
    case when delivery ->> 'mode' = 'handoff' or handoff is not null then handoff -> 'owner' ->> 'id' end, recovery_owner ->> 'id')`);
export const LAST_USER_ID = sql.raw(`case when last_actor ->> 'type' = 'USER' then last_actor ->> 'id' end`);
export const CREATOR_ID = sql.raw(`case when creator ->> 'type' <> 'SYSTEM' then creator ->> 'id' end`);

/** A failure that waits for a person: with others of its account and cause it is an incident. */
export const IS_FAILURE = sql.raw(`state in ('failed', 'blocked', 'repair_required')`);
/** Of a post's content: some of its media lie in the media store. */
export const NAMES_STORED_MEDIA = sql.raw(`content @? '$.media[*].url ? (@ starts with "media:")'`);

/** A completed handoff with an address that nobody has asked yet. */
export const HANDOFF_TO_CHECK = sql`state = 'handoff_completed' and handoff -> 'completion' ? 'url' and not handoff -> 'completion' ? 'check'`;
