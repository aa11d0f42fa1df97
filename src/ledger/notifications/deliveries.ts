// The messages to channels: queued once for each thing, tried until they are delivered or given up, sent again on request.
import { and, asc, eq, lt, lte, min, sql } from 'drizzle-orm';
import type { Telling } from '../../domain/notifications/telling.ts';
import type { DeliveryTarget } from '../../domain/temporal/notification-ids.ts';
import { newId } from '../../runtime/ids.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { notifications } from '../schema/notifications.ts';

export interface NewDelivery {
  readonly channel: string;
  /** The same for the same thing. */
  readonly key: string;
  readonly telling: Telling;
}

/** A message that is due. */
export type DueDelivery = Pick<typeof notifications.$inferSelect, 'id' | 'telling' | 'tries' | 'createdAt'>;

/** A statement takes 65,535 values, and each row ten. */
const PAGE = 1_000;

/** Queues messages; what a channel was told before is left out. Answers how many are new. */
export async function insertDeliveries(
  tx: Tx,
  workspaceId: string,
  deliveries: readonly NewDelivery[],
  at: Date,
): Promise<number> {
  let inserted = 0;
  for (let from = 0; from < deliveries.length; from += PAGE) {
    const rows = deliveries.slice(from, from + PAGE).map((delivery) => ({
      ...delivery,
      id: newId(),
      workspaceId,
      state: 'waiting' as const,
      createdAt: at,
      nextTryAt: at,
    }));
    const made = await tx.insert(notifications).values(rows).onConflictDoNothing().returning({ id: notifications.id });
    inserted += made.length;
  }
  return inserted;
}

const ofChannel = ({ workspaceId, channel }: DeliveryTarget) =>
  and(
    eq(notifications.workspaceId, workspaceId),
    eq(notifications.channel, channel),
    eq(notifications.state, 'waiting'),
  );

/** The messages of a channel that are due, the first due first. */
export async function dueDeliveries(
  { db, clock }: Ledger,
  target: DeliveryTarget,
  limit: number,
): Promise<DueDelivery[]> {
  return db
    .select({
      id: notifications.id,
      telling: notifications.telling,
      tries: notifications.tries,
      createdAt: notifications.createdAt,
    })
    .from(notifications)
    .where(and(ofChannel(target), lte(notifications.nextTryAt, clock.now())))
    .orderBy(asc(notifications.nextTryAt), asc(notifications.createdAt), asc(notifications.id))
    .limit(limit);
}

/** In how many ms the next message of a channel is due; null when none waits. */
export async function nextDueInMs({ db, clock }: Ledger, target: DeliveryTarget): Promise<number | null> {
  const [row] = await db
    .select({ at: min(notifications.nextTryAt) })
    .from(notifications)
    .where(ofChannel(target));
  return row?.at ? Math.max(0, row.at.getTime() - clock.now().getTime()) : null;
}

/** Every channel for which something is due. */
export async function channelsWithDue({ db, clock }: Ledger): Promise<DeliveryTarget[]> {
  return db
    .selectDistinct({ workspaceId: notifications.workspaceId, channel: notifications.channel })
    .from(notifications)
    .where(and(eq(notifications.state, 'waiting'), lte(notifications.nextTryAt, clock.now())));
}

/** Remembers that a message arrived. */
export async function markDelivered({ db, clock }: Ledger, id: string): Promise<void> {
  const at = clock.now();
  const arrived = { state: 'delivered', deliveredAt: at, triedAt: at, nextTryAt: null, failure: null } as const;
  await db
    .update(notifications)
    .set({ ...arrived, tries: sql`${notifications.tries} + 1` })
    .where(eq(notifications.id, id));
}

/** Remembers a try that failed; `waitMs`: when the next one is made, null when this was the last. */
export async function markFailed(
  { db, clock }: Ledger,
  { id, failure, waitMs }: { readonly id: string; readonly failure: string; readonly waitMs: number | null },
): Promise<void> {
  const at = clock.now();
  const next =
    waitMs === null
      ? ({ state: 'dead', nextTryAt: null } as const)
      : ({ state: 'waiting', nextTryAt: new Date(at.getTime() + waitMs) } as const);
  await db
    .update(notifications)
    .set({ ...next, failure, triedAt: at, tries: sql`${notifications.tries} + 1` })
    .where(and(eq(notifications.id, id), eq(notifications.state, 'waiting')));
}

/** A receiver that was away is back: what waited for it is due now. */
export async function hurryChannel({ db, clock }: Ledger, target: DeliveryTarget): Promise<void> {
  await db.update(notifications).set({ nextTryAt: clock.now() }).where(ofChannel(target));
}

const KEPT_MS = 90 * 24 * 3_600_000;

/** Forgets messages that ended, one way or the other, long ago. */
export async function forgetOldNotifications({ db, clock }: Pick<Ledger, 'db' | 'clock'>): Promise<void> {
  const before = new Date(clock.now().getTime() - KEPT_MS);
  await db
    .delete(notifications)
    .where(and(sql`${notifications.state} <> 'waiting'`, lt(notifications.createdAt, before)));
}
