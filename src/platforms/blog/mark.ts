// A mark of ours that readers never see: it tells a post that we made from one that merely looks like it.
import { sha256Hex } from '../../runtime/ids.ts';
import type { PostToPublish } from '../contract.ts';

const MARK_CHARS = 24;

/** `op-` and 24 hex digits, derived from what never changes (see `PostToPublish.takenInAt`): one for every version. */
export function markOf({ workspaceId, scheduleId, takenInAt }: MarkedPost): string {
  const named = [workspaceId, scheduleId, takenInAt.toISOString()].join('\n');
  return `op-${sha256Hex(named).slice(0, MARK_CHARS)}`;
}

export type MarkedPost = Pick<PostToPublish, 'workspaceId' | 'scheduleId' | 'takenInAt'>;
