// The media rules of Instagram: how many, which types, how large (platform reference 2.7). Pure.
import { isVideo, type KnownMedia, type MediaItem } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import { codecProblems } from '../codecs.ts';
import { INSTAGRAM_LIMITS } from './limits.ts';

/** Problems of the media, each by its field. Sizes that were not given are not judged. */
export function mediaProblems(media: readonly KnownMedia[]): FieldProblem[] {
  return [...countProblems(media.length), ...media.flatMap((item, index) => itemProblems(item, `media.${index}`))];
}

function countProblems(found: number): FieldProblem[] {
  const { mediaItems } = INSTAGRAM_LIMITS;
  if (found === 0) {
    return [{ field: 'media', problem: 'is empty: Instagram takes no post without media', limit: 'at least 1 item' }];
  }
  if (found <= mediaItems) return [];
  const problem = `has ${found} items, more than a carousel takes`;
  return [{ field: 'media', problem, limit: `at most ${mediaItems} items` }];
}

function itemProblems(item: KnownMedia, field: string): FieldProblem[] {
  return isVideo(item) ? videoProblems(item, field) : imageProblems(item, field);
}

function imageProblems(item: MediaItem, field: string): FieldProblem[] {
  const { imageBytes, imageRatio, altTextChars } = INSTAGRAM_LIMITS;
  const problems: FieldProblem[] = [];
  if (item.mediaType !== 'image/jpeg') {
    problems.push({ field: `${field}.mediaType`, problem: notJpeg(item.mediaType), limit: 'image/jpeg' });
  }
  const altText = [...(item.altText ?? '')].length;
  if (altText > altTextChars) {
    problems.push({
      field: `${field}.altText`,
      problem: `has ${altText} characters, more than Instagram takes`,
      limit: `at most ${altTextChars} characters`,
    });
  }
  return [
    ...problems,
    ...sizeProblems(item, field, imageBytes),
    ...ratioProblems(item, field, imageRatio, '4:5 to 1.91:1'),
  ];
}

/** A GIF may move, and no picture of Instagram does: nobody is to find a still where a film was meant. */
function notJpeg(mediaType: string): string {
  const problem = `is ${mediaType}: Instagram takes pictures as JPEG only`;
  return mediaType === 'image/gif' ? `${problem}; send what moves as an MP4 video` : problem;
}

function videoProblems(item: KnownMedia, field: string): FieldProblem[] {
  const { videoBytes, videoSeconds, videoWidthPx, videoRatio, videoCodecs } = INSTAGRAM_LIMITS;
  const { durationSeconds, widthPx } = item;
  const problems: FieldProblem[] = [];
  if (item.altText !== undefined) {
    problems.push({ field: `${field}.altText`, problem: 'is for pictures only on Instagram' });
  }
  if (durationSeconds !== undefined && (durationSeconds < videoSeconds.min || durationSeconds > videoSeconds.max)) {
    problems.push({
      field: `${field}.durationSeconds`,
      problem: `is ${durationSeconds} s, outside what Instagram takes`,
      limit: `${videoSeconds.min} s to ${videoSeconds.max} s`,
    });
  }
  if (widthPx !== undefined && widthPx > videoWidthPx) {
    problems.push({
      field: `${field}.widthPx`,
      problem: `is ${widthPx} px, wider than Instagram takes`,
      limit: `at most ${videoWidthPx} px`,
    });
  }
  return [
    ...problems,
    ...codecProblems(item, { field, label: 'Instagram', taken: videoCodecs }),
    ...sizeProblems(item, field, videoBytes),
    ...ratioProblems(item, field, videoRatio, '0.01:1 to 10:1'),
  ];
}

function sizeProblems(item: MediaItem, field: string, limitBytes: number): FieldProblem[] {
  if (item.sizeBytes <= limitBytes) return [];
  const problem = `is ${item.sizeBytes} bytes, more than Instagram takes`;
  return [{ field: `${field}.sizeBytes`, problem, limit: `at most ${limitBytes} bytes` }];
}

function ratioProblems(
  item: MediaItem,
  field: string,
  allowed: { readonly min: number; readonly max: number },
  limit: string,
): FieldProblem[] {
  if (item.widthPx === undefined || item.heightPx === undefined) return [];
  const ratio = item.widthPx / item.heightPx;
  if (ratio >= allowed.min && ratio <= allowed.max) return [];
  return [{ field, problem: `is ${item.widthPx} by ${item.heightPx} px, a shape Instagram refuses`, limit }];
}
