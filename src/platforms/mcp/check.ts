// What a site's tools cannot take, found before anything is sent.
import type { Content } from '../../domain/schedules/post.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import type { Json } from '../sessions.ts';

export function check({ text, media }: Content, { cover }: Readonly<Record<string, Json>>): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (text.trim() === '') problems.push({ field: 'text', problem: 'must not be empty' });
  if (media.length > 0) {
    const problem = 'cannot be uploaded by tools; name pictures in the text, by an address that readers can open';
    problems.push({ field: 'media', problem, limit: 'none' });
  }
  if (cover !== undefined)
    problems.push({ field: 'options.cover', problem: 'names one of the media, and tools take none' });
  return problems;
}
