// What the ledger remembers of an upload, so that a later attempt goes on with it instead of uploading again.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { MediaItem } from '../../domain/schedules/post.ts';
import type { PlatformSession } from '../sessions.ts';
import { MEDIA_LIFETIME_MS } from './limits.ts';
import type { Processing, Upload } from './wire.ts';

const savedMediaSchema = z.strictObject({
  id: z.string(),
  /** How posts name the medium; the strongest sign that a post is ours. */
  mediaKey: z.string().nullable(),
  sizeBytes: z.int(),
  /** X still has it until then. */
  usableUntil: z.iso.datetime(),
  /** All bytes are with X. */
  finalized: z.boolean(),
  /** X can show it. */
  ready: z.boolean(),
  /** The alternative text X was given. */
  altText: z.string().nullable(),
});
/** One upload on X. */
export type SavedMedia = z.infer<typeof savedMediaSchema>;

/** An upload that has just ended, with what X said about its transcoding. */
export interface Uploaded {
  readonly media: SavedMedia;
  readonly processing?: Processing | undefined;
}

/** How long before its end an upload is not attached any more; of a short life, a tenth. */
const MARGIN_MS = 60_000;

/** The key of an item's upload: its place and its address, hashed since addresses are long. */
export function mediaKey(item: MediaItem, index: number): string {
  return `x.media.${index}.${createHash('sha256').update(item.url).digest('hex').slice(0, 32)}`;
}

/** The upload as it was saved, whatever its age, or null. */
function savedMedia(session: PlatformSession, item: MediaItem, index: number): SavedMedia | null {
  return savedMediaSchema.safeParse(session.remote.get(mediaKey(item, index))).data ?? null;
}

/** The saved upload if its bytes are whole and X still has them, else null: it is uploaded again. */
export function usableMedia(session: PlatformSession, item: MediaItem, index: number): SavedMedia | null {
  const saved = savedMedia(session, item, index);
  if (saved === null || !saved.finalized || saved.sizeBytes !== item.sizeBytes) return null;
  return Date.parse(saved.usableUntil) > session.now().getTime() ? saved : null;
}

/** Saves an upload as X has just described it. */
export async function saveUpload(
  session: PlatformSession,
  item: MediaItem,
  index: number,
  upload: Upload,
  finalized: boolean,
): Promise<SavedMedia> {
  const lifetimeMs = Math.min((upload.expires_after_secs ?? Number.POSITIVE_INFINITY) * 1_000, MEDIA_LIFETIME_MS);
  const usableMs = lifetimeMs - Math.min(MARGIN_MS, lifetimeMs / 10);
  return await saveMedia(session, item, index, {
    id: upload.id,
    mediaKey: upload.media_key ?? null,
    sizeBytes: item.sizeBytes,
    usableUntil: new Date(session.now().getTime() + usableMs).toISOString(),
    finalized,
    ready: finalized && isReady(upload.processing_info),
    altText: null,
  });
}

/** No `processing_info` means that there is nothing to wait for. */
function isReady(processing: Processing | undefined): boolean {
  return processing === undefined || processing.state === 'succeeded';
}

/** Saves what is now known of an upload. */
export async function saveMedia(
  session: PlatformSession,
  item: MediaItem,
  index: number,
  media: SavedMedia,
): Promise<SavedMedia> {
  await session.remote.save(mediaKey(item, index), media);
  return media;
}
