// What each of a post's media may be on Instagram, for whoever looks at it.
import type { MediaLimit } from '../../domain/schedules/media-limits.ts';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import { INSTAGRAM_LIMITS } from './limits.ts';

/** The limits that `check` holds an item of this type to. */
export function mediaLimits(item: MediaItem): MediaLimit[] {
  const { imageBytes, imageRatio, altTextChars, videoBytes, videoSeconds, videoWidthPx, videoRatio, videoCodecs } =
    INSTAGRAM_LIMITS;
  if (!isVideo(item)) {
    return [
      { fact: 'mediaType', oneOf: ['image/jpeg'] },
      { fact: 'sizeBytes', max: imageBytes },
      { fact: 'shape', ...imageRatio },
      { fact: 'altText', max: altTextChars },
    ];
  }
  return [
    { fact: 'sizeBytes', max: videoBytes },
    { fact: 'durationSeconds', ...videoSeconds },
    { fact: 'codecs', oneOf: videoCodecs },
    { fact: 'widthPx', max: videoWidthPx },
    { fact: 'shape', ...videoRatio },
    // Only pictures have one there.
    { fact: 'altText', max: 0 },
  ];
}
