// Uploads the post's media and remembers the references. A blob is content-addressed: uploading it again is harmless
// and gives the same reference.
import { z } from 'zod';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import { ofMediaItem } from '../media-item.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { type Blob, blobSchema, uploadSchema } from './wire.ts';
import { ask, bearer, methodUrl } from './xrpc.ts';

const CHUNK_BYTES = 1024 ** 2;

/** A PDS promises to keep a blob that no record names for minutes only (com.atproto.repo.uploadBlob). */
const KEPT_MS = 10 * 60_000;

const savedSchema = z.object({ url: z.string(), uploadedAt: z.iso.datetime(), blob: blobSchema });

/** Uploads each item that has no usable reference yet. @throws StepRefused | StepUnanswered */
export async function uploadMedia(session: PlatformSession): Promise<void> {
  for (const [index, item] of session.post.content.media.entries()) {
    const saved = savedAt(session, index);
    const age = saved ? session.now().getTime() - Date.parse(saved.uploadedAt) : Number.POSITIVE_INFINITY;
    if (saved?.url === item.url && age < KEPT_MS) continue;
    const blob = await ofMediaItem(index, upload(session, item));
    await session.remote.save(keyOf(index), { url: item.url, uploadedAt: session.now().toISOString(), blob });
    await session.reach('media_uploaded');
  }
}

/** One media item and the reference its upload gave. */
export interface Uploaded {
  readonly item: MediaItem;
  readonly blob: Blob;
}

/** The post's media with their saved references, in order. @throws StepUnanswered when one is missing: upload first */
export function uploadedMedia(session: PlatformSession): Uploaded[] {
  return session.post.content.media.map((item, index) => {
    const saved = savedAt(session, index);
    if (!saved) throw new StepUnanswered('media', `the upload of media item ${index + 1} is not on record`);
    return { item, blob: saved.blob };
  });
}

/** Where in the record a refusal stumbled: `at $.record.embed.images[2].image`. */
const IMAGE_PATH = /\$\.record\.embed\.images\[(\d+)\]/;

/** Which item a refusal of the record names, by its place there or by its blob; undefined where it names none. */
export function mediaItemNamed(session: PlatformSession, refusal: string): number | undefined {
  const place = IMAGE_PATH.exec(refusal)?.[1];
  if (place !== undefined) return Number(place);
  const named = session.post.content.media.findIndex((_, index) => {
    const link = savedAt(session, index)?.blob.ref.$link;
    return link !== undefined && refusal.includes(link);
  });
  return named === -1 ? undefined : named;
}

/** Where the references of a post's media are saved; forgetting them makes the next attempt upload again. */
export function blobKeys(session: PlatformSession): string[] {
  return session.post.content.media.map((_, index) => keyOf(index));
}

async function upload(session: PlatformSession, item: MediaItem): Promise<Blob> {
  const bytes = isVideo(item) ? await wholeVideo(session, item) : await session.media.picture(item);
  const { blob } = await ask(session, {
    stage: 'media',
    schema: uploadSchema,
    request: {
      method: 'POST',
      url: methodUrl(session, 'com.atproto.repo.uploadBlob'),
      headers: { ...bearer(session.grant.accessToken), 'content-type': item.mediaType },
      body: bytes,
    },
  });
  return blob;
}

async function wholeVideo(session: PlatformSession, item: MediaItem): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafe(item.sizeBytes);
  let filled = 0;
  for await (const chunk of session.media.chunks(item.url, item, CHUNK_BYTES)) {
    bytes.set(chunk, filled);
    filled += chunk.byteLength;
  }
  return bytes;
}

function savedAt(session: PlatformSession, index: number): z.infer<typeof savedSchema> | undefined {
  return savedSchema.safeParse(session.remote.get(keyOf(index))).data;
}

function keyOf(index: number): string {
  return `blob.${index}`;
}
