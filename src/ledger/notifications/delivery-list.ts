// The messages of a workspace as its admins see them, and what they may ask for: send one again, try a channel.
import { and, count, desc, eq, inArray, max, type SQL, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { DeliveryState } from '../../domain/notifications/delivery.ts';
import type { Telling } from '../../domain/notifications/telling.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { newId } from '../../runtime/ids.ts';
import { appendAudit } from '../audit/audit.ts';
import type { Ledger } from '../ledger.ts';
import { notifications } from '../schema/notifications.ts';
import { insertDeliveries } from './deliveries.ts';

export type DeliveryRow = typeof notifications.$inferSelect;

/** Where a page begins: right after this row. */
export interface DeliveryPosition {
  readonly at: Date;
  readonly id: string;
}

export interface DeliveriesWanted {
  readonly workspaceId: string;
  readonly states: readonly DeliveryState[] | null;
  readonly after: DeliveryPosition | null;
  readonly limit: number;
}

/** One page, newest first. */
export async function listDeliveries({ db }: Ledger, wanted: DeliveriesWanted): Promise<DeliveryRow[]> {
  const { workspaceId, states, after, limit } = wanted;
  const { createdAt, id, state } = notifications;
  const behind: SQL | undefined = after
    ? sql`(${createdAt}, ${id}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`
    : undefined;
  return db
    .select()
    .from(notifications)
    .where(and(eq(notifications.workspaceId, workspaceId), states ? inArray(state, [...states]) : undefined, behind))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}

export interface ChannelCount {
  readonly channel: string;
  readonly waiting: number;
  readonly dead: number;
  readonly lastDeliveredAt: Date | null;
}

/** How each channel of a workspace stands. */
export async function countByChannel({ db }: Ledger, workspaceId: string): Promise<ChannelCount[]> {
  const inState = (state: DeliveryState) =>
    sql<number>`(count(*) filter (where ${notifications.state} = ${state}))::int`;
  return db
    .select({
      channel: notifications.channel,
      waiting: inState('waiting'),
      dead: inState('dead'),
      lastDeliveredAt: max(notifications.deliveredAt),
      all: count(),
    })
    .from(notifications)
    .where(eq(notifications.workspaceId, workspaceId))
    .groupBy(notifications.channel);
}

interface Asked {
  readonly workspaceId: string;
  readonly actor: Actor;
}

/** Has a message sent again under its own id, with all its tries anew; its channel, or null when there is no such message. */
export async function queueAgain(
  ledger: Ledger,
  { workspaceId, actor, id }: Asked & { readonly id: string },
): Promise<string | null> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const [row] = await tx
      .update(notifications)
      .set({ state: 'waiting', tries: 0, nextTryAt: at, failure: null })
      .where(and(sql`${notifications.id}::text = ${id}`, eq(notifications.workspaceId, workspaceId)))
      .returning({ channel: notifications.channel });
    if (!row) return null;
    const payload = { notificationId: id, channel: row.channel };
    await appendAudit(tx, [
      { workspaceId, traceId: newId(), type: OTHER_AUDIT.notificationSentAgain, actor, payload, at },
    ]);
    return row.channel;
  });
}

/** Queues a message that tries a channel, and answers its id. */
export async function queueTest(
  ledger: Ledger,
  {
    workspaceId,
    actor,
    channel,
    key,
    telling,
  }: Asked & { readonly channel: string; readonly key: string; readonly telling: Telling },
): Promise<string> {
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    await insertDeliveries(tx, workspaceId, [{ channel, key, telling }], at);
    const [row] = await tx
      .select({ id: notifications.id })
      .from(notifications)
      .where(
        and(eq(notifications.workspaceId, workspaceId), eq(notifications.channel, channel), eq(notifications.key, key)),
      );
    const payload = { channel };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.channelTested, actor, payload, at }]);
    return row?.id ?? key;
  });
}
