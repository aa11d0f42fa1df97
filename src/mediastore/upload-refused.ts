// Why an upload is refused. In each case nothing of it is stored.
import { sizeWords } from '../domain/schedules/media-limits.ts';

const SENTENCES = {
  too_large: 'The file is too large, so nothing was stored; send a smaller one.',
  empty: 'The file is empty, so nothing was stored; send one with something in it.',
  cut_off: 'The file broke off before its end, so nothing was stored; send it again.',
  not_media:
    'The file is neither a JPEG, PNG, GIF or WebP picture nor an MP4 or QuickTime video, so nothing was stored; send one of these.',
  other_type:
    'The file is of another type than it was sent as, so nothing was stored; send it with its own type, or with none.',
  no_space:
    'The disk of the media store is full, so nothing was stored; what was stored before is safe; make room, then send it again.',
  store_away:
    'The media store cannot be used now, so nothing was stored; what was stored before is safe; send it again in a moment.',
} as const;
export type UploadProblem = keyof typeof SENTENCES;

interface Details extends ErrorOptions {
  /** In bytes, of `too_large`. */
  readonly limit?: number;
  /** What it was sent as, and what it is, of `other_type`. */
  readonly types?: readonly [said: string, is: string];
}

export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  readonly problem: UploadProblem;
  constructor(problem: UploadProblem, { limit, types, cause }: Details = {}) {
    const more = limit === undefined ? '' : ` At most ${sizeWords(limit)} are taken.`;
    const which = types === undefined ? '' : ` It was sent as ${types[0]} and is ${types[1]}.`;
    super(`${SENTENCES[problem]}${more}${which}`, cause === undefined ? {} : { cause });
    this.problem = problem;
  }
}
