// The handoff pack: everything a person needs to publish a post by hand, the same for page, API and command line.
import { z } from 'zod';
import { actorSchema } from '../people/actor.ts';
import { instantSchema, stateSchema } from '../schedules/item.ts';
import { MEDIA_TYPES } from '../schedules/media-type.ts';
import { completionSchema } from './completion.ts';
import { handoffReasonSchema } from './reasons.ts';

/** What counts against a limit of the destination, in its own way of counting. */
const textCountSchema = z.object({ what: z.string(), used: z.int(), limit: z.int() });

export const assetSchema = z.object({
  /** Its place in the post, from 1. */
  number: z.int(),
  fileName: z.string(),
  mediaType: z.enum(MEDIA_TYPES),
  sizeBytes: z.int(),
  altText: z.string().nullable(),
});
export type Asset = z.infer<typeof assetSchema>;

export const handoffPackSchema = z
  .object({
    scheduleId: z.string(),
    state: stateSchema,
    stateMeans: z.string(),
    platform: z.string(),
    /** The platform's name as people know it. */
    platformLabel: z.string(),
    account: z.object({ id: z.string(), name: z.string() }),
    publishAt: instantSchema,
    /** Null while it is not handed to a person. */
    handoff: z
      .object({
        reason: handoffReasonSchema,
        reasonMeans: z.string(),
        note: z.string().nullable(),
        /** Who publishes it; null: nobody yet. */
        owner: z.object(actorSchema.shape).nullable(),
      })
      .nullable(),
    text: z.string(),
    textCounts: z.array(textCountSchema),
    assets: z.array(assetSchema),
    completion: completionSchema.nullable(),
  })
  .meta({ id: 'HandoffPack' });
export type HandoffPack = z.infer<typeof handoffPackSchema>;
