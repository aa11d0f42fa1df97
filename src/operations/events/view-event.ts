// Events and connectors as the API and the pages show them.
import type { OpsEvent } from '../../domain/events/event.ts';
import type { ConnectorView, EventsPage } from '../../domain/events/view.ts';
import type { Connector } from '../../ledger/events/connectors.ts';
import type { EventRow } from '../../ledger/events/take-in.ts';

/** The event's document, as rules see it. */
export function documentOf(row: EventRow): OpsEvent {
  return {
    event_id: row.id,
    occurred_at: row.occurredAt.toISOString(),
    ingested_at: row.ingestedAt.toISOString(),
    source: { channel: row.channel, connector_id: row.connectorId, message_id: row.messageId },
    actor: row.actor,
    content: row.content,
    correlation: { trace_id: row.traceId, parent_event_id: row.parentId, dedupe_key: row.dedupeKey },
  };
}

export const viewEvent = (row: EventRow): EventsPage['events'][number] => ({
  event: documentOf(row),
  routing: row.routing,
  routedAt: row.routedAt?.toISOString() ?? null,
});

export function viewConnector(connector: Connector): ConnectorView {
  const { id, name, kind, enabled, rejectsInARow, madeBy } = connector;
  return {
    ...{ id, name, kind, enabled, rejectsInARow },
    dedupe_window_s: connector.dedupeWindowS,
    llm_fallback: connector.llmFallback,
    lastEventAt: connector.lastEventAt?.toISOString() ?? null,
    madeBy: madeBy.label,
    madeAt: connector.madeAt.toISOString(),
  };
}
