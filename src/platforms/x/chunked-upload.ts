// Uploads a GIF or a video in segments: initialize, append, finalize. At most one segment is in memory.
import type { MediaItem } from '../../domain/schedules/post.ts';
import type { PlatformSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { addressOf, bareCall, jsonCall, multipartCall } from './calls.ts';
import { SEGMENT_BYTES } from './limits.ts';
import { askMedia, askUpload } from './media-call.ts';
import { askStatus } from './processing.ts';
import { saveUpload, type Uploaded } from './saved-media.ts';
import type { Upload } from './wire.ts';

/**
 * Uploads the item. An upload that broke off before its end is left to expire and begun again: X does not say which
 * segments it holds.
 * @throws StepRefused | StepUnanswered
 */
export async function uploadInChunks(session: PlatformSession, item: MediaItem, index: number): Promise<Uploaded> {
  const begun = await initialize(session, item);
  await saveUpload(session, item, index, begun, false);
  await session.reach('media_initialized');
  await appendAll(session, item, begun.id);
  const finished = await finalize(session, begun.id);
  const whole = { ...finished, media_key: finished.media_key ?? begun.media_key };
  const media = await saveUpload(session, item, index, whole, true);
  await session.reach('media_finalized');
  return { media, processing: finished.processing_info };
}

async function initialize(session: PlatformSession, item: MediaItem): Promise<Upload> {
  const body = {
    media_type: item.mediaType,
    total_bytes: item.sizeBytes,
    media_category: item.mediaType === 'image/gif' ? 'tweet_gif' : 'tweet_video',
  };
  return await askUpload(session, jsonCall(session, addressOf(session, '/2/media/upload/initialize'), body));
}

/** Appends every segment under its own number; appending one twice leaves it once. */
async function appendAll(session: PlatformSession, item: MediaItem, mediaId: string): Promise<void> {
  const { url, sizeBytes, mediaType } = item;
  const address = addressOf(session, `/2/media/upload/${mediaId}/append`);
  let segment = 0;
  for await (const bytes of session.media.chunks(url, { sizeBytes, mediaType }, SEGMENT_BYTES)) {
    const fields = { segment_index: String(segment) };
    await askMedia(session, await multipartCall(session, address, fields, { bytes, mediaType }));
    await session.reach('media_appended');
    segment += 1;
  }
}

/** Ends the upload. X refuses a second end, so when the first one's answer was lost a refusal is checked once more. */
async function finalize(session: PlatformSession, mediaId: string): Promise<Upload> {
  const request = bareCall(session, 'POST', addressOf(session, `/2/media/upload/${mediaId}/finalize`));
  let calls = 0;
  const call: PlatformSession['call'] = (repeated) => {
    calls += 1;
    return session.call(repeated);
  };
  try {
    return await askUpload({ ...session, call }, request);
  } catch (refusal) {
    if (calls === 1 || !isInvalid(refusal)) throw refusal;
    return await endedBefore(session, mediaId, refusal);
  }
}

/** The upload, if the end whose answer was lost had reached X. @throws the refusal if not */
async function endedBefore(session: PlatformSession, mediaId: string, refusal: StepRefused): Promise<Upload> {
  try {
    return await askStatus(session, mediaId);
  } catch (error) {
    throw isInvalid(error) ? refusal : error;
  }
}

function isInvalid(error: unknown): error is StepRefused {
  return error instanceof StepRefused && error.cause.code === 'media_invalid';
}
