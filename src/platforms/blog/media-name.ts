// What a medium of a post is called where the blog serves it: readers see it in its address, and a page is known by it.
import type { MediaType } from '../../domain/schedules/media-type.ts';

const SLUG_CHARS = 80;

/** Without its ending. `index`: among the post's media, from 0. */
export function mediaName(slug: string, index: number): string {
  return `${slug.slice(0, SLUG_CHARS).replace(/-$/, '')}-${index + 1}`;
}

export const MEDIA_ENDINGS: Readonly<Record<MediaType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'video/mp4': 'mp4',
  'video/quicktime': 'mov',
};
