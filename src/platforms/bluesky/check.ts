// What Bluesky would refuse, found before anything is sent (app.bsky.feed.post, app.bsky.embed.images and .video).
import { type Content, isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { graphemes, utf8Bytes } from './text.ts';

/** Where PDS versions differ, the narrower limit. */
const LIMITS = {
  textGraphemes: 300,
  textBytes: 3_000,
  images: 4,
  imageBytes: 1_000_000,
  videoBytes: 100_000_000,
  videoAltGraphemes: 1_000,
};

/** Every problem of the content for this destination; empty when there is none. */
export function check(content: Content): FieldProblem[] {
  return [...checkText(content), ...checkCount(content.media), ...content.media.flatMap(checkItem)];
}

function checkText({ text, media }: Content): FieldProblem[] {
  if (text.trim() === '' && media.length === 0) {
    return [{ field: 'text', problem: 'must not be empty in a post without media' }];
  }
  return [
    ...over('text', graphemes(text), LIMITS.textGraphemes, 'characters'),
    ...over('text', utf8Bytes(text), LIMITS.textBytes, 'bytes of UTF-8'),
  ];
}

function checkCount(media: readonly MediaItem[]): FieldProblem[] {
  const videos = media.filter(isVideo).length;
  if (videos > 0 && media.length > 1) {
    return [
      { field: 'media', problem: 'must be either one video or images on Bluesky', limit: 'at most 1 video, alone' },
    ];
  }
  return over('media', media.length, LIMITS.images, 'images');
}

function checkItem(item: MediaItem, index: number): FieldProblem[] {
  const field = `media.${index}`;
  if (!isVideo(item)) return over(`${field}.sizeBytes`, item.sizeBytes, LIMITS.imageBytes, 'bytes per image');
  const wrongType = { field: `${field}.mediaType`, problem: 'must be video/mp4 for a video on Bluesky' };
  return [
    ...(item.mediaType === 'video/mp4' ? [] : [wrongType]),
    ...over(`${field}.sizeBytes`, item.sizeBytes, LIMITS.videoBytes, 'bytes per video'),
    ...over(`${field}.altText`, graphemes(item.altText ?? ''), LIMITS.videoAltGraphemes, 'characters'),
  ];
}

function over(field: string, actual: number, limit: number, unit: string): FieldProblem[] {
  if (actual <= limit) return [];
  return [{ field, problem: `is too much for Bluesky: ${actual} ${unit}`, limit: `at most ${limit} ${unit}` }];
}
