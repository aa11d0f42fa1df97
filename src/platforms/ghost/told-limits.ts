// Ghost's limits for whoever looks at a picture.
import type { MediaLimit } from '../../domain/schedules/media-limits.ts';
import type { MediaItem } from '../../domain/schedules/post.ts';

/** The limits that `check` holds an item of this type to, wherever it stands in the post. */
export function mediaLimits(_item: MediaItem): MediaLimit[] {
  return [{ fact: 'mediaType', oneOf: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] }];
}
