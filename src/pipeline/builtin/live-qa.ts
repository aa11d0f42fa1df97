// The stage `live_qa`: fetches the public page as a visitor does and checks that it is the planned post. Only then is it published.
import { setTimeout as sleep } from 'node:timers/promises';
import { originsOf } from '../../domain/pipeline/contract.ts';
import type { FetchedPage } from '../../domain/pipeline/page/fetched-page.ts';
import { type CheckRow, imagesToAsk, LIVE_CHECKS, liveChecks } from '../../domain/pipeline/page/live-checks.ts';
import { scheduleIdOfRun } from '../../domain/pipeline/run-id.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { keepEvidence } from '../../ledger/runs/open-stage.ts';
import { readResult } from '../../ledger/schedules/result.ts';
import { sha256Hex } from '../../runtime/ids.ts';
import type { PipelineContext } from '../context.ts';
import { askImages, type FetchDeps, fetchPage } from '../page/fetch-page.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { asPage } from './compare.ts';
import { jsonFile } from './json-file.ts';
import { planPost } from './plan-post.ts';

/** A site with caches may take so long to show what was published; never longer than half of the stage's own time. */
const WINDOW_MS = 120_000;

/** @throws BadInput */
export async function liveQa(context: PipelineContext, task: StageTask): Promise<StageEnd> {
  const { work, control, key, attempt, facts } = task;
  const adopted = await adoptedPage(context, task);
  const post = asPage(await planPost(task));
  const planned = adopted === null ? post : { ...post, url: adopted };
  const deps: FetchDeps = {
    door: context.visits,
    ownOrigins: originsOf(facts.contract),
    now: () => context.ledger.clock.machineNow(),
    wait: async (ms) => {
      await sleep(ms, undefined, { signal: control.signal });
      control.heartbeat();
    },
  };
  const checksOf = async (fetched: FetchedPage): Promise<CheckRow[]> => {
    const images = await askImages(deps, imagesToAsk(planned, fetched, sha256Hex));
    const rows = liveChecks({ planned, fetched, images, digest: sha256Hex });
    return adopted === null ? rows : rows.filter(({ check }) => !OF_CONTENT.has(check));
  };
  let checks: CheckRow[] = [];
  const visit = await fetchPage(deps, {
    url: planned.url,
    windowMs: Math.min(WINDOW_MS, work.stage.timeoutMs / 2),
    isGood: async (fetched) => {
      checks = await checksOf(fetched);
      return checks.every(({ ok }) => ok);
    },
  });
  const { hops } = visit.page;
  const record = {
    address: planned.url,
    tries: visit.tries,
    hops,
    checks,
    behindCaches: visit.behindCaches?.status ?? null,
  };
  await keepEvidence(context.ledger, key, attempt, { checks, hops });
  const wrong = checks.filter(({ ok }) => !ok);
  const [first] = wrong;
  if (!first) return { kind: 'made', files: [jsonFile(work.stage, record)] };
  const more = wrong.length > 1 ? ` ${wrong.length} checks do not hold in all.` : '';
  const text = `${LIVE_CHECKS[first.check]}: no. Expected ${first.expected}; seen ${first.seen ?? 'nothing'}.${more}`;
  const raw = wrong
    .map(({ check, expected, seen }) => `${check}: expected ${expected}, seen ${seen ?? 'nothing'}`)
    .join('\n');
  return { kind: 'failed', cause: stageCause('page_differs', text, raw) };
}

/** A person took another content for the post: it is not held to the planned one. */
const OF_CONTENT: ReadonlySet<string> = new Set(['title', 'content', 'images']);

/** Where the page stands that a person took for the post; null: none was taken. */
async function adoptedPage({ ledger }: PipelineContext, { key, facts }: StageTask): Promise<string | null> {
  const { adoptedPageId } = facts.run;
  if (adoptedPageId === null) return null;
  const { workspaceId, runId } = key;
  const { platformPostId, url } = await readResult(ledger, { workspaceId, scheduleId: scheduleIdOfRun(runId) });
  return platformPostId === adoptedPageId ? url : null;
}
