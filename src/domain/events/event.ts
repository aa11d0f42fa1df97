// One event (operations O1): what came in by a connector, a watcher, a recurring schedule or a rule, in one form, whatever form it had.
import { z } from 'zod';

/** By which way it came. */
export const CHANNELS = ['webhook', 'watcher', 'schedule', 'rule'] as const;
export type Channel = (typeof CHANNELS)[number];

/** A rule that emits events cannot feed itself without end. */
export const MOST_DEPTH = 5;

const instant = z.iso.datetime();
const short = z.string().min(1).max(256);

export const eventSchema = z
  .strictObject({
    event_id: z.uuid(),
    occurred_at: instant.meta({ description: 'As whoever sent it says, else when it came in.' }),
    ingested_at: instant,
    source: z.strictObject({ channel: z.enum(CHANNELS), connector_id: short, message_id: short }),
    actor: z.strictObject({ id: short, label: z.string().max(256) }).nullable(),
    content: z.record(z.string(), z.unknown()),
    correlation: z.strictObject({
      trace_id: z.uuid(),
      parent_event_id: z.uuid().nullable(),
      dedupe_key: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  })
  .meta({ id: 'Event' });
export type OpsEvent = z.infer<typeof eventSchema>;

/** The text whose SHA-256 is the dedupe key: each part after its length, so that no two lists of parts are one text. */
export function dedupeText({ channel, connector_id, message_id }: OpsEvent['source']): string {
  return [channel, connector_id, message_id].map((part) => `${part.length}:${part}`).join('');
}
