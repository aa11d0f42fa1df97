// Everything Instagram would refuse, found at the border without asking it (platform reference 2.7).
import type { KnownContent } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import type { TextCount } from '../contract.ts';
import type { Json } from '../sessions.ts';
import { mediaProblems } from './check-media.ts';
import { optionProblems } from './check-options.ts';
import { INSTAGRAM_LIMITS } from './limits.ts';
import { instagramOptionsSchema } from './options.ts';

/** All problems of a post at once; an empty list when Instagram takes it. Pure. */
export function check(content: KnownContent, options: Readonly<Record<string, Json>>): FieldProblem[] {
  const read = instagramOptionsSchema.safeParse(options);
  // Options of another shape are the schema's to refuse, field by field.
  const chosen = read.success ? optionProblems(read.data, content.media) : [];
  return [...captionProblems(content.text), ...mediaProblems(content.media), ...chosen];
}

/** What counts in a caption. */
export function textCounts(caption: string): TextCount[] {
  const { captionChars, hashtags, mentions } = INSTAGRAM_LIMITS;
  return [
    { what: 'characters', used: [...caption].length, limit: captionChars },
    { what: 'hashtags', used: count(caption, /#[\p{L}\p{N}_]+/gu), limit: hashtags },
    { what: '@ mentions', used: count(caption, /(?<![\w.])@[\w.]+/g), limit: mentions },
  ];
}

function captionProblems(caption: string): FieldProblem[] {
  return textCounts(caption)
    .filter(({ used, limit }) => used > limit)
    .map(({ what, used, limit }) => ({
      field: 'text',
      problem: `has ${used} ${what}, more than Instagram takes`,
      limit: `at most ${limit} ${what}`,
    }));
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
