// X's limits for whoever looks at a post: what its text weighs, and what each of its media may be.
import type { MediaLimit } from '../../domain/schedules/media-limits.ts';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import type { TextCount } from '../contract.ts';
import { X_LIMITS } from './limits.ts';
import { optionsOf } from './options.ts';
import { weightedLength } from './text.ts';

/** A link weighs 23, an emoji or a CJK character 2. */
export function textCounts(text: string, options: unknown): TextCount[] {
  const limit = optionsOf(options).textLimit ?? X_LIMITS.textWeight;
  return [{ what: 'weighted characters', used: weightedLength(text), limit }];
}

/** The limits that `check` holds an item of this type to. */
export function mediaLimits(item: MediaItem): MediaLimit[] {
  const altText: MediaLimit = { fact: 'altText', max: X_LIMITS.altTextChars };
  if (isVideo(item)) {
    const { videoCodecs, videoBytes, videoMinSeconds, videoMaxSeconds, videoMaxAspect } = X_LIMITS;
    return [
      { fact: 'sizeBytes', max: videoBytes },
      { fact: 'durationSeconds', min: videoMinSeconds, max: videoMaxSeconds },
      { fact: 'codecs', oneOf: videoCodecs },
      { fact: 'shape', min: 1 / videoMaxAspect, max: videoMaxAspect },
      altText,
    ];
  }
  if (item.mediaType !== 'image/gif') return [{ fact: 'sizeBytes', max: X_LIMITS.imageBytes }, altText];
  return [
    { fact: 'sizeBytes', max: X_LIMITS.gifBytes },
    { fact: 'widthPx', max: X_LIMITS.gifWidthPx },
    { fact: 'heightPx', max: X_LIMITS.gifHeightPx },
    altText,
  ];
}
