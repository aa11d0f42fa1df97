// What a schedule publishes: the post's content and how it is to be delivered, as they stand in the ledger.
import { z } from 'zod';
import { type JsonFault, jsonFault } from '../text/json-fault.ts';
import { isPlainText, NOT_PLAIN } from '../text/plain-text.ts';
import { givenMediaType, MEDIA_TYPES } from './media-type.ts';
import { storedSha256 } from './stored-media.ts';

/** Limits that hold for every destination; each platform's own are narrower. */
const POST_LIMITS = {
  textChars: 500_000,
  mediaItems: 35,
  urlChars: 2_048,
  altTextChars: 5_000,
  optionsBytes: 16_384,
  optionsLevels: 16,
};

/** A schedule, taken in or moved, may lie this far ahead. */
export const FURTHEST_AHEAD_MS = 730 * 24 * 3_600_000;

/** A text that can be stored and sent as it is. */
export const plainText = z
  .string()
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode (a surrogate stands alone)')
  .refine((value) => !value.includes('\u0000'), 'must not contain the NUL character');

/** An address that can be fetched. A password in it would stand in the ledger, in answers and at the platform. */
export const webAddress = z
  .string()
  .max(POST_LIMITS.urlChars)
  .refine(isPlainText, NOT_PLAIN)
  .refine(isWebAddress, 'must be an http or https address without spaces, user name or password')
  .meta({ format: 'uri' });

function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s\p{Cc}]+$/iu.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === '' && password === '';
}

/** Where a media item lies: at an address of the web, or in the media store. */
const mediaAddress = z
  .string()
  .max(POST_LIMITS.urlChars)
  .refine(isPlainText, NOT_PLAIN)
  .refine(
    (text) => isWebAddress(text) || storedSha256(text) !== null,
    'must be an http or https address without spaces, user name or password',
  )
  .meta({ format: 'uri' });

/** One picture or video, by an address the platform or the worker can fetch until the post is live. */
export const mediaItemSchema = z.strictObject({
  url: mediaAddress,
  mediaType: z.enum(MEDIA_TYPES),
  sizeBytes: z
    .int()
    .positive()
    .max(16 * 1024 ** 3),
  altText: plainText.max(POST_LIMITS.altTextChars).optional(),
  /** As it is shown: turned as its EXIF orientation or its track says. */
  widthPx: z.int().positive().optional(),
  heightPx: z.int().positive().optional(),
  durationSeconds: z.number().positive().optional(),
  /** A GIF, WebP or PNG of several pictures; absent where that is not known, and for what cannot be. */
  animated: z.boolean().optional(),
});
export type MediaItem = z.infer<typeof mediaItemSchema>;

/** An item beside what is never stored of it, since it is looked at anew whenever somebody asks. */
export interface KnownMedia extends MediaItem {
  /** Of its pictures and its sound, by the names of WebCodecs' registry; absent where the file was not read. */
  readonly codecs?: readonly string[] | undefined;
}

export const contentSchema = z.strictObject({
  text: plainText.max(POST_LIMITS.textChars).default(''),
  media: z.array(mediaItemSchema).max(POST_LIMITS.mediaItems).default([]),
});
export type Content = z.infer<typeof contentSchema>;

/** A post's content as it is checked. */
export interface KnownContent extends Omit<Content, 'media'> {
  readonly media: readonly KnownMedia[];
}

/** A media item as a caller gives it: its address, and of the facts whatever the caller knows. */
export const givenMediaSchema = z.strictObject({
  ...mediaItemSchema.partial().shape,
  url: mediaAddress,
  mediaType: givenMediaType.optional(),
});
export type GivenMedia = z.infer<typeof givenMediaSchema>;

/** A post's content as a caller gives it, before the facts of its media are read. */
export const givenContentSchema = z.strictObject({
  ...contentSchema.shape,
  media: z.array(givenMediaSchema).max(POST_LIMITS.mediaItems).default([]),
});
export type GivenContent = z.infer<typeof givenContentSchema>;

export const DELIVERY_MODES = ['publish', 'handoff'] as const;

/** Options that only one platform understands; its adapter's schema checks them. */
export const optionsSchema = z
  .custom<Record<string, z.core.util.JSONType>>()
  .superRefine((value: unknown, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      context.addIssue({ code: 'custom', message: 'must be an object' });
      return;
    }
    const fault = jsonFault(value, POST_LIMITS.optionsLevels) ?? sizeFault(value);
    if (fault) {
      const { path, problem, limit } = fault;
      context.addIssue({ code: 'custom', message: problem, path: [...path], params: { limit } });
    }
  })
  .meta({ type: 'object', additionalProperties: true });

function sizeFault(value: object): JsonFault | null {
  const sizeBytes = new TextEncoder().encode(JSON.stringify(value)).byteLength;
  if (sizeBytes <= POST_LIMITS.optionsBytes) return null;
  return { path: [], problem: `has ${sizeBytes} bytes of JSON`, limit: `at most ${POST_LIMITS.optionsBytes} bytes` };
}

/** Posts that belong together: the workspace's own name for them, and how many there will be. */
export const deliverySetSchema = z.strictObject({
  id: plainText.trim().min(1).max(128),
  memberCount: z.int().min(1).max(10_000),
});
export type DeliverySet = z.infer<typeof deliverySetSchema>;

export const deliverySchema = z.strictObject({
  /** Null means: as soon as it is taken in. */
  publishAt: z.iso.datetime({ offset: true }).nullable(),
  mode: z.enum(DELIVERY_MODES),
  approvalRequired: z.boolean(),
  options: optionsSchema,
  /** The last moment at which it may go out; absent: whenever it can. */
  publishBefore: z.iso.datetime({ offset: true }).optional(),
  deliverySet: deliverySetSchema.optional(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** The last moment of a post that gets another time: as long after it as before. */
export function movedLastMoment(
  before: { readonly publishAt: Date; readonly publishBefore: Date | null },
  publishAt: Date,
): Date | null {
  if (before.publishBefore === null) return null;
  return new Date(publishAt.getTime() + before.publishBefore.getTime() - before.publishAt.getTime());
}

/** Image or video, by media type. */
export function isVideo(item: MediaItem): boolean {
  return item.mediaType.startsWith('video/');
}
