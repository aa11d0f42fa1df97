// The media of a post as they are now, beside what its destination takes: the same for page, API and command line.
import { z } from 'zod';
import { instantSchema, stateSchema } from './item.ts';
import { LIMITED_FACTS, type LimitedFact } from './media-limits.ts';
import { MEDIA_TYPES } from './media-type.ts';
import { mediaItemSchema } from './post.ts';

const isFact = (name: string): name is LimitedFact => Object.hasOwn(LIMITED_FACTS, name);
const FACTS = Object.keys(LIMITED_FACTS).filter(isFact);

/** What was read from the file just now. */
const foundSchema = z.object({
  mediaType: z.enum(MEDIA_TYPES),
  sizeBytes: z.int().optional(),
  widthPx: z.int().optional(),
  heightPx: z.int().optional(),
  durationSeconds: z.number().optional(),
  animated: z.boolean().optional(),
  codecs: z.array(z.string()).optional(),
});
export type FoundMedia = z.infer<typeof foundSchema>;

const reviewedItemSchema = z.object({
  /** Its place in the post, from 1. */
  number: z.int(),
  /** As the post holds it; an address without what may be a secret in it. */
  item: mediaItemSchema.extend({ url: z.string() }),
  /** Null where the file cannot be had now. */
  found: foundSchema.nullable(),
  /** Why it cannot be had now, in one sentence; null where it can. */
  unavailable: z.string().nullable(),
  limits: z.array(
    z.object({
      fact: z.enum(FACTS),
      allowed: z.string(),
      /** What the file is. */
      is: z.string().nullable(),
      fits: z.boolean(),
    }),
  ),
  /** Everything the destination would refuse of it, each in one sentence. */
  problems: z.array(z.string()),
  /** What the platform said of this very item in an attempt, the newest; null where it said nothing of it. */
  refused: z.object({ attempt: z.int(), at: instantSchema, code: z.string(), words: z.string() }).nullable(),
});
export type ReviewedItem = z.infer<typeof reviewedItemSchema>;

export const mediaReviewSchema = z
  .object({
    scheduleId: z.string(),
    /** The version that is shown: send it as `expectedFingerprint` with a change. */
    fingerprint: z.string(),
    state: stateSchema,
    stateMeans: z.string(),
    platform: z.string(),
    platformLabel: z.string(),
    account: z.object({ id: z.string(), name: z.string() }),
    items: z.array(reviewedItemSchema),
    /** What the destination would refuse of the media together. */
    problems: z.array(z.string()),
    /** What the platform said of the media in the newest failed attempt, where it named no item. */
    refused: z.object({ attempt: z.int(), at: instantSchema, code: z.string(), words: z.string() }).nullable(),
    /** Why nothing can be replaced any more; null while it can. */
    notEditable: z.string().nullable(),
    /** Why a replay would be refused now; null where it would run. */
    notReplayable: z.string().nullable(),
  })
  .meta({ id: 'MediaReview' });
export type MediaReview = z.infer<typeof mediaReviewSchema>;
