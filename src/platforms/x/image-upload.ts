// Uploads a photo in one call.
import type { MediaItem } from '../../domain/schedules/post.ts';
import type { PlatformSession } from '../contract.ts';
import { addressOf, multipartCall } from './calls.ts';
import { askUpload } from './media-call.ts';
import { saveUpload, type Uploaded } from './saved-media.ts';

/** Uploads the photo; its id is saved before anything else happens. @throws StepRefused | StepUnanswered */
export async function uploadImage(session: PlatformSession, item: MediaItem, index: number): Promise<Uploaded> {
  const bytes = await whole(session, item);
  const request = await multipartCall(
    session,
    addressOf(session, '/2/media/upload'),
    { media_category: 'tweet_image' },
    { bytes, mediaType: item.mediaType },
  );
  const upload = await askUpload(session, request);
  const media = await saveUpload(session, item, index, upload, true);
  await session.reach('media_finalized');
  return { media, processing: upload.processing_info };
}

/** The picture's bytes; at most 5 MB, as the check has seen to. */
async function whole(session: PlatformSession, { url, sizeBytes, mediaType }: MediaItem): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of session.media.chunks(url, { sizeBytes, mediaType }, sizeBytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
