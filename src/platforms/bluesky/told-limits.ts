// Bluesky's limits for whoever looks at a post: how long its text is, and what each of its media may be.
import type { MediaLimit } from '../../domain/schedules/media-limits.ts';
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import type { TextCount } from '../contract.ts';
import { LIMITS } from './check.ts';
import { graphemes, utf8Bytes } from './text.ts';

export function textCounts(text: string): TextCount[] {
  return [
    { what: 'characters', used: graphemes(text), limit: LIMITS.textGraphemes },
    { what: 'bytes of UTF-8', used: utf8Bytes(text), limit: LIMITS.textBytes },
  ];
}

/** The limits that `check` holds an item of this type to. */
export function mediaLimits(item: MediaItem): MediaLimit[] {
  if (!isVideo(item)) return [{ fact: 'sizeBytes', max: LIMITS.imageBytes }];
  return [
    { fact: 'mediaType', oneOf: ['video/mp4'] },
    { fact: 'sizeBytes', max: LIMITS.videoBytes },
    { fact: 'altText', max: LIMITS.videoAltGraphemes },
  ];
}
