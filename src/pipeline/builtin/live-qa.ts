// The stage `live_qa`: fetches the public page as a visitor does and checks that it is the planned post. Only then is it published.
import { setTimeout as sleep } from 'node:timers/promises';
import { type CheckRow, wrongWords } from '../../domain/pipeline/page/live-checks.ts';
import { stageCause } from '../../domain/pipeline/stage-causes.ts';
import { keepEvidence } from '../../ledger/runs/open-stage.ts';
import type { PipelineContext } from '../context.ts';
import { type FetchDeps, fetchPage } from '../page/fetch-page.ts';
import type { StageEnd } from '../runners/runner.ts';
import type { StageTask } from '../runs/stage-task.ts';
import { jsonFile } from './json-file.ts';
import { checkPage, livePostOf } from './live-post.ts';

/** A site with caches may take so long to show what was published; never longer than half of the stage's own time. */
const WINDOW_MS = 120_000;

/** @throws BadInput */
export async function liveQa(context: PipelineContext, task: StageTask): Promise<StageEnd> {
  const { work, control, key, attempt } = task;
  const post = await livePostOf(context, task);
  const { planned, ownOrigins } = post;
  const deps: FetchDeps = {
    door: context.visits,
    ownOrigins,
    now: () => context.ledger.clock.machineNow(),
    wait: async (ms) => {
      await sleep(ms, undefined, { signal: control.signal });
      control.heartbeat();
    },
  };
  let checks: readonly CheckRow[] = [];
  const visit = await fetchPage(deps, {
    url: planned.url,
    windowMs: Math.min(WINDOW_MS, work.stage.timeoutMs / 2),
    isGood: async (fetched) => {
      checks = (await checkPage(deps, post, fetched)).rows;
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
  if (checks.every(({ ok }) => ok)) return { kind: 'made', files: [jsonFile(work.stage, record)] };
  const { text, raw } = wrongWords(checks);
  return { kind: 'failed', cause: stageCause('page_differs', text, raw) };
}
