// Asks what stands under the slug of a run's post, and what that means for the run. What was found is kept for people to see.
import { type Judgement, judgeStanding, type StandingFacts } from '../../domain/pipeline/judge-standing.ts';
import { isOfAnother } from '../../ledger/posts/posts.ts';
import { keepEvidence } from '../../ledger/runs/open-stage.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { markOf } from '../../platforms/blog/mark.ts';
import type { StandingPage } from '../../platforms/contract.ts';
import type { PipelineContext } from '../context.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { differencesFrom } from './compare.ts';
import type { PlannedPost } from './plan-post.ts';
import { whatStands } from './what-stands.ts';

/**
 * What stands there, beside what `Judgement` says of it.
 * - `nothing`: also where posts have no slugs
 * - `nobody_to_ask`: nothing there looks a slug up
 * - `other`: `label` names the blog
 * - `unclear`: it could not be told; that proves nothing
 * - `no_account`: the destination is no connected account
 */
export type SlugJudged =
  | Exclude<Judgement, { kind: 'other' }>
  | (Extract<Judgement, { kind: 'other' }> & { readonly label: string })
  | { readonly kind: 'nobody_to_ask' }
  | { readonly kind: 'no_account'; readonly why: string };

/** `before`: the schedule of the post, where it was handed over before; by its mark its own pages are known. */
export async function judgeSlug(
  context: PipelineContext,
  { key, facts, work, attempt }: StageTask,
  planned: PlannedPost,
  before: ScheduleRow | null,
): Promise<SlugJudged> {
  const wanted = { workspaceId: key.workspaceId, destination: planned.request.account, slug: work.slug };
  const standing = await whatStands(context, wanted);
  if (standing.kind === 'not_a_blog') return { kind: 'nothing' };
  if (standing.kind === 'no_lookup') return { kind: 'nobody_to_ask' };
  if (standing.kind === 'no_account') return standing;
  if (standing.kind === 'untold') return { kind: 'unclear', why: standing.why };
  const mark = before && markOf({ workspaceId: key.workspaceId, scheduleId: before.id, takenInAt: before.createdAt });
  const pages = standing.pages.map((page) => factsOf(page, mark, planned));
  const zone = Object.keys(facts.contract.zones).length > 0 ? work.zone : '';
  const found = judgeStanding(pages, { slug: work.slug, zone });
  const judged = await unlessTaken(context, found, standing.accountId, planned);
  if (judged.kind === 'ours' || judged.kind === 'other') {
    await keepEvidence(context.ledger, key, attempt, { standing: judged });
  }
  return judged.kind === 'other' ? { ...judged, label: standing.label } : judged;
}

/** What is on record as another schedule's post is not this one's, however alike they are. */
async function unlessTaken(
  { ledger }: PipelineContext,
  judged: Judgement,
  accountId: string,
  { request }: PlannedPost,
): Promise<Judgement> {
  if (judged.kind !== 'ours') return judged;
  const { page } = judged;
  if (!(await isOfAnother(ledger, { accountId, platformPostId: page.id }, request.id))) return judged;
  return {
    kind: 'other',
    page,
    why: 'The post of another run or schedule, with the same content, is live there',
    differences: [],
  };
}

function factsOf(page: StandingPage, mark: string | null, planned: PlannedPost): StandingFacts {
  const { id, slug, status, zones, url, marks } = page;
  const marked = mark !== null && marks.includes(mark);
  return { id, slug, status, zones, url, marked, differences: differencesFrom(planned, page) };
}
