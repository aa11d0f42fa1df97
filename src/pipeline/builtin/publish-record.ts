// What the stage `publish` writes down of its publish: from the ledger, at that time, and never read back as truth.
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import type { MadeFile } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { jsonFile } from './json-file.ts';
import type { PlannedPost } from './plan-post.ts';

/** `evidence`: what it is called live by, or not. */
export function publishRecord(
  { work }: Pick<StageTask, 'work'>,
  { fingerprint, address, title }: PlannedPost,
  { scheduleId, state, platform, accountName, platformPostId, url, attempts, cause }: PublishResult,
  evidence: string,
): MadeFile {
  return jsonFile(work.stage, {
    scheduleId,
    state,
    platform,
    accountName,
    platformPostId,
    url,
    attempts,
    cause,
    evidence,
    fingerprint,
    address,
    title,
  });
}
