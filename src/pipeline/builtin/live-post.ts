// A published post as visitors are to find it, and the checks of the page that they get: the same for `live_qa` and for every look later.
import { originsOf } from '../../domain/pipeline/contract.ts';
import type { FetchedPage } from '../../domain/pipeline/page/fetched-page.ts';
import { type CheckRow, imagesToAsk, type LiveInput, liveChecks } from '../../domain/pipeline/page/live-checks.ts';
import type { PlannedPost } from '../../domain/pipeline/page/signals.ts';
import { scheduleIdOfRun } from '../../domain/pipeline/run-id.ts';
import { readResult } from '../../ledger/schedules/result.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import type { PipelineContext } from '../context.ts';
import { fetchFeed } from '../page/fetch-feed.ts';
import { askImages, type FetchDeps } from '../page/fetch-page.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { asPage } from './compare.ts';
import { unmadeAddresses } from './leaks.ts';
import { planPost } from './plan-post.ts';

export interface LivePost {
  readonly planned: PlannedPost;
  /** Addresses of assets that do not count as made. */
  readonly placeholders: ReadonlySet<string>;
  /** The sites of the pipeline. */
  readonly ownOrigins: ReadonlySet<string>;
  /** Whether a check is asked of it. */
  readonly counts: (row: Pick<CheckRow, 'check'>) => boolean;
}

/** A person took another content for the post: it is not held to the planned one. */
const OF_CONTENT: ReadonlySet<string> = new Set(['title', 'content', 'images']);

/** `work`: with the inputs of the stage that checks the page. @throws BadInput */
export async function livePostOf(
  context: Pick<PipelineContext, 'ledger'>,
  task: Pick<StageTask, 'key' | 'facts' | 'work'>,
): Promise<LivePost> {
  const adopted = await adoptedPage(context, task);
  const post = asPage(await planPost(task));
  return {
    planned: adopted === null ? post : { ...post, url: adopted },
    placeholders: await unmadeAddresses(task.work.inputs),
    ownOrigins: originsOf(task.facts.contract),
    counts: ({ check }) => adopted === null || !OF_CONTENT.has(check),
  };
}

/** Where the page stands that a person took for the post; null: none was taken. */
export async function adoptedPage(
  { ledger }: Pick<PipelineContext, 'ledger'>,
  { key, facts }: Pick<StageTask, 'key' | 'facts'>,
): Promise<string | null> {
  const { adoptedPageId } = facts.run;
  if (adoptedPageId === null) return null;
  const { workspaceId, runId } = key;
  const { platformPostId, url } = await readResult(ledger, { workspaceId, scheduleId: scheduleIdOfRun(runId) });
  return platformPostId === adoptedPageId ? url : null;
}

export interface PageChecked {
  readonly input: LiveInput;
  /** Those that are asked of this post. */
  readonly rows: readonly CheckRow[];
}

/** Checks a page that was fetched; its images and its feed are asked on the way. */
export async function checkPage(
  deps: Pick<FetchDeps, 'door' | 'ownOrigins'>,
  { planned, placeholders, counts }: LivePost,
  fetched: FetchedPage,
): Promise<PageChecked> {
  const images = await askImages(deps, imagesToAsk(planned, fetched, sha256Hex));
  const feed = await fetchFeed(deps, fetched, planned);
  const input = { planned, fetched, images, placeholders, feed, digest: sha256Hex };
  return { input, rows: liveChecks(input).filter(counts) };
}
