// Hands the planned post of a run over to the publish protocol: taken in once under the run's own id, changed while no call may have
// left, approved as the run was, and driven by its own workflow.

import canonicalize from 'canonicalize';
import { type Actor, SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { Caller } from '../../domain/people/caller.ts';
import type { GivenMedia } from '../../domain/schedules/post.ts';
import { decide } from '../../ledger/reviews/decisions.ts';
import { decisionOn } from '../../ledger/runs/decisions.ts';
import { clearStaleFailure } from '../../ledger/runs/stale-failure.ts';
import { readFacts, type ScheduleRow } from '../../ledger/schedules/facts.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { editSchedule } from '../../publishing/intake/edit.ts';
import { type TakenIn, takeIn } from '../../publishing/intake/intake.ts';
import { refusal } from '../../publishing/intake/version.ts';
import { requestReplay } from '../../publishing/messages/request-replay.ts';
import { drive } from '../../publishing/workflows/drive.ts';
import type { PipelineContext } from '../context.ts';
import type { StageTask } from '../runs/stage-task.ts';
import type { PlannedPost } from './plan-post.ts';
import { storePictures } from './store-pictures.ts';

/** @throws IntakeRefused when the destination would not take it, or a call for another content may have left */
export async function handOver(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  before: ScheduleRow | null,
  { start } = { start: true },
): Promise<void> {
  const { workspaceId } = task.key;
  if (before) assertOwn(before);
  await storePictures(context, workspaceId, planned);
  if (before) await change(context, task, planned, before);
  const intake = { ...context, workspaceId, actor: SYSTEM_ACTOR };
  const taken = before ? takenInBefore(before) : await takeIn(intake, planned.request);
  await approveToo(context, task, planned);
  if (start)
    await drive(context, workspaceId, taken, await findSchedule(context.ledger, workspaceId, taken.scheduleId));
}

/** The content may have changed since it was handed over. Once a call may have left, only the publish itself goes on. */
async function change(
  context: PipelineContext,
  task: StageTask,
  { request }: PlannedPost,
  before: ScheduleRow,
): Promise<void> {
  const { text = '', media = [], options = {} } = request;
  const asBefore = {
    text: before.content.text,
    media: before.content.media.map(asGiven),
    options: before.delivery.options,
  };
  if (canonicalize(asBefore) === canonicalize({ text, media: media.map(asGiven), options })) return;
  const caller = callerOf(task);
  const edit = { expectedFingerprint: before.fingerprint, text, media: media.map(asGiven), options };
  const reply = await editSchedule(context, { caller, scheduleId: before.id, request: edit });
  if (reply?.kind === 'refused')
    throw refusal('schedule_conflict', 'text', `cannot be changed any more (${reply.reason})`);
}

/** What is known of a file beside this was read from it. */
const asGiven = ({ url, altText }: Pick<GivenMedia, 'url' | 'altText'>): GivenMedia => ({
  url,
  ...(altText === undefined ? {} : { altText }),
});

/** @throws IntakeRefused where somebody else took a post in under the run's own id */
export function assertOwn({ id, creator }: ScheduleRow): void {
  if (creator.id === SYSTEM_ACTOR.id) return;
  throw refusal('schedule_conflict', 'id', `${id} already names a schedule that its run did not make`);
}

/** `change` has brought it to what is planned. */
function takenInBefore({ id, workflowId, fingerprint, publishAt, platform, accountId }: ScheduleRow): TakenIn {
  return { scheduleId: id, workflowId, fingerprint, publishAt, platform, accountName: accountId, created: false };
}

/** What was decided about the run's content is decided about its post, which is the same. */
async function approveToo(
  { ledger, settings }: PipelineContext,
  { key }: StageTask,
  planned: PlannedPost,
): Promise<void> {
  if (planned.request.approvalRequired !== true) return;
  const decision = await decisionOn(ledger.db, key, planned.fingerprint);
  const schedule = { workspaceId: key.workspaceId, scheduleId: planned.request.id };
  const facts = await readFacts(ledger.db, schedule);
  // What was decided about the post itself, by whomever, stands.
  if (!decision || !facts || facts.approval) return;
  const { verdict, note, decidedBy: actor } = decision;
  const { lateAfterMs } = settings.approvals;
  await decide(ledger, {
    schedule,
    verdict,
    expectedFingerprint: facts.schedule.fingerprint,
    note,
    actor,
    lateAfterMs,
  });
}

/**
 * A publish that failed runs again with the stage, through its own gate: nothing stands there, so its failure is stale. What is refused
 * shows in where it stands.
 */
export async function replayOnce(context: PipelineContext, task: StageTask, before: ScheduleRow): Promise<void> {
  const { key, attempt } = task;
  const actor = askedBy(task);
  await clearStaleFailure(context.ledger, key, attempt, { publish: before, actor });
  const callId = `${key.runId}/${attempt.stageId}/${attempt.number}`;
  await requestReplay(context.client, context, {
    workspaceId: key.workspaceId,
    actor,
    requestedBy: actor.label.slice(0, 200),
    request: { scheduleId: before.id },
    arrivedAt: context.ledger.clock.now(),
    callId,
  });
}

function callerOf(task: StageTask): Caller {
  const { workspaceId } = task.key;
  return { kind: 'key', workspaceId, workspaceName: '', actor: askedBy(task), scopes: [] };
}

/** Who wanted this attempt: whoever said the last word to the run, or we ourselves where the stage is tried again unasked. */
function askedBy({ facts }: StageTask): Actor {
  return facts.stage.triesInARow > 1 ? SYSTEM_ACTOR : facts.run.lastActor;
}
