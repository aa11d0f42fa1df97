// The remote ids that the preparation of a post saves: uploads, containers, and whatever an adapter must remember of them.
// Each carries the fence of the attempt that saved it: a zombie's word never replaces a later attempt's.
import { and, lte, sql } from 'drizzle-orm';
import type { ScheduleKey } from '../../domain/schedules/schedule-key.ts';
import { AttemptSuperseded } from '../intents/commit-intent.ts';
import type { Ledger } from '../ledger.ts';
import { belongsTo } from '../schema/keys.ts';
import { remoteObjects } from '../schema/schedules.ts';

/** Every remote id saved for a schedule, by key. */
export async function readRemoteObjects(ledger: Ledger, schedule: ScheduleKey): Promise<Map<string, unknown>> {
  const rows = await ledger.db
    .select({ key: remoteObjects.key, value: remoteObjects.value })
    .from(remoteObjects)
    .where(belongsTo(remoteObjects, schedule));
  return new Map(rows.map((row) => [row.key, row.value]));
}

/** Whose remote objects they are, and under which fence they are written. */
export interface RemoteOwner {
  readonly schedule: ScheduleKey;
  readonly fence: number;
}

/**
 * Saves one remote id, or whatever JSON an adapter must remember, as soon as it is known.
 * @throws AttemptSuperseded, with nothing changed, when a later attempt has saved another
 */
export async function saveRemoteObject(
  ledger: Ledger,
  { schedule, fence }: RemoteOwner,
  key: string,
  wanted: unknown,
): Promise<void> {
  // JSON's null is a value like any other; as a parameter it would become SQL's.
  const value = wanted === null ? sql`'null'::jsonb` : wanted;
  const saved = await ledger.db
    .insert(remoteObjects)
    .values({ ...schedule, key, value, fence })
    .onConflictDoUpdate({
      target: [remoteObjects.workspaceId, remoteObjects.scheduleId, remoteObjects.key],
      set: { value, fence },
      setWhere: lte(remoteObjects.fence, fence),
    })
    .returning({ key: remoteObjects.key });
  if (saved.length === 0) throw new AttemptSuperseded(`A later attempt of ${schedule.scheduleId} has saved ${key}.`);
}

/** Forgets one remote id; a later attempt's stays. */
export async function dropRemoteObject(ledger: Ledger, { schedule, fence }: RemoteOwner, key: string): Promise<void> {
  await ledger.db
    .delete(remoteObjects)
    .where(
      and(belongsTo(remoteObjects, schedule), sql`${remoteObjects.key} = ${key}`, lte(remoteObjects.fence, fence)),
    );
}
