// Whether the destination would take the planned post, found before anybody is asked to approve it: what it refuses for good would
// make the approval worth nothing.
import { describeProblems } from '../../domain/api/api-problems.ts';
import { SYSTEM_ACTOR } from '../../domain/people/actor.ts';
import { type StageCauseCode, stageCause } from '../../domain/pipeline/stage-causes.ts';
import type { FieldProblem } from '../../domain/schedules/schedule-request.ts';
import type { FindingKind } from '../../domain/tonight/finding.ts';
import { findSchedule } from '../../ledger/schedules/schedules.ts';
import { IntakeRefused } from '../../publishing/intake/intake-refused.ts';
import { checkUnstored } from '../../publishing/tonight/foresee.ts';
import type { PipelineContext } from '../context.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { atDestination } from './at-destination.ts';
import type { PlannedPost } from './plan-post.ts';
import { storePictures } from './store-pictures.ts';

/** Null: it would be taken, as far as anybody can tell. */
export async function wouldNotTake(
  context: PipelineContext,
  { key, facts }: StageTask,
  planned: PlannedPost,
): Promise<StageEnd | null> {
  const { workspaceId } = key;
  const publishes = facts.contract.stages.some((stage) => stage.runner === 'builtin' && stage.uses === 'publish');
  if (!publishes) return null;
  const before = await findSchedule(context.ledger, workspaceId, planned.request.id);
  if (before?.state === 'published') return null;
  await storePictures(context, workspaceId, planned);
  return (await byItsLimits(context, workspaceId, planned)) ?? askedItself(context, workspaceId, planned);
}

/** What the adapter and the ledger know without asking anybody. */
async function byItsLimits(
  context: PipelineContext,
  workspaceId: string,
  { request }: PlannedPost,
): Promise<StageEnd | null> {
  const { id: _, approvalRequired: __, ...post } = request;
  try {
    const findings = await checkUnstored(context, { ...context, workspaceId, actor: SYSTEM_ACTOR }, post);
    const final = findings.find(({ kind }) => FINAL[kind] !== undefined);
    return final ? refused(FINAL[final.kind] ?? 'not_taken', final.text) : null;
  } catch (error) {
    if (!(error instanceof IntakeRefused)) throw error;
    const ofAccount = error.problems.some(({ field }) => field === 'account');
    return refused(ofAccount ? 'destination_missing' : 'not_taken', withLimits(error.problems));
  }
}

/** What waiting does not mend. The rest only delays a post, or is seen to by whoever takes it in. */
const FINAL: Readonly<Partial<Record<FindingKind, StageCauseCode>>> = {
  target_broken: 'destination_missing',
  disconnected: 'destination_missing',
  grant_ends: 'destination_missing',
  scope_missing: 'destination_missing',
  media_capability_missing: 'destination_missing',
  limit_passed: 'not_taken',
  media_limit_passed: 'not_taken',
  media_changed: 'not_taken',
};

async function askedItself(
  context: PipelineContext,
  workspaceId: string,
  { request }: PlannedPost,
): Promise<StageEnd | null> {
  const { account: destination, options = {} } = request;
  const told = await atDestination(context, { workspaceId, destination }, (pages, session) =>
    pages.refuses(session, options),
  );
  switch (told.kind) {
    case 'not_a_blog':
      return null;
    case 'no_account':
      return refused('destination_missing', told.why);
    case 'untold':
      return told.refused ? refused('destination_missing', told.why) : askAgain(context, told.why);
    case 'read':
      return told.value.length === 0 ? null : refused('not_taken', `${told.label}: ${withLimits(told.value)}`);
  }
}

function refused(code: StageCauseCode, text: string): StageEnd {
  return {
    kind: 'failed',
    cause: stageCause(code, `It would not be taken, so nobody was asked to approve it. ${text}`),
  };
}

function withLimits(problems: readonly FieldProblem[]): string {
  return `${describeProblems(problems)}.`;
}

function askAgain({ ledger, settings }: PipelineContext, why: string): StageEnd {
  const until = new Date(ledger.clock.now().getTime() + settings.reconcile.readRetryMs);
  const says = `Nobody is asked to approve it yet: whether it would be taken cannot be told (${why}). It is asked again by itself.`;
  return { kind: 'waiting', says, until };
}
