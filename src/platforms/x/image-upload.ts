// Uploads a photo in one call.
import type { MediaItem } from '../../domain/schedules/post.ts';
import type { PlatformSession } from '../sessions.ts';
import { addressOf, multipartCall } from './calls.ts';
import { askUpload } from './media-call.ts';
import { saveUpload, type Uploaded } from './saved-media.ts';

/** Uploads the photo; its id is saved before anything else happens. @throws StepRefused | StepUnanswered */
export async function uploadImage(session: PlatformSession, item: MediaItem, index: number): Promise<Uploaded> {
  const bytes = await session.media.picture(item);
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
