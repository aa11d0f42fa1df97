// Brings the post's media to X, item by item: uploaded, transcoded, described. What an earlier attempt has done stands.
import type { MediaItem } from '../../domain/schedules/post.ts';
import { ofMediaItem } from '../media-item.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { describeMedia } from './alt-text.ts';
import { uploadInChunks } from './chunked-upload.ts';
import { uploadImage } from './image-upload.ts';
import { awaitReady } from './processing.ts';
import { mediaKey, type SavedMedia, saveMedia, type Uploaded, usableMedia } from './saved-media.ts';

/**
 * Makes every item of the post ready to attach; repeatable and invisible.
 * @throws StepRefused | StepUnanswered
 */
export async function prepareMedia(session: PlatformSession): Promise<void> {
  for (const [index, item] of session.post.content.media.entries()) {
    await ofMediaItem(index, prepareItem(session, item, index));
  }
}

async function prepareItem(session: PlatformSession, item: MediaItem, index: number): Promise<void> {
  try {
    await describe(session, item, index, await bringReady(session, item, index));
  } catch (error) {
    // What X calls invalid is of no more use: a later attempt uploads it anew.
    if (error instanceof StepRefused && error.cause.code === 'media_invalid') {
      await session.remote.drop(mediaKey(item, index));
    }
    throw error;
  }
}

/** Goes on with an earlier attempt's upload. One that X does not get ready in a second wait either is begun anew. */
async function bringReady(session: PlatformSession, item: MediaItem, index: number): Promise<SavedMedia> {
  const saved = usableMedia(session, item, index);
  try {
    if (saved) return await settle(session, item, index, { media: saved });
  } catch (error) {
    if (!(error instanceof StepRefused) || error.cause.code !== 'child_processing_timeout') throw error;
  }
  return await settle(session, item, index, await upload(session, item, index));
}

/** Photos go in one call; GIFs and videos in segments, since X transcodes them. */
async function upload(session: PlatformSession, item: MediaItem, index: number): Promise<Uploaded> {
  return isPhoto(item) ? await uploadImage(session, item, index) : await uploadInChunks(session, item, index);
}

async function settle(
  session: PlatformSession,
  item: MediaItem,
  index: number,
  { media, processing }: Uploaded,
): Promise<SavedMedia> {
  if (!media.ready) await awaitReady(session, media.id, processing);
  const ready = media.ready ? media : await saveMedia(session, item, index, { ...media, ready: true });
  await session.reach('media_ready');
  return ready;
}

async function describe(session: PlatformSession, item: MediaItem, index: number, media: SavedMedia): Promise<void> {
  if (!item.altText || media.altText === item.altText) return;
  await describeMedia(session, media.id, item.altText);
  await saveMedia(session, item, index, { ...media, altText: item.altText });
  await session.reach('media_described');
}

/** A still picture; a GIF counts as a moving one. */
export function isPhoto(item: MediaItem): boolean {
  return item.mediaType.startsWith('image/') && item.mediaType !== 'image/gif';
}
