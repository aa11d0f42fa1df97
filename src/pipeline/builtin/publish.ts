// The stage `publish`: asks what stands at the destination, and brings the post live through the publish protocol, once. It publishes
// nothing by itself; the workflow `publish` does.
import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import type { StandingFacts } from '../../domain/pipeline/judge-standing.ts';
import { type StageCause, stageCause } from '../../domain/pipeline/stage-causes.ts';
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import { isRunning, SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { adoptPost } from '../../ledger/posts/adopt-post.ts';
import { keepEvidence } from '../../ledger/runs/open-stage.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { readResult } from '../../ledger/schedules/result.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import type { PipelineContext } from '../context.ts';
import type { StageEnd } from '../runners/runner.ts';
import { pointsAt, type StageTask } from '../runs/stage-task.ts';
import { assertOwn, handOver, replayOnce } from './hand-over.ts';
import { judgeSlug, type SlugJudged } from './judge-slug.ts';
import { leakCause } from './leaks.ts';
import { unlessFailed } from './nobody-to-ask.ts';
import { type PlannedPost, planPost } from './plan-post.ts';
import { publishRecord } from './publish-record.ts';

/** Most publishes take a moment, and a wait of the run's own costs more than a look. */
const LOOK_FOR_MS = 20_000;
const LOOK_EVERY_MS = 100;
const MOST_WAIT_MS = 15 * 60_000;

export async function publish(context: PipelineContext, task: StageTask): Promise<StageEnd> {
  const planned = await planPost(task);
  try {
    return await publishPlanned(context, task, planned);
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    return { kind: 'failed', cause: stageCause('refused', error.message) };
  }
}

/** @throws IntakeRefused where the destination would not take it, or its schedule is not the run's to change */
async function publishPlanned(context: PipelineContext, task: StageTask, planned: PlannedPost): Promise<StageEnd> {
  const { key, work } = task;
  const { id } = planned.request;
  const before = await findSchedule(context.ledger, key.workspaceId, id);
  // Another's post under the run's id is no word about the run's own, however it stands.
  if (before) assertOwn(before);
  if (before?.state === 'published') return made(context, task, planned, task.evidence.handedOver !== true);
  // While it is on its way the protocol itself asks; whoever adopted another page now would have two.
  const onItsWay = before !== null && isRunning(before.state) && task.evidence.adopting !== true;
  const leak = onItsWay ? null : await leakCause(work);
  if (leak) return { kind: 'failed', cause: leak };
  const answer = onItsWay ? null : await beforeCreating(context, task, planned, before);
  if (answer) return answer;
  if (task.evidence.handedOver !== true) await handOverOnce(context, task, planned, before);
  const result = await untilItStands(context, { workspaceId: key.workspaceId, scheduleId: id }, work, task);
  return endOf(context, task, planned, result);
}

/** Once in an attempt: a publish that failed before runs again with it. @throws IntakeRefused */
async function handOverOnce(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  before: ScheduleRow | null,
): Promise<void> {
  await context.points.reach('nothing_stands', pointsAt(task.key, task.attempt));
  await handOver(context, task, planned, before);
  if (before && SCHEDULE_STATES[before.state].waitsForPerson) await replayOnce(context, task, before);
  await context.points.reach('handed_over', pointsAt(task.key, task.attempt));
  await keepEvidence(context.ledger, task.key, task.attempt, { handedOver: true });
}

/** What stands there decides first. Null: nothing does, or it goes out for the first time where nobody can be asked. */
async function beforeCreating(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  before: ScheduleRow | null,
): Promise<StageEnd | null> {
  const judged = await judgeSlug(context, task, planned, before);
  switch (judged.kind) {
    case 'nothing':
      return null;
    case 'nobody_to_ask':
      return unlessFailed(context, task, planned, before);
    case 'no_account':
      return { kind: 'failed', cause: stageCause('destination_missing', judged.why) };
    case 'unclear':
      return askAgain(context, judged.why);
    case 'ours':
      return adopt(context, task, planned, judged.page);
    case 'other':
      return judged.page.id === task.facts.run.adoptedPageId
        ? adopt(context, task, planned, judged.page)
        : { kind: 'failed', cause: inTheWay(judged) };
  }
}

/** A person chooses between that page and another slug. */
function inTheWay({ page, why, label }: Extract<SlugJudged, { kind: 'other' }>): StageCause {
  const text = `${why}, at ${page.url ?? `${label} page ${page.id}`}; nothing was overwritten.`;
  return stageCause('content_conflict', text);
}

/** It is live as planned, whoever made it so: it goes on record, and nothing is created. */
async function adopt(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  page: StandingFacts,
): Promise<StageEnd> {
  const { workspaceId } = task.key;
  const before = await findSchedule(context.ledger, workspaceId, planned.request.id);
  // Whoever goes on from here finds it taken in, and not on its way.
  await keepEvidence(context.ledger, task.key, task.attempt, { adopting: true });
  await handOver(context, task, planned, before, { start: false });
  await context.points.reach('taken_in_to_adopt', pointsAt(task.key, task.attempt));
  const adopted = await adoptPost(
    context.ledger,
    { workspaceId, scheduleId: planned.request.id },
    {
      platformPostId: page.id,
      url: page.url,
      why: 'its slug, zone and content are those of the planned post',
      worker: context.worker,
      actor: SYSTEM_ACTOR,
    },
  );
  await context.points.reach('page_adopted', pointsAt(task.key, task.attempt));
  if (adopted === 'under_way') return askAgain(context, 'its own publish is at work');
  if (adopted === 'claimed') {
    const where = page.url ?? `page ${page.id}`;
    const text = `The same content is live at ${where} as the post of another schedule; nothing was created.`;
    return { kind: 'failed', cause: stageCause('content_conflict', text) };
  }
  return made(context, task, planned, true);
}

/** Until it is live, waits for a person, or has to wait longer than a look takes. */
async function untilItStands(
  { ledger }: PipelineContext,
  key: { readonly workspaceId: string; readonly scheduleId: string },
  { stage }: StageTask['work'],
  { control }: StageTask,
): Promise<PublishResult> {
  const untilMs = performance.now() + Math.min(LOOK_FOR_MS, stage.timeoutMs / 2);
  for (;;) {
    const result = await readResult(ledger, key);
    const busy = result.state === 'queued' || result.state === 'posting';
    if (!busy || performance.now() >= untilMs) return result;
    await sleep(LOOK_EVERY_MS, undefined, { signal: control.signal });
  }
}

async function endOf(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  result: PublishResult,
): Promise<StageEnd> {
  const { state, cause, blockedReason, wakeAt } = result;
  if (state === 'published' || state === 'handoff_completed') return made(context, task, planned, false);
  const { ended, waitsForPerson, means } = SCHEDULE_STATES[state];
  if (ended || waitsForPerson) {
    const found = state === 'failed' ? await foundSince(context, task, planned) : null;
    if (found) return found;
    const why = cause?.text ?? blockedReason ?? means;
    const text = `Its publish ${planned.request.id} is ${means}: ${why}`;
    const files = [await publishRecord(context.ledger, task, planned, result, 'as its publish was answered')];
    return { kind: 'failed', cause: stageCause('publish_stopped', text), files };
  }
  const now = context.ledger.clock.now().getTime();
  const soonest = now + context.settings.reconcile.readRetryMs;
  const due = wakeAt === null ? soonest : Date.parse(wakeAt);
  const until = new Date(Math.min(Math.max(due, soonest), now + MOST_WAIT_MS));
  return { kind: 'waiting', says: `Its publish ${planned.request.id} is ${means}.`, until };
}

/**
 * A refusal is a word; what stands there outranks it. Live as planned: the refusal lied, and it is adopted. Somebody else's: a person
 * chooses at once. Null: nothing is known but the refusal.
 */
async function foundSince(context: PipelineContext, task: StageTask, planned: PlannedPost): Promise<StageEnd | null> {
  const schedule = await findSchedule(context.ledger, task.key.workspaceId, planned.request.id);
  const judged = await judgeSlug(context, task, planned, schedule);
  if (judged.kind === 'ours') return adopt(context, task, planned, judged.page);
  return judged.kind === 'other' ? { kind: 'failed', cause: inTheWay(judged) } : null;
}

async function made(
  { ledger }: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  alreadyTrue: boolean,
): Promise<StageEnd> {
  const result = await readResult(ledger, { workspaceId: task.key.workspaceId, scheduleId: planned.request.id });
  const evidence = alreadyTrue ? 'it was found live as planned' : 'the publish protocol brought it live';
  return { kind: 'made', files: [await publishRecord(ledger, task, planned, result, evidence)], alreadyTrue };
}

/** As after any look that failed. */
function askAgain({ ledger, settings }: PipelineContext, why: string): StageEnd {
  const until = new Date(ledger.clock.now().getTime() + settings.reconcile.readRetryMs);
  return { kind: 'waiting', says: `Nobody could tell what stands there: ${why}. It is asked again by itself.`, until };
}
