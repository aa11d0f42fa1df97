// Makes the ledger refuse what belongs to one schedule, as a fault of ours or as an outage would.
import { sql } from 'drizzle-orm';
import type { Stage } from '../harness/stage-on.ts';

/** SQLSTATEs: of a fault in the program, and of a database that cannot be asked just now. */
const STATES = { fault: '23514', outage: '57P03' } as const;

/** Refuses every row of the table for the schedule; answers what mends it. */
export async function refuseRows(
  { context }: Stage,
  table: 'messages' | 'schedules',
  scheduleId: string,
  how: keyof typeof STATES,
): Promise<() => Promise<void>> {
  const { db } = context.ledger;
  const column = table === 'messages' ? 'schedule_id' : 'id';
  const name = `refuse_${scheduleId.replaceAll('-', '_')}`;
  await db.execute(
    sql.raw(`create function ${name}() returns trigger language plpgsql as $$ begin
      raise exception 'refused for a test' using errcode = '${STATES[how]}'; end $$`),
  );
  await db.execute(
    sql.raw(`create trigger ${name} before insert on ${table} for each row
      when (new.${column} = '${scheduleId}') execute function ${name}()`),
  );
  return async () => {
    await db.execute(sql.raw(`drop function ${name} cascade`));
  };
}
