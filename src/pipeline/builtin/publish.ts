// The stage `publish`: asks what stands at the destination, and brings the post live through the publish protocol, once. It publishes
// nothing by itself; the workflow `publish` does.
import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { judgeStanding } from '../../domain/pipeline/judge-standing.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import type { PublishResult } from '../../domain/schedules/publish-result.ts';
import { isRunning, SCHEDULE_STATES } from '../../domain/schedules/states.ts';
import { adoptPost } from '../../ledger/posts/adopt-post.ts';
import { keepEvidence } from '../../ledger/runs/open-stage.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { readResult } from '../../ledger/schedules/result.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { markOf } from '../../platforms/blog/mark.ts';
import type { StandingPage } from '../../platforms/contract.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import type { PipelineContext } from '../context.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { differencesFrom } from './compare.ts';
import { handOver, replayOnce } from './hand-over.ts';
import { type PlannedPost, planPost } from './plan-post.ts';
import { publishRecord } from './publish-record.ts';
import { whatStands } from './what-stands.ts';

/** Most publishes take a moment, and a wait of the run's own costs more than a look. */
const LOOK_FOR_MS = 20_000;
const LOOK_EVERY_MS = 100;
const MOST_WAIT_MS = 15 * 60_000;

export async function publish(context: PipelineContext, task: StageTask): Promise<StageEnd> {
  const { key, work } = task;
  const planned = await planPost(task);
  const { id } = planned.request;
  const before = await findSchedule(context.ledger, key.workspaceId, id);
  if (before?.state === 'published') return made(context, task, planned, task.evidence.handedOver !== true);
  // While it is on its way the protocol itself asks; whoever adopted another page now would have two.
  const onItsWay = before !== null && isRunning(before.state);
  const answer = onItsWay ? null : await beforeCreating(context, task, planned, before);
  if (answer) return answer;
  if (task.evidence.handedOver !== true) {
    const refused = await handOverOnce(context, task, planned, before);
    if (refused) return refused;
  }
  const result = await untilItStands(context, { workspaceId: key.workspaceId, scheduleId: id }, work, task);
  return endOf(context, task, planned, result);
}

/** Once in an attempt: a publish that failed before runs again with it. Answers why the destination would not take it. */
async function handOverOnce(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  before: ScheduleRow | null,
): Promise<StageEnd | null> {
  try {
    await handOver(context, task, planned, before);
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    return { kind: 'failed', cause: stageCause('refused', error.message) };
  }
  if (before && SCHEDULE_STATES[before.state].waitsForPerson) await replayOnce(context, task, before);
  await keepEvidence(context.ledger, task.key, task.attempt, { handedOver: true });
  return null;
}

/** What stands there decides first. Null: nothing does, so it may be published. */
async function beforeCreating(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  before: ScheduleRow | null,
): Promise<StageEnd | null> {
  const { key, facts, work, attempt } = task;
  const wanted = { workspaceId: key.workspaceId, destination: planned.request.account, slug: work.slug };
  const standing = await whatStands(context, wanted);
  if (standing.kind === 'not_a_blog') return null;
  if (standing.kind === 'no_account') return { kind: 'failed', cause: stageCause('destination_missing', standing.why) };
  if (standing.kind === 'untold') return askAgain(context, standing.why);
  const mark = before && markOf({ workspaceId: key.workspaceId, scheduleId: before.id, takenInAt: before.createdAt });
  const pages = standing.pages.map((page) => factsOf(page, mark, planned));
  const zone = Object.keys(facts.contract.zones).length > 0 ? work.zone : '';
  const judged = judgeStanding(pages, { slug: work.slug, zone });
  if (judged.kind === 'nothing') return null;
  if (judged.kind === 'unclear') return askAgain(context, judged.why);
  await keepEvidence(context.ledger, key, attempt, { standing: judged });
  if (judged.kind === 'other' && judged.page.id !== facts.run.adoptedPageId) {
    const where = judged.page.url ?? `${standing.label} page ${judged.page.id}`;
    return {
      kind: 'failed',
      cause: stageCause('content_conflict', `${judged.why}, at ${where}; nothing was overwritten.`),
    };
  }
  return adopt(context, task, planned, judged.page);
}

function factsOf(page: StandingPage, mark: string | null, planned: PlannedPost) {
  const { id, slug, status, zones, url, marks } = page;
  const marked = mark !== null && marks.includes(mark);
  return { id, slug, status, zones, url, marked, differences: differencesFrom(planned, page) };
}

/** It is live as planned, whoever made it so: it goes on record, and nothing is created. */
async function adopt(
  context: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  page: { readonly id: string; readonly url: string | null },
): Promise<StageEnd> {
  const { workspaceId } = task.key;
  await handOver(context, task, planned, await findSchedule(context.ledger, workspaceId, planned.request.id), {
    start: false,
  });
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
    const why = cause?.text ?? blockedReason ?? means;
    const text = `Its publish ${planned.request.id} is ${means}: ${why}`;
    const files = [publishRecord(task, planned, result, 'as its publish was answered; nobody has looked since')];
    return { kind: 'failed', cause: stageCause('publish_stopped', text), files };
  }
  const now = context.ledger.clock.now().getTime();
  const soonest = now + context.settings.reconcile.readRetryMs;
  const due = wakeAt === null ? soonest : Date.parse(wakeAt);
  const until = new Date(Math.min(Math.max(due, soonest), now + MOST_WAIT_MS));
  return { kind: 'waiting', says: `Its publish ${planned.request.id} is ${means}.`, until };
}

async function made(
  { ledger }: PipelineContext,
  task: StageTask,
  planned: PlannedPost,
  alreadyTrue: boolean,
): Promise<StageEnd> {
  const result = await readResult(ledger, { workspaceId: task.key.workspaceId, scheduleId: planned.request.id });
  const evidence = alreadyTrue ? 'it stood there already' : 'the publish protocol brought it live';
  return { kind: 'made', files: [publishRecord(task, planned, result, evidence)], alreadyTrue };
}

/** As after any look that failed. */
function askAgain({ ledger, settings }: PipelineContext, why: string): StageEnd {
  const until = new Date(ledger.clock.now().getTime() + settings.reconcile.readRetryMs);
  return { kind: 'waiting', says: `Nobody could tell what stands there: ${why}. It is asked again by itself.`, until };
}
