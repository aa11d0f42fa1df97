// A mark of ours that readers never see: it tells a post that we made from one that merely looks like it.
import { createHash } from 'node:crypto';
import type { PostToPublish } from '../sessions.ts';

const MARK_CHARS = 24;

/** `op-` and 24 hex digits, derived from what never changes (see `PostToPublish.takenInAt`): one for every version. */
export function markOf({ workspaceId, scheduleId, takenInAt }: MarkedPost): string {
  const named = [workspaceId, scheduleId, takenInAt.toISOString()].join('\n');
  return `op-${createHash('sha256').update(named).digest('hex').slice(0, MARK_CHARS)}`;
}

export type MarkedPost = Pick<PostToPublish, 'workspaceId' | 'scheduleId' | 'takenInAt'>;
