// Connectors, the events that came in, and the keys by which one that came before is known.
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { CONNECTOR_KINDS, type Mapping } from '../../domain/events/connector.ts';
import { CHANNELS, MOST_DEPTH, type OpsEvent } from '../../domain/events/event.ts';
import { ROUTINGS } from '../../domain/events/routing.ts';
import type { Actor } from '../../domain/people/actor.ts';
import { workspaces } from './accounts.ts';
import { among, bytes, instant } from './columns.ts';

export const connectors = pgTable(
  'connectors',
  {
    id: uuid().primaryKey(),
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    name: text().notNull(),
    kind: text({ enum: CONNECTOR_KINDS }).notNull(),
    mapping: jsonb().$type<Mapping>(),
    /** By which its senders sign. */
    sealedSecret: bytes().notNull(),
    dedupeWindowS: integer().notNull(),
    llmFallback: boolean().notNull(),
    enabled: boolean().notNull(),
    /** What could not be taken in since the last that could. */
    rejectsInARow: integer().notNull(),
    lastEventAt: instant(),
    madeBy: jsonb().$type<Actor>().notNull(),
    madeAt: instant().notNull(),
    removedAt: instant(),
  },
  (table) => [
    uniqueIndex('connectors_name').on(table.workspaceId, table.name).where(sql`removed_at is null`),
    check('connectors_kind', among(table.kind, CONNECTOR_KINDS)),
    check('connectors_mapping', sql`(kind = 'mapped') = (mapping is not null)`),
  ],
);

export const events = pgTable(
  'events',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    id: uuid().notNull(),
    channel: text({ enum: CHANNELS }).notNull(),
    /** The connector, the watcher, the recurring schedule or the rule. */
    connectorId: text().notNull(),
    messageId: text().notNull(),
    dedupeKey: text().notNull(),
    traceId: uuid().notNull(),
    parentId: uuid(),
    /** How many events led to it, one by the other. */
    depth: integer().notNull(),
    occurredAt: instant().notNull(),
    ingestedAt: instant().notNull(),
    actor: jsonb().$type<OpsEvent['actor']>(),
    content: jsonb().$type<OpsEvent['content']>().notNull(),
    routing: text({ enum: ROUTINGS }).notNull(),
    routedAt: instant(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.id] }),
    index().on(table.workspaceId, table.ingestedAt),
    index('events_to_route').on(table.ingestedAt).where(sql`routing = 'pending'`),
    check('events_channel', among(table.channel, CHANNELS)),
    check('events_routing', among(table.routing, ROUTINGS)),
    check('events_routed', sql`(routing = 'pending') = (routed_at is null)`),
    check('events_depth', sql.raw(`depth between 0 and ${MOST_DEPTH}`)),
    check('events_dedupe_key', sql`dedupe_key ~ '^[0-9a-f]{64}$'`),
  ],
);

/** What was seen, until when it counts as seen; what is past is dropped by the hour. */
export const eventKeys = pgTable(
  'event_keys',
  {
    workspaceId: uuid()
      .notNull()
      .references(() => workspaces.id),
    /** SHA-256: of a message, or of what proved it. */
    key: text().notNull(),
    eventId: uuid().notNull(),
    until: instant().notNull(),
  },
  (table) => [primaryKey({ columns: [table.workspaceId, table.key] }), index().on(table.until)],
);
