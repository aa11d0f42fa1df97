// Which media a post may carry: known, the account's own, ready, not too old; four photos, or one GIF, or one video.
import type { Answer } from '../answer.ts';
import type { Post } from '../posts.ts';
import { invalidMediaIds, invalidRequest } from './problems.ts';
import type { XCall, XState } from './state.ts';
import { categories, processingOf, type Upload } from './uploads.ts';

const maxPhotos = 4;

/** The media of a post, or X's refusal of them. */
export type Attached = { media: Post['media'] } | { refused: Answer };

/** Checks the media ids of a post. */
export function attachable(state: XState, call: XCall, mediaIds: string[]): Attached {
  if (mediaIds.length > maxPhotos) {
    const message = `The number of values in media_ids exceeds the maximum of ${maxPhotos}.`;
    return { refused: invalidRequest('media.media_ids', `[${mediaIds.length}]`, message) };
  }
  const media: Post['media'] = [];
  for (const id of mediaIds) {
    const upload = state.uploads.find(id);
    if (!upload || !isReady(upload, call)) return { refused: invalidMediaIds(id) };
    media.push({ id, key: upload.key, kind: categories[upload.category].shownAs, altText: upload.altText });
  }
  if (media.length > 1 && media.some(({ kind }) => kind !== 'photo')) {
    return { refused: invalidRequest('media.media_ids', mediaIds.join(','), 'Media types cannot be mixed.') };
  }
  return { media };
}

function isReady(upload: Upload, { account, settings, nowMs }: XCall): boolean {
  if (upload.accountId !== account.id || upload.finalizedAtMs === null) return false;
  if (upload.finalizedAtMs + settings.mediaLifetimeMs <= nowMs) return false;
  const processing = processingOf(upload, nowMs);
  return !processing || processing.state === 'succeeded';
}
