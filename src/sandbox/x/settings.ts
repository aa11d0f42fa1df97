// The knobs of an X account. The defaults are X's own behaviour, in a hurry.
import { z } from 'zod';
import { lagSchema, processingSchema } from '../settings.ts';

const minuteMs = 60_000;
/** Caps of the reference, X, 1.4: what a timeline shows, and what it shows without replies. */
const shownPosts = 3_200;
const shownPostsWithoutReplies = 800;

/** Settings of one X account; durations in milliseconds. */
export const xSettingsSchema = z.strictObject({
  /** How long a new post stays out of timelines. */
  listDelayMs: lagSchema.default(0),
  /** How long video and GIF take after finalize; images are ready at once. */
  processingMs: processingSchema.default(1000),
  /** How long the same text is refused again. X documents no window, and nobody may rely on one: none unless asked for. */
  duplicateWindowMs: z.number().int().nonnegative().default(0),
  /** How many of the newest posts a timeline shows before it ends, and with `exclude=replies`. */
  timelinePosts: z.number().int().positive().default(shownPosts),
  timelinePostsWithoutReplies: z.number().int().positive().default(shownPostsWithoutReplies),
  /**
   * Timelines that lack something, and say so beside their data (reference: X, 1.4): fields of every post, or the newest
   * post itself.
   */
  partial: z.enum(['field-hydration-failure', 'resource-unavailable']).nullable().default(null),
  /** The names of fields: those of X's description 2.166, those of 2.167, or asked by the old and answered with the new. */
  names: z.enum(['old', 'new', 'mixed']).default('old'),
  /** How long an uploaded medium may be attached. */
  mediaLifetimeMs: z
    .number()
    .int()
    .positive()
    .default(24 * 60 * minuteMs),
  /** The longest text in weighted characters; Premium accounts have 25,000. */
  maxTextWeight: z.number().int().positive().default(280),
  /** False: the app's tier has no media upload, and says so with a generic 403. */
  mediaCapability: z.boolean().default(true),
  /** The documented limits, none, or others per call. */
  quota: z
    .union([
      z.literal('platform'),
      z.literal('unlimited'),
      z.record(z.string(), z.strictObject({ limit: z.number().int(), windowMs: z.number().int().positive() })),
    ])
    .default('platform'),
});

/** Settings of one X account. */
export type XSettings = z.infer<typeof xSettingsSchema>;
