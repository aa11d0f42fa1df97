// Events and connectors as they are told.
import { z } from 'zod';
import { instantSchema } from '../schedules/item.ts';
import { CONNECTOR_KINDS } from './connector.ts';
import { eventSchema } from './event.ts';
import { ROUTINGS } from './routing.ts';

export const connectorSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(CONNECTOR_KINDS),
    dedupe_window_s: z.int(),
    llm_fallback: z.boolean(),
    enabled: z.boolean(),
    rejectsInARow: z.int().meta({ description: 'What could not be taken in since the last that could.' }),
    lastEventAt: instantSchema.nullable(),
    madeBy: z.string(),
    madeAt: instantSchema,
  })
  .meta({ id: 'Connector' });
export type ConnectorView = z.infer<typeof connectorSchema>;
export const connectorsSchema = z.object({ connectors: z.array(connectorSchema) }).meta({ id: 'Connectors' });

export const connectorMadeSchema = z
  .object({
    connector: connectorSchema,
    path: z.string().meta({ description: 'Where its sender posts to, at the address of this server.' }),
    secret: z.string().meta({ description: 'By which its sender signs; told this once.' }),
  })
  .meta({ id: 'ConnectorMade' });
export type ConnectorMade = z.infer<typeof connectorMadeSchema>;

export const eventTakenSchema = z
  .object({
    eventId: z.string().nullable().meta({ description: 'Null: it came before, and was discarded.' }),
    deduped: z.boolean(),
  })
  .meta({ id: 'EventTaken' });

export const eventsSchema = z
  .object({
    events: z.array(z.object({ event: eventSchema, routing: z.enum(ROUTINGS), routedAt: instantSchema.nullable() })),
    next: z.string().nullable().meta({ description: 'Pass it as `after` for those before.' }),
  })
  .meta({ id: 'Events' });
export type EventsPage = z.infer<typeof eventsSchema>;

export const dedupeKeySchema = z.string().regex(/^[0-9a-f]{64}$/, 'is 64 hexadecimal digits');
export const keyClearedSchema = z
  .object({ key: z.string(), cleared: z.literal(true) })
  .meta({ id: 'DedupeKeyCleared' });
