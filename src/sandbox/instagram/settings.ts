// The knobs of an Instagram account. The defaults are Instagram's own behaviour, in a hurry.
import { z } from 'zod';
import { lagSchema, processingSchema } from '../settings.ts';

const windowSchema = z.strictObject({ limit: z.number().int().nonnegative(), windowMs: z.number().int().positive() });

/**
 * Ways in which a list is cut without a word: a page that promises more is followed by an empty end, or names no cursor; an
 * item has no instant, no caption, or stands out of order.
 */
const LIST_FAULTS = ['none', 'empty_end', 'no_cursor', 'no_timestamp', 'no_caption', 'out_of_order'] as const;

/** Settings of one Instagram account; durations in milliseconds. */
export const instagramSettingsSchema = z.strictObject({
  /** How long new media stays out of the media list. */
  listDelayMs: lagSchema.default(0),
  /** How long a container's media is processed after it was fetched. */
  processingMs: processingSchema.default(300),
  /** How long after FINISHED a publish is still refused with 9007/2207027. */
  publishLagMs: z.number().int().nonnegative().default(0),
  /** How long a published container still says FINISHED. */
  statusLagMs: lagSchema.default(0),
  /** What a second publish of a published container gets; which of them Instagram does is not documented. */
  republish: z.enum(['same_id', 'error_9007', 'error_24', 'second_post']).default('same_id'),
  /** How many of its newest items the media list shows at most (platform reference 2.4). */
  listCap: z.number().int().positive().default(10_000),
  /** How the media list answers in part, as if it were whole: see media-list.ts. */
  listFault: z.enum(LIST_FAULTS).default('none'),
  /** How captions come back: as they were sent, or with HTML entities and no-break spaces of Instagram's own. */
  captions: z.enum(['as_sent', 'rewritten']).default('as_sent'),
  /** How long Instagram waits for media it fetches. */
  fetchTimeoutMs: z.number().int().positive().default(10_000),
  /** The documented limits (50 posts a day), none, or others: `publish` per rolling window, `calls` per window. */
  quota: z
    .union([
      z.literal('platform'),
      z.literal('unlimited'),
      z.strictObject({ publish: windowSchema.optional(), calls: windowSchema.optional() }),
    ])
    .default('platform'),
});

/** Settings of one Instagram account. */
export type InstagramSettings = z.infer<typeof instagramSettingsSchema>;
