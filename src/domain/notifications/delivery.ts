// How one message to one channel stands, as pages and API show it.
import { z } from 'zod';
import { instantSchema } from '../schedules/item.ts';
import { CHANNEL_KINDS } from './channel.ts';
import { notificationEventSchema } from './events.ts';

/** `dead`: tried for the last time; it goes out again when somebody sends it again. */
export const DELIVERY_STATES = ['waiting', 'delivered', 'dead'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export const DELIVERY_LABELS: Record<DeliveryState, string> = {
  waiting: 'Waiting',
  delivered: 'Delivered',
  dead: 'Given up',
};

export const deliverySchema = z
  .object({
    id: z.string().meta({ description: 'A webhook carries it as `webhook-id`, the same for every try.' }),
    channel: z.string(),
    event: notificationEventSchema,
    headline: z.string(),
    state: z.enum(DELIVERY_STATES),
    tries: z.int(),
    createdAt: instantSchema,
    triedAt: instantSchema.nullable(),
    nextTryAt: instantSchema.nullable().meta({ description: 'When it is tried next; null when it is not any more.' }),
    deliveredAt: instantSchema.nullable(),
    failure: z.string().nullable().meta({ description: 'What the last try met, in words; null when it met nothing.' }),
  })
  .meta({ id: 'Delivery' });
export type Delivery = z.infer<typeof deliverySchema>;

const channelSchema = z
  .object({
    name: z.string(),
    kind: z.enum(CHANNEL_KINDS),
    where: z
      .string()
      .meta({ description: 'The host or the addresses; of a secret address, the name of its variable.' }),
    takes: z.array(notificationEventSchema),
    waiting: z.int(),
    dead: z.int(),
    lastDeliveredAt: instantSchema.nullable(),
  })
  .meta({ id: 'Channel' });
export type Channel = z.infer<typeof channelSchema>;

export const notificationsSchema = z
  .object({
    channels: z.array(channelSchema),
    deliveries: z.array(deliverySchema),
    nextCursor: z
      .string()
      .nullable()
      .meta({ description: 'Send it as `cursor` for the next page; null on the last one.' }),
  })
  .meta({ id: 'Notifications' });
export type Notifications = z.infer<typeof notificationsSchema>;

export const queuedSchema = z.object({ id: z.string() }).meta({ id: 'NotificationQueued' });
