// Which of Instagram's three kinds of post some media make. Pure.
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';

/** A single picture, a single video (always a reel), or a bundle of both. */
export type Shape = 'image' | 'reel' | 'carousel';

/** The kind of post; undefined when there is no media, which Instagram does not take. */
export function shapeOf(media: readonly MediaItem[]): Shape | undefined {
  const [first, second] = media;
  if (first === undefined) return undefined;
  if (second !== undefined) return 'carousel';
  return isVideo(first) ? 'reel' : 'image';
}

/** How the account's media list calls each kind. */
export const LISTED_AS = { image: 'IMAGE', reel: 'VIDEO', carousel: 'CAROUSEL_ALBUM' } as const satisfies Record<
  Shape,
  string
>;
