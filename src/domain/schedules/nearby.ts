// What a platform's own list shows of an account around the time of a create, for the person who decides whether it is live.
import { z } from 'zod';
import { instantSchema } from './item.ts';

const nearbyPostSchema = z.object({
  /** The platform's id. */
  id: z.string(),
  text: z.string(),
  at: instantSchema.nullable().meta({ description: 'When it was made; null where the platform does not tell.' }),
  url: z.string().nullable(),
});

export const nearbyViewSchema = z
  .object({
    around: instantSchema.meta({ description: 'When the last create was sent, or when the post was due.' }),
    posts: z
      .array(nearbyPostSchema)
      .nullable()
      .meta({ description: 'Nearest first, at most 30; null when the list could not be read.' }),
    unread: z.string().nullable().meta({ description: 'Why it could not be read; that says nothing about the post.' }),
  })
  .meta({ id: 'Nearby' });
export type NearbyView = z.infer<typeof nearbyViewSchema>;
