// Takes an event in once, or records why it was not: with its audit row, or not at all.
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { OTHER_AUDIT } from '../../domain/audit/audit.ts';
import type { Message } from '../../domain/events/connector.ts';
import { type Channel, dedupeText } from '../../domain/events/event.ts';
import type { Routing } from '../../domain/events/routing.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { newId, sha256Hex } from '../../runtime/ids.ts';
import { endAlarm, raiseAlarm } from '../alarms/raise.ts';
import { appendAudit } from '../audit/audit.ts';
import type { AuditEvent } from '../audit/audit-event.ts';
import type { Tx } from '../database/database.ts';
import type { Ledger } from '../ledger.ts';
import { connectors, eventKeys, events } from '../schema/events.ts';
import type { Connector } from './connectors.ts';

export type EventRow = typeof events.$inferSelect;

/** What came by a connector, once its signature is proved. */
export interface Arrived {
  readonly connector: Connector;
  readonly message: Message;
  /** Of the body, as it came: the id of a message that has none. */
  readonly bodyDigest: string;
  /** What proved it, and for how long it would prove it again, in ms. */
  readonly proof: { readonly text: string; readonly forMs: number };
}

export type TakenEvent =
  | { readonly kind: 'taken'; readonly event: EventRow }
  /** It came before: as the same message, or as a copy of what was sent then. */
  | { readonly kind: 'deduped'; readonly dedupeKey: string };

export async function takeInEvent(
  ledger: Ledger,
  { connector, message, bodyDigest, proof }: Arrived,
): Promise<TakenEvent> {
  const { workspaceId } = connector;
  const source = {
    channel: 'webhook',
    connector_id: connector.id,
    message_id: message.messageId ?? bodyDigest,
  } as const;
  const dedupeKey = sha256Hex(dedupeText(source));
  return ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const [id, traceId] = [newId(), newId()];
    const first = { workspaceId, eventId: id, at };
    const isCopy = !(await isFirst(tx, first, sha256Hex(`proof ${connector.id} ${proof.text}`), proof.forMs));
    const seen = isCopy || !(await isFirst(tx, first, dedupeKey, connector.dedupeWindowS * 1_000));
    const about = { connectorId: connector.id, messageId: source.message_id, dedupeKey };
    const row = { workspaceId, traceId, actor: SYSTEM_ACTOR, at };
    if (seen) {
      // Nothing is remembered of what was discarded: once its key is cleared, the same bytes may come again.
      await tx.delete(eventKeys).where(and(eq(eventKeys.workspaceId, workspaceId), eq(eventKeys.eventId, id)));
      await appendAudit(tx, [{ ...row, type: OTHER_AUDIT.eventDeduped, payload: about }]);
      return { kind: 'deduped', dedupeKey };
    }
    const event = {
      ...{ workspaceId, id, channel: 'webhook' as Channel, connectorId: connector.id, messageId: source.message_id },
      ...{ dedupeKey, traceId, parentId: null, depth: 0, occurredAt: message.occurredAt ?? at, ingestedAt: at },
      ...{ actor: message.actor, content: message.content, routing: 'pending' as const, routedAt: null },
    };
    await tx.insert(events).values(event);
    const calm = await accepted(tx, connector, at);
    const ingested = { outcome: 'success', eventId: id, ...about };
    await appendAudit(tx, [{ ...row, type: OTHER_AUDIT.eventIngested, payload: ingested }, ...calm]);
    return { kind: 'taken', event };
  });
}

/** Exactly one of several that come at once is the first within the time. */
async function isFirst(
  tx: Tx,
  { workspaceId, eventId, at }: { readonly workspaceId: string; readonly eventId: string; readonly at: Date },
  key: string,
  forMs: number,
): Promise<boolean> {
  const until = new Date(at.getTime() + forMs);
  const kept = await tx
    .insert(eventKeys)
    .values({ workspaceId, key, eventId, until })
    .onConflictDoUpdate({
      target: [eventKeys.workspaceId, eventKeys.key],
      set: { eventId, until },
      setWhere: sql`${eventKeys.until} <= ${at.toISOString()}::timestamptz`,
    })
    .returning({ key: eventKeys.key });
  return kept.length === 1;
}

