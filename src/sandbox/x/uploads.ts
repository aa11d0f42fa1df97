// X's uploads: segments arrive, are joined, and (video and GIF) are processed for a while before they can be attached.
import { z } from 'zod';
import { snowflakeId } from '../ids.ts';
import type { Journal } from '../journal.ts';
import { inspectMedia, type MediaKind } from '../media/inspect.ts';

/** The categories of media a post can carry. */
export const categorySchema = z.enum(['tweet_image', 'tweet_gif', 'tweet_video', 'amplify_video']);

type CategoryRules = {
  types: readonly string[];
  kinds: readonly MediaKind[];
  maxBytes: number;
  /** How a post shows it. */
  shownAs: 'photo' | 'animated_gif' | 'video';
  keyPrefix: string;
};

const videoRules = {
  types: ['video/mp4', 'video/quicktime'],
  kinds: ['mp4', 'mov'],
  maxBytes: 512 * 1024 ** 2,
} as const;

/** What each category takes; sizes in bytes. */
export const categories: Record<z.infer<typeof categorySchema>, CategoryRules> = {
  tweet_image: {
    types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
    kinds: ['jpeg', 'png', 'webp', 'gif'],
    maxBytes: 5 * 1024 ** 2,
    shownAs: 'photo',
    keyPrefix: '3',
  },
  tweet_gif: {
    types: ['image/gif'],
    kinds: ['gif'],
    maxBytes: 15 * 1024 ** 2,
    shownAs: 'animated_gif',
    keyPrefix: '16',
  },
  tweet_video: { ...videoRules, shownAs: 'video', keyPrefix: '7' },
  amplify_video: { ...videoRules, shownAs: 'video', keyPrefix: '13' },
};

const uploadSchema = z.object({
  id: z.string(),
  key: z.string(),
  accountId: z.string(),
  category: categorySchema,
  totalBytes: z.number(),
  segments: z.array(z.object({ index: z.number(), sizeBytes: z.number() })),
  kind: z.enum(['jpeg', 'png', 'gif', 'webp', 'mp4', 'mov', 'unknown']),
  width: z.number(),
  height: z.number(),
  initializedAtMs: z.number(),
  finalizedAtMs: z.number().nullable(),
  /** When processing ends; null: never. */
  readyAtMs: z.number().nullable(),
  failure: z.object({ name: z.string(), message: z.string() }).nullable(),
  altText: z.string().nullable(),
});

/** One upload. */
export type Upload = z.infer<typeof uploadSchema>;

/** The state X reports: no state means there is nothing to process. */
export type Processing = { state: 'pending' | 'in_progress' | 'succeeded' | 'failed'; percent: number; leftMs: number };

/** The store of uploads. */
export type Uploads = {
  begin(accountId: string, category: Upload['category'], totalBytes: number, nowMs: number): Upload;
  put(upload: Upload): Upload;
  find(id: string): Upload | undefined;
};

/** Opens the store over the journal. */
export function openUploads(journal: Journal): Uploads {
  const uploads = new Map<string, Upload>();
  const room = journal.room({
    name: 'x.uploads',
    schema: uploadSchema,
    apply: (upload) => uploads.set(upload.id, upload),
    clear: () => uploads.clear(),
  });
  const put = (upload: Upload) => {
    room.put(upload);
    return upload;
  };
  return {
    begin: (accountId, category, totalBytes, nowMs) => {
      const id = snowflakeId(nowMs);
      return put({
        ...{ id, key: `${categories[category].keyPrefix}_${id}`, accountId, category, totalBytes, segments: [] },
        ...{ kind: 'unknown', width: 0, height: 0, initializedAtMs: nowMs, finalizedAtMs: null, readyAtMs: null },
        ...{ failure: null, altText: null },
      });
    },
    put,
    find: (id) => uploads.get(id),
  };
}

/** The upload with one more segment; the same index again replaces the earlier one. */
export function withSegment(upload: Upload, index: number, bytes: Buffer): Upload {
  const segments = [
    ...upload.segments.filter((segment) => segment.index !== index),
    { index, sizeBytes: bytes.length },
  ];
  return index === 0 ? { ...upload, segments, ...inspectMedia(bytes) } : { ...upload, segments };
}

/** Bytes received so far. */
export function receivedBytes(upload: Upload): number {
  return upload.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
}

/** True when segments 0..n are all there and add up to the promised size. */
export function isWhole(upload: Upload): boolean {
  const indexes = upload.segments.map((segment) => segment.index).sort((one, other) => one - other);
  return indexes.every((index, place) => index === place) && receivedBytes(upload) === upload.totalBytes;
}

/** How far processing is; undefined for images, which need none. */
export function processingOf(upload: Upload, nowMs: number): Processing | undefined {
  if (upload.category === 'tweet_image' || upload.finalizedAtMs === null) return undefined;
  if (upload.readyAtMs === null) return { state: 'in_progress', percent: 5, leftMs: 1000 };
  const leftMs = upload.readyAtMs - nowMs;
  if (leftMs <= 0) return { state: upload.failure ? 'failed' : 'succeeded', percent: 100, leftMs: 0 };
  const done = (nowMs - upload.finalizedAtMs) / (upload.readyAtMs - upload.finalizedAtMs);
  return { state: done < 0.2 ? 'pending' : 'in_progress', percent: Math.floor(done * 100), leftMs };
}
