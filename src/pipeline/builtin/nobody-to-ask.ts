// Where nobody can be asked what stands at the destination: a publish that is on record as failed may be live all the same, and only a
// person can see it. It is not replayed then.
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { readCreates } from '../../ledger/intents/intents.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { readResult } from '../../ledger/schedules/result.ts';
import type { PipelineContext } from '../context.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { handOver } from './hand-over.ts';
import type { PlannedPost } from './plan-post.ts';
import { publishRecord } from './publish-record.ts';

/**
 * Its publish gets the content and the decision as they are now, for whoever replays it, and the stage stops. Null: no failure is on
 * record, no call has left for it, or this attempt has met it itself, so nothing is in doubt that was not before. @throws IntakeRefused
 */
export async function unlessFailed(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  before: ScheduleRow | null,
): Promise<StageEnd | null> {
  if (before?.state !== 'failed' || task.evidence.handedOver === true) return null;
  const { id } = before;
  const schedule = { workspaceId: task.key.workspaceId, scheduleId: id };
  const creates = await readCreates(context.ledger, schedule);
  if (creates.every(({ state }) => state === 'not_sent')) return null;
  await handOver(context, task, planned, before, { start: false });
  const result = await readResult(context.ledger, schedule);
  const known = `Its publish ${id} is on record as not published, and nobody here can ask ${planned.request.account} whether the page is there all the same; nothing was sent.`;
  const next =
    'Look there: where it is missing, replay that publish; where it is live, hand it off, record it as published, then retry.';
  const files = [await publishRecord(context.ledger, task, planned, result, 'nobody could be asked what stands there')];
  return { kind: 'failed', cause: stageCause('publish_stopped', `${known} ${next}`), files };
}
