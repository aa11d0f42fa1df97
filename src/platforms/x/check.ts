// What X would refuse, found without asking it: every problem names its field and the limit that was passed.
import { isVideo, type KnownContent, type KnownMedia, type MediaItem } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { codecProblems } from '../codecs.ts';
import { X_LIMITS } from './limits.ts';
import { isPhoto } from './media.ts';
import { optionsOf } from './options.ts';
import { weightedLength } from './text.ts';

/** Everything X would refuse of this post. */
export function check(content: KnownContent, options: unknown): FieldProblem[] {
  const textLimit = optionsOf(options).textLimit ?? X_LIMITS.textWeight;
  return [
    ...checkText(content, textLimit),
    ...checkBundle(content.media),
    ...content.media.flatMap((item, index) => checkItem(item, `media.${index}`)),
  ];
}

function checkText({ text, media }: KnownContent, limit: number): FieldProblem[] {
  if (text.trim() === '' && media.length === 0) {
    return [{ field: 'text', problem: 'must not be empty on X unless the post has media' }];
  }
  const weight = weightedLength(text);
  if (weight <= limit) return [];
  const problem = `weighs ${weight} characters as X counts them (a link 23, an emoji or a CJK character 2)`;
  return [{ field: 'text', problem, limit: `${limit} weighted characters` }];
}

function checkBundle(media: readonly MediaItem[]): FieldProblem[] {
  const limit = `${X_LIMITS.photos} photos, or 1 GIF, or 1 video`;
  const moving = media.filter((item) => !isPhoto(item)).length;
  if (moving > 0 && media.length > 1) return [{ field: 'media', problem: 'mixes or repeats moving media', limit }];
  if (media.length > X_LIMITS.photos) return [{ field: 'media', problem: `has ${media.length} photos`, limit }];
  return [];
}

function checkItem(item: KnownMedia, field: string): FieldProblem[] {
  return [
    ...atMost(`${field}.altText`, Array.from(item.altText ?? '').length, X_LIMITS.altTextChars, 'characters'),
    ...atMost(`${field}.sizeBytes`, item.sizeBytes, sizeLimit(item), 'bytes'),
    ...(item.mediaType === 'image/gif' ? checkGif(item, field) : []),
    ...(isVideo(item)
      ? [...checkVideo(item, field), ...codecProblems(item, { field, label: 'X', taken: X_LIMITS.videoCodecs })]
      : []),
  ];
}

function sizeLimit(item: MediaItem): number {
  if (isPhoto(item)) return X_LIMITS.imageBytes;
  return isVideo(item) ? X_LIMITS.videoBytes : X_LIMITS.gifBytes;
}

function checkGif({ widthPx = 0, heightPx = 0 }: MediaItem, field: string): FieldProblem[] {
  return [
    ...atMost(`${field}.widthPx`, widthPx, X_LIMITS.gifWidthPx, 'pixels for a GIF'),
    ...atMost(`${field}.heightPx`, heightPx, X_LIMITS.gifHeightPx, 'pixels for a GIF'),
  ];
}

function checkVideo({ durationSeconds, widthPx, heightPx }: MediaItem, field: string): FieldProblem[] {
  const problems = atMost(`${field}.durationSeconds`, durationSeconds ?? 0, X_LIMITS.videoMaxSeconds, 'seconds');
  if (durationSeconds !== undefined && durationSeconds < X_LIMITS.videoMinSeconds) {
    const limit = `at least ${X_LIMITS.videoMinSeconds} seconds`;
    problems.push({ field: `${field}.durationSeconds`, problem: `is ${durationSeconds}`, limit });
  }
  if (widthPx !== undefined && heightPx !== undefined) {
    const aspect = Math.max(widthPx, heightPx) / Math.min(widthPx, heightPx);
    if (aspect > X_LIMITS.videoMaxAspect) {
      const problem = `a video of ${widthPx}x${heightPx} is too narrow or too wide`;
      problems.push({ field: `${field}.widthPx`, problem, limit: 'an aspect ratio from 1:3 to 3:1' });
    }
  }
  return problems;
}

function atMost(field: string, value: number, limit: number, unit: string): FieldProblem[] {
  return value <= limit ? [] : [{ field, problem: `is ${value}, more than X takes`, limit: `${limit} ${unit}` }];
}
