// The codecs of a video, held to what a destination takes. Of a file that was not read nothing is known, and nothing refused.
import { codecWords } from '../domain/schedules/media-limits.ts';
import type { KnownMedia } from '../domain/schedules/post.ts';
import type { FieldProblem } from '../domain/schedules/schedule-request.ts';

/** The problem with an item whose codecs are known and not among these; of `field` and what people call the platform. */
export function codecProblems(
  { codecs = [] }: KnownMedia,
  { field, label, taken }: { readonly field: string; readonly label: string; readonly taken: readonly string[] },
): FieldProblem[] {
  const others = codecs.filter((codec) => !taken.includes(codec)).map(codecWords);
  if (others.length === 0) return [];
  const limit = `${taken.map(codecWords).join(' or ')} only`;
  return [{ field: `${field}.codecs`, problem: `${others.join(' and ')}: ${label} does not take that`, limit }];
}
