// What Bluesky would refuse, found before anything is sent (app.bsky.feed.post, app.bsky.embed.images and .video).
import { isVideo, type KnownContent, type MediaItem } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { graphemes, utf8Bytes } from './text.ts';

/**
 * Today's lexicons. A PDS of an older version takes smaller media (0.4.217: pictures of 1,000,000 bytes, videos of
 * 100,000,000), and nothing it can be asked says so: it refuses the record then, with its own limit, before anything is live.
 */
export const LIMITS = {
  textGraphemes: 300,
  textBytes: 3_000,
  images: 4,
  imageBytes: 2_000_000,
  videoBytes: 300_000_000,
  /** Of the lexicon until 2026; today's names none, and servers of both kinds are about. */
  videoAltGraphemes: 1_000,
};

/** Every problem of the content for this destination; empty when there is none. */
export function check(content: KnownContent): FieldProblem[] {
  return [...checkText(content), ...checkCount(content.media), ...content.media.flatMap(checkItem)];
}

function checkText({ text, media }: KnownContent): FieldProblem[] {
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
  if (!isVideo(item)) return checkImage(item, field);
  const wrongType = { field: `${field}.mediaType`, problem: 'must be video/mp4 for a video on Bluesky' };
  return [
    ...(item.mediaType === 'video/mp4' ? [] : [wrongType]),
    ...over(`${field}.sizeBytes`, item.sizeBytes, LIMITS.videoBytes, 'bytes per video'),
    ...over(`${field}.altText`, graphemes(item.altText ?? ''), LIMITS.videoAltGraphemes, 'characters'),
  ];
}

function checkImage(item: MediaItem, field: string): FieldProblem[] {
  const { mediaType, animated = mediaType === 'image/gif' ? 'perhaps' : false } = item;
  const still = { field: `${field}.mediaType`, limit: 'still images, or one video/mp4' };
  const what = animated === 'perhaps' ? 'is a GIF that may be animated' : 'is an animated image';
  const problem = `${what}; Bluesky would show it as a still, so send it as an MP4 video`;
  return [
    ...(animated ? [{ ...still, problem }] : []),
    ...over(`${field}.sizeBytes`, item.sizeBytes, LIMITS.imageBytes, 'bytes per image'),
  ];
}

function over(field: string, actual: number, limit: number, unit: string): FieldProblem[] {
  if (actual <= limit) return [];
  return [{ field, problem: `is too much for Bluesky: ${actual} ${unit}`, limit: `at most ${limit} ${unit}` }];
}
