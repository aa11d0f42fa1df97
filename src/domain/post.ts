// What a schedule publishes: the post's content and how it is to be delivered, as they stand in the ledger.
import { z } from 'zod';
import { holdsPlainText, isPlainText, NOT_PLAIN } from './plain-text.ts';

export const MEDIA_TYPES = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'video/mp4',
  'video/quicktime',
] as const;

/** Limits that hold for every destination; each platform's own are narrower. */
export const POST_LIMITS = {
  textChars: 25_000,
  mediaItems: 35,
  urlChars: 2_048,
  altTextChars: 5_000,
  optionsBytes: 16_384,
};

/** A schedule, taken in or moved, may lie this far ahead. */
export const FURTHEST_AHEAD_MS = 730 * 24 * 3_600_000;

/** A text that can be stored and sent as it is. */
export const plainText = z
  .string()
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode (a surrogate stands alone)')
  .refine((value) => !value.includes('\u0000'), 'must not contain the NUL character');

/** One picture or video, by an address the platform or the worker can fetch until the post is live. */
export const mediaItemSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(POST_LIMITS.urlChars)
    .refine(isPlainText, NOT_PLAIN),
  mediaType: z.enum(MEDIA_TYPES),
  sizeBytes: z
    .int()
    .positive()
    .max(16 * 1024 ** 3),
  altText: plainText.max(POST_LIMITS.altTextChars).optional(),
  widthPx: z.int().positive().optional(),
  heightPx: z.int().positive().optional(),
  durationSeconds: z.number().positive().optional(),
});
export type MediaItem = z.infer<typeof mediaItemSchema>;

export const contentSchema = z.strictObject({
  text: plainText.max(POST_LIMITS.textChars).default(''),
  media: z.array(mediaItemSchema).max(POST_LIMITS.mediaItems).default([]),
});
export type Content = z.infer<typeof contentSchema>;

export const DELIVERY_MODES = ['publish', 'handoff'] as const;

/** Options that only one platform understands; its adapter's schema checks them. */
export const optionsSchema = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= POST_LIMITS.optionsBytes, 'must be at most 16384 bytes of JSON')
  .refine(holdsPlainText, NOT_PLAIN);

export const deliverySchema = z.strictObject({
  /** Null means: as soon as it is taken in. */
  publishAt: z.iso.datetime({ offset: true }).nullable(),
  mode: z.enum(DELIVERY_MODES),
  approvalRequired: z.boolean(),
  options: optionsSchema,
});
export type Delivery = z.infer<typeof deliverySchema>;

/** Image or video, by media type. */
export function isVideo(item: MediaItem): boolean {
  return item.mediaType.startsWith('video/');
}
