// The remote ids that the preparation of a post saves: uploads, containers, and whatever an adapter must remember of them.
import { and, eq, sql } from 'drizzle-orm';
import type { Ledger } from '../ledger.ts';
import { remoteObjects } from '../schema/schedules.ts';

/** Every remote id saved for a schedule, by key. */
export async function readRemoteObjects(ledger: Ledger, scheduleId: string): Promise<Map<string, unknown>> {
  const rows = await ledger.db
    .select({ key: remoteObjects.key, value: remoteObjects.value })
    .from(remoteObjects)
    .where(eq(remoteObjects.scheduleId, scheduleId));
  return new Map(rows.map((row) => [row.key, row.value]));
}

/** Saves one remote id, or whatever JSON an adapter must remember, as soon as it is known. */
export async function saveRemoteObject(
  ledger: Ledger,
  scheduleId: string,
  key: string,
  wanted: unknown,
): Promise<void> {
  // JSON's null is a value like any other; as a parameter it would become SQL's.
  const value = wanted === null ? sql`'null'::jsonb` : wanted;
  await ledger.db
    .insert(remoteObjects)
    .values({ scheduleId, key, value })
    .onConflictDoUpdate({ target: [remoteObjects.scheduleId, remoteObjects.key], set: { value } });
}

/** Forgets one remote id. */
export async function dropRemoteObject(ledger: Ledger, scheduleId: string, key: string): Promise<void> {
  await ledger.db
    .delete(remoteObjects)
    .where(and(eq(remoteObjects.scheduleId, scheduleId), eq(remoteObjects.key, key)));
}
