// The knobs of an X account. The defaults are X's own behaviour, in a hurry.
import { z } from 'zod';
import { lagSchema, processingSchema } from '../settings.ts';

const minuteMs = 60_000;

/** Settings of one X account; durations in milliseconds. */
export const xSettingsSchema = z.strictObject({
  /** How long a new post stays out of timelines. */
  listDelayMs: lagSchema.default(0),
  /** How long video and GIF take after finalize; images are ready at once. */
  processingMs: processingSchema.default(1000),
  /** How long the same text is refused again; X does not document its window. 0: never. */
  duplicateWindowMs: z
    .number()
    .int()
    .nonnegative()
    .default(15 * minuteMs),
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
