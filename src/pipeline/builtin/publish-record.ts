// What the stage `publish` writes down of its publish: from the ledger, at that time, and never read back as truth.
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import { readCreates } from '../../ledger/intents/intents.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { readPostEvidence } from '../../ledger/posts/posts.ts';
import type { MadeFile } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { jsonFile } from './json-file.ts';
import type { PlannedPost } from './plan-post.ts';

/**
 * `evidence`: what it is called live by, or not, in words; `calledLiveBy` is the ledger's own. `creates`: each call that was to make it
 * live, with what was sent, what came back and how that was read.
 */
export async function publishRecord(
  ledger: Ledger,
  { work }: Pick<StageTask, 'work'>,
  { fingerprint, address, title }: PlannedPost,
  { scheduleId, state, platform, accountName, platformPostId, url, attempts, cause }: PublishResult,
  evidence: string,
): Promise<MadeFile> {
  const key = { workspaceId: work.workspaceId, scheduleId };
  const creates = await readCreates(ledger, key);
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
    calledLiveBy: await readPostEvidence(ledger, key),
    creates: creates.map((create) => ({
      attempt: create.attemptNumber,
      state: create.state,
      sentAt: create.sentAt.toISOString(),
      sent: create.sentCall,
      answer: create.answer,
    })),
    fingerprint,
    address,
    title,
  });
}
