// What the default run costs on Temporal and takes beyond its programs' own time: its thirteen stages, the creative ones done by
// programs that do nothing, its decision given at once, its post published to a site with tools.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import { SYSTEM_ACTOR } from '../src/domain/people/actor.ts';
import { startRun, takeInRun } from '../src/pipeline/runs/start-run.ts';
import { decideOnRun } from '../src/pipeline/runs/steer-run.ts';
import { viewRun } from '../src/pipeline/runs/view-run.ts';
import { until } from '../test/harness/until.ts';
import { connectSite } from '../test/mcp/stage-sites.ts';
import { blogServer, startBlogSite } from '../test/pipeline/blog-site.ts';
import { actions } from './actions.ts';
import { type BenchStage, onStage, quantile, rounded } from './stage.ts';

const RUNS = 10;

const stageSchema = z.looseObject({
  runner: z.string(),
  artifacts: z.array(z.looseObject({ name: z.string(), media_type: z.string() })),
});
const fileSchema = z.looseObject({
  pipelines: z.looseObject({ article: z.looseObject({ stages: z.array(stageSchema) }) }),
});

/** What a program that does nothing says that it made. */
const MADE: Readonly<Record<string, unknown>> = {
  'asset-plan.json': { assets: [] },
  'visual-manifest.json': { visuals: [] },
  'seo.json': { title: 'The sea' },
  'facts-review.json': {},
};

/** The shipped pipeline with a program in the place of each person. */
function article(site: string): object {
  const shipped = fileSchema.parse(parse(readFileSync(new URL('../temporal.yaml', import.meta.url), 'utf8')));
  const stages = shipped.pipelines.article.stages.map(({ runner, asks: _, ...stage }) =>
    runner === 'human' ? { ...stage, runner: 'command', command: program(stage) } : { ...stage, runner },
  );
  return { ...shipped.pipelines.article, zones: { blog: `${site}/blog/{slug}/` }, stages };
}

function program({ artifacts }: Pick<z.infer<typeof stageSchema>, 'artifacts'>): string[] {
  const made = Object.fromEntries(artifacts.map(({ name }) => [name, MADE[name] ?? 'It is wide.\n']));
  return ['printf', '%s', JSON.stringify({ artifacts: made })];
}

export async function pipeline(): Promise<Record<string, number>> {
  const site = await startBlogSite();
  try {
    const changes = { pipelines: { article: article(site.url) }, mcp_servers: { blog: blogServer(site) } };
    return await onStage(changes, async (stage) => {
      await stage.startShippedWorker();
      await connectSite(stage, 'blog');
      await play(stage, 'warm-up');
      const before = await actions(stage);
      const played: Played[] = [];
      for (let run = 0; run < RUNS; run += 1) played.push(await play(stage, `run-${run}`));
      const all = ((await actions(stage)) - before) / RUNS;
      const of = (name: keyof Played) => played.map((one) => one[name]);
      const programsMs = ownMs() * quantile(of('programs'), 0.5);
      return {
        events: quantile(of('events'), 1),
        actions: rounded(all),
        overheadMsPerStage: rounded((quantile(of('ms'), 0.5) - programsMs) / quantile(of('stages'), 0.5)),
        runMs: rounded(quantile(of('ms'), 0.5), 0),
        programsMs: rounded(programsMs, 0),
      };
    });
  } finally {
    await site.close();
  }
}

/** What a program that does nothing takes by itself, in ms. */
function ownMs(): number {
  const times = Array.from({ length: 30 }, () => {
    const from = performance.now();
    spawnSync('printf', ['%s', '{}']);
    return performance.now() - from;
  });
  return quantile(times, 0.5);
}

interface Played {
  readonly ms: number;
  readonly events: number;
  readonly programs: number;
  readonly stages: number;
}

async function play(stage: BenchStage, slug: string): Promise<Played> {
  const { context, temporal: client, workspaceId } = stage;
  const deps = { ...context, client };
  const from = performance.now();
  const request = { pipeline: 'article', slug, files: { 'brief.md': 'About the sea.' } };
  const taken = await takeInRun(context, { workspaceId, actor: SYSTEM_ACTOR }, request);
  await startRun(context, client, taken);
  const asks = await until('the run asks', async () => (await viewRun(context.ledger, taken))?.asks);
  const caller = { kind: 'key', workspaceId, workspaceName: '', actor: SYSTEM_ACTOR, scopes: [] } as const;
  const decision = { verdict: 'approved', expectedFingerprint: asks.fingerprint } as const;
  await decideOnRun(deps, { caller, runId: taken.runId, request: decision });
  const handle = client.workflow.getHandle(taken.workflowId);
  const step = z.looseObject({ terminal: z.string().nullable() }).parse(await handle.result());
  if (step.terminal !== 'published') throw new TypeError(`the run ended as ${step.terminal}`);
  const ms = performance.now() - from;
  const view = await viewRun(context.ledger, taken);
  const programs = view?.stages.filter(({ runner }) => runner === 'command').length ?? 0;
  const events = (await handle.fetchHistory()).events?.length ?? Number.NaN;
  return { ms, events, programs, stages: view?.stages.length ?? Number.NaN };
}