async function accepted(tx: Tx, { id, name, workspaceId }: Connector, at: Date): Promise<AuditEvent[]> {
  const [before] = await tx.select({ rejects: connectors.rejectsInARow }).from(connectors).where(eq(connectors.id, id));
  await tx.update(connectors).set({ rejectsInARow: 0, lastEventAt: at }).where(eq(connectors.id, id));
  if (!before || before.rejects === 0) return [];
  return endAlarm(tx, {
    workspaceId,
    kind: 'connector_rejects',
    subject: name,
    by: 'It sent what could be taken in.',
    at,
  });
}

/** What could not be taken in: it is not kept, only what is known of it. */
export interface Rejected {
  readonly connector: Connector;
  /** Completes "... could not be taken in: it ...", without anything of the payload. */
  readonly why: string;
  readonly sizeBytes: number;
  /** So many in a row open an alarm. */
  readonly alarmAfter: number;
}

export async function rejectInbound(
  ledger: Ledger,
  { connector, why, sizeBytes, alarmAfter }: Rejected,
): Promise<void> {
  const { id, name, workspaceId } = connector;
  await ledger.db.transaction(async (tx) => {
    const at = ledger.clock.now();
    const traceId = newId();
    const [row] = await tx
      .update(connectors)
      .set({ rejectsInARow: sql`${connectors.rejectsInARow} + 1` })
      .where(and(eq(connectors.id, id)))
      .returning({ rejects: connectors.rejectsInARow });
    const rejects = row?.rejects ?? 0;
    const payload = { outcome: 'failure', connectorId: id, why, sizeBytes, inARow: rejects };
    const says = `${rejects} in a row could not be taken in; the last ${why}.`;
    const alarm =
      rejects >= alarmAfter
        ? await raiseAlarm(tx, { workspaceId, kind: 'connector_rejects', subject: name, says, traceId, at })
        : [];
    const ingested = { workspaceId, traceId, type: OTHER_AUDIT.eventIngested, actor: SYSTEM_ACTOR, payload, at };
    await appendAudit(tx, [ingested, ...alarm]);
  });
}

/** An operator lets a message through that was taken for one before. Answers whether there was such a key. */
export async function clearDedupeKey(
  ledger: Ledger,
  {
    workspaceId,
    key,
    actor,
  }: { readonly workspaceId: string; readonly key: string; readonly actor: AuditEvent['actor'] },
): Promise<boolean> {
  return ledger.db.transaction(async (tx) => {
    const own = and(eq(eventKeys.workspaceId, workspaceId), eq(eventKeys.key, key));
    const [cleared] = await tx.delete(eventKeys).where(own).returning({ eventId: eventKeys.eventId });
    if (!cleared) return false;
    // The same bytes may come again, too.
    const ofEvent = and(eq(eventKeys.workspaceId, workspaceId), eq(eventKeys.eventId, cleared.eventId));
    await tx.delete(eventKeys).where(ofEvent);
    const at = ledger.clock.now();
    const payload = { dedupeKey: key };
    await appendAudit(tx, [{ workspaceId, traceId: newId(), type: OTHER_AUDIT.dedupeCleared, actor, payload, at }]);
    return true;
  });
}

export interface EventFilter {
  readonly workspaceId: string;
  readonly routing?: Routing | undefined;
  readonly connectorId?: string | undefined;
  /** The id of the last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The newest first. */
export function listEvents(
  { db }: Ledger,
  { workspaceId, routing, connectorId, after, limit }: EventFilter,
): Promise<EventRow[]> {
  const before: SQL | undefined = after
    ? sql`(${events.ingestedAt}, ${events.id}) < (select ingested_at, id from events where id = ${after}::uuid and workspace_id = ${workspaceId})`
    : undefined;
  const ofRouting = routing === undefined ? undefined : eq(events.routing, routing);
  const ofConnector = connectorId === undefined ? undefined : eq(events.connectorId, connectorId);
  return db
    .select()
    .from(events)
    .where(and(eq(events.workspaceId, workspaceId), ofRouting, ofConnector, before))
    .orderBy(desc(events.ingestedAt), desc(events.id))
    .limit(limit);
}
