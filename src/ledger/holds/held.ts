// Whether a schedule is on hold, as part of any statement over its row.
import { type SQL, sql } from 'drizzle-orm';

/** True for a row of `schedules` that an active hold is about. */
export const IS_HELD: SQL<boolean> = sql<boolean>`exists (select from holds where holds.workspace_id = schedules.workspace_id
  and holds.released_at is null and (holds.scope = 'workspace'
    or (holds.scope = 'account' and holds.target_id = schedules.account_id::text)
    or (holds.scope = 'delivery_set' and holds.target_id = schedules.delivery_set_id)))`;
