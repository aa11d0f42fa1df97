// Which option fits which kind of post on Instagram (platform reference 2.2 and 2.5). Pure.
import { isVideo, type MediaItem } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import type { InstagramOptions } from './options.ts';
import { shapeOf } from './shape.ts';

const REEL_ONLY = ['shareToFeed', 'thumbOffsetMs', 'coverUrl'] as const;

/** Problems of the options for these media. */
export function optionProblems(options: InstagramOptions, media: readonly MediaItem[]): FieldProblem[] {
  const shape = shapeOf(media);
  const problems: FieldProblem[] = [];
  for (const name of REEL_ONLY) {
    if (options[name] !== undefined && shape !== 'reel') {
      problems.push({ field: `options.${name}`, problem: 'is for a reel only: a post of one video' });
    }
  }
  if (options.aiGenerated !== undefined && shape !== 'image') {
    problems.push({ field: 'options.aiGenerated', problem: 'is for a single picture only' });
  }
  return [...problems, ...(shape === 'reel' ? coverProblems(options, media) : []), ...tagProblems(options, media)];
}

function coverProblems(options: InstagramOptions, media: readonly MediaItem[]): FieldProblem[] {
  const { coverUrl, thumbOffsetMs } = options;
  const lengthMs = (media[0]?.durationSeconds ?? Number.POSITIVE_INFINITY) * 1_000;
  if (thumbOffsetMs === undefined) return [];
  if (coverUrl !== undefined) {
    return [{ field: 'options.thumbOffsetMs', problem: 'cannot stand beside coverUrl: a reel has one cover' }];
  }
  if (thumbOffsetMs <= lengthMs) return [];
  const problem = `is ${thumbOffsetMs} ms, after the end of the video`;
  return [{ field: 'options.thumbOffsetMs', problem, limit: `at most ${lengthMs} ms` }];
}

function tagProblems(options: InstagramOptions, media: readonly MediaItem[]): FieldProblem[] {
  return (options.userTags ?? []).flatMap((tag, index) => {
    const field = `options.userTags.${index}`;
    const item = media[tag.mediaIndex ?? 0];
    if (item === undefined) {
      return [
        { field: `${field}.mediaIndex`, problem: 'names no item of this post', limit: `at most ${media.length - 1}` },
      ];
    }
    const placed = [tag.x, tag.y].filter((share) => share !== undefined).length;
    if (isVideo(item)) return placed === 0 ? [] : [{ field, problem: 'has a place, which a video does not take' }];
    return placed === 2 ? [] : [{ field, problem: 'needs x and y: where in the picture the person is' }];
  });
}
