// Connectors (operations O1): who may send events, in which form, and how that form becomes the one that we use.
import { z } from 'zod';
import { isPointer, valueAt } from '../mcp/json-pointer.ts';
import { plainText } from '../schedules/post.ts';

/**
 * - `generic`: any JSON object, signed as in Standard Webhooks
 * - `mapped`: the same, with JSON Pointers that say where things stand
 * - `ghost`: the webhooks of a Ghost integration
 * - `wordpress`: webhooks in WooCommerce's form
 */
export const CONNECTOR_KINDS = ['generic', 'mapped', 'ghost', 'wordpress'] as const;
export type ConnectorKind = (typeof CONNECTOR_KINDS)[number];

const pointer = z.string().max(500).refine(isPointer, 'is a JSON Pointer, like /data/id');

export const mappingSchema = z
  .strictObject({
    message_id: pointer.optional(),
    occurred_at: pointer.optional(),
    actor_id: pointer.optional(),
    actor_label: pointer.optional(),
    /** Without it, the whole payload. */
    content: z.record(z.string().min(1).max(64), pointer).optional(),
  })
  .meta({ id: 'ConnectorMapping' });
export type Mapping = z.infer<typeof mappingSchema>;

export const connectorRequestSchema = z
  .strictObject({
    name: plainText.trim().min(1).max(100),
    kind: z.enum(CONNECTOR_KINDS),
    mapping: mappingSchema.optional().meta({ description: 'For kind `mapped`.' }),
    dedupe_window_s: z.int().min(1).max(86_400).default(60),
    llm_fallback: z.boolean().default(false).meta({ description: 'A model may be asked where an event belongs.' }),
  })
  .refine(({ kind, mapping }) => (kind === 'mapped') === (mapping !== undefined), {
    path: ['mapping'],
    error: 'belongs to kind mapped, and to no other',
  })
  .meta({ id: 'ConnectorRequest' });
export type ConnectorRequest = z.infer<typeof connectorRequestSchema>;

/** What an inbound payload says, before it is an event. */
export interface Message {
  /** The sender's own id of it; null where there is none. */
  readonly messageId: string | null;
  readonly occurredAt: Date | null;
  readonly actor: { readonly id: string; readonly label: string } | null;
  readonly content: Readonly<Record<string, unknown>>;
}

/** What came, once its signature is proved. Names of headers are in lower case. */
export interface Inbound {
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: unknown;
}

export type Normalised =
  | { readonly kind: 'read'; readonly message: Message }
  /** `why` completes "could not be read: it ...". */
  | { readonly kind: 'unreadable'; readonly why: string };

const objectSchema = z.record(z.string(), z.unknown());
const idText = z.union([z.string().min(1).max(256), z.number().transform(String)]);
const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** The connector's form of it as ours. Pure; it looks at nothing but what is given. */
export function normalise(
  { kind, mapping }: { readonly kind: ConnectorKind; readonly mapping: Mapping | null },
  { headers, payload }: Inbound,
): Normalised {
  const whole = objectSchema.safeParse(payload);
  if (!whole.success) return { kind: 'unreadable', why: 'is not a JSON object' };
  switch (kind) {
    case 'generic':
      return read({ ...given(whole.data), messageId: headers['webhook-id'] ?? null, content: whole.data });
    case 'mapped':
      return mapped(whole.data, headers, mapping ?? {});
    case 'ghost':
      return ofGhost(whole.data);
    case 'wordpress':
      return read({
        ...given(whole.data),
        messageId: headers['x-wc-webhook-delivery-id'] ?? null,
        content: { event: headers['x-wc-webhook-topic'] ?? null, ...whole.data },
      });
  }
}

const read = (message: Message): Normalised => ({ kind: 'read', message });

/** What a payload may say of itself in the field's usual words. */
function given(payload: Readonly<Record<string, unknown>>): Pick<Message, 'occurredAt' | 'actor'> {
  const occurredAt = time.safeParse(payload.occurred_at ?? payload.timestamp ?? payload.date_modified_gmt);
  return { occurredAt: occurredAt.success ? occurredAt.data : null, actor: null };
}

function mapped(payload: Message['content'], headers: Inbound['headers'], mapping: Mapping): Normalised {
  const at = (place: string | undefined) => (place === undefined ? undefined : valueAt(payload, place));
  const messageId =
    mapping.message_id === undefined ? (headers['webhook-id'] ?? null) : idText.safeParse(at(mapping.message_id)).data;
  if (messageId === undefined) return { kind: 'unreadable', why: `has no id at ${mapping.message_id}` };
  const occurredAt = mapping.occurred_at === undefined ? null : time.safeParse(at(mapping.occurred_at)).data;
  if (occurredAt === undefined) return { kind: 'unreadable', why: `has no time at ${mapping.occurred_at}` };
  const actorId = idText.safeParse(at(mapping.actor_id)).data;
  const label = idText.safeParse(at(mapping.actor_label)).data ?? actorId ?? '';
  const parts = Object.entries(mapping.content ?? {}).map(([name, place]) => [name, at(place) ?? null] as const);
  const content = mapping.content === undefined ? payload : objectSchema.parse(Object.fromEntries(parts));
  return read({ messageId, occurredAt, actor: actorId === undefined ? null : { id: actorId, label }, content });
}

const ghostSchema = z.looseObject({ event: z.string().min(1).max(64) });
const changeSchema = z.looseObject({
  current: z.looseObject({
    updated_at: time.nullish().catch(null),
    primary_author: z.looseObject({ id: idText, name: z.string() }).nullish().catch(null),
  }),
});

/** Ghost 6: `{"event": "post.published", "post": {"current": {...}, "previous": {...}}}`; it gives its messages no id. */
function ofGhost(payload: Message['content']): Normalised {
  const { data } = ghostSchema.safeParse(payload);
  if (!data) return { kind: 'unreadable', why: 'names no event, as the webhooks of Ghost 6 do' };
  const [resource = ''] = data.event.split('.');
  const change = changeSchema.safeParse(payload[resource]).data?.current;
  const author = change?.primary_author;
  return read({
    messageId: null,
    occurredAt: change?.updated_at ?? null,
    actor: author ? { id: author.id, label: author.name } : null,
    content: payload,
  });
}
