// A pipeline for each kind of stage: every runner, with every effect it may have, and what people do for a run of it.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunView } from '../../../src/domain/pipeline/run-view.ts';
import { readResult } from '../../../src/ledger/schedules/result.ts';
import type { SettingChanges } from '../../harness/settings.ts';
import { connectSite } from '../../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from '../../pipeline/blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from '../../pipeline/place.ts';
import { builtin, markdown } from '../../pipeline/specs.ts';
import { OUTSIDE, openWorld, type World } from './world.ts';

const EFFECTS = ['none', 'idempotent', 'once'] as const;

const TEXT = '# The sea\n\nIt is wide, and it is deep.\n';
const made = { inputs: ['article.md'], artifacts: [markdown('made.md')], terminal: 'done', retry: { attempts: 1 } };

/** Names of the pipelines whose one stage is done outside, with its effect: `http, once`. */
export const OUTSIDE_KINDS = OUTSIDE.flatMap((runner) =>
  EFFECTS.map((effect) => ({ runner, effect, name: `${runner}-${effect}` })),
);
/** By kind: the stages of its pipeline. */
export const STAGES: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(OUTSIDE_KINDS.map(({ name }) => [name, ['work']])),
  human: ['write'],
  review: ['final_review'],
  post: ['approve', 'publish', 'live_qa'],
  // Its page is live before it is published.
  found: ['publish'],
};

function pipelines(world: World, site: BlogSite): Record<string, object> {
  const reach = {
    command: { command: world.program },
    http: { url: `${world.url}/work`, private_address: true },
    mcp: { server: 'world', tool: 'work' },
  };
  const post = {
    destination: 'blog',
    zones: { news: `${site.url}/news/{slug}/` },
    inputs: [markdown('article.md')],
    stages: [
      builtin('approve', ['article.md'], 'approval.json'),
      builtin('publish', ['approval.json', 'article.md'], 'publish-result.json', { gates: ['approved'] }),
      builtin('live_qa', ['publish-result.json', 'article.md'], 'live-qa.json', { terminal: 'done' }),
    ],
  };
  const one = (stage: object) => ({ inputs: [markdown('article.md')], stages: [stage] });
  return {
    ...Object.fromEntries(
      OUTSIDE_KINDS.map(({ runner, effect, name }) => [
        name,
        one({ id: 'work', runner, effect, ...reach[runner], ...made }),
      ]),
    ),
    human: one({ id: 'write', runner: 'human', asks: 'Write it.', ...made }),
    review: one(builtin('final_review', ['article.md'], 'review.json', { terminal: 'done' })),
    post,
    found: post,
  };
}

export interface RunsPlace {
  readonly place: PipelinePlace;
  readonly world: World;
  readonly site: BlogSite;
  /** Starts a run of the kind under an id of its own, which may be armed before. */
  start(kind: string, id: string): Promise<void>;
  newId(kind: string): string;
  /** Does what people do, each thing once, until the run rests; answers how it stands. */
  tend(id: string): Promise<RunView>;
  approve(id: string): Promise<void>;
  /** A new attempt of the stage that failed. */
  tryAgain(id: string): Promise<void>;
  /** Looks for runs whose workflow is gone, as is done every minute. */
  sweep(): Promise<void>;
  /** Whether its post is on record as published. */
  isPublished(id: string): Promise<boolean>;
  /** Somebody hands in what the stage that is done outside makes. */
  handIn(id: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens the world, the site and a stage with every kind of pipeline. */
export async function openRunsPlace(settings: SettingChanges): Promise<RunsPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'runs-world-'));
  const world = await openWorld(folder);
  const site = await startBlogSite();
  const place = await openPipelinePlace(pipelines(world, site), {
    mcp_servers: { blog: blogServer(site), world: { url: `${world.url}/mcp` } },
    'task_queues.stages': { max_concurrent_stages: 200 },
    ...settings,
  });
  await connectSite(place.stage, 'blog');
  let ids = 0;
  // Workflow ids are of the whole server, which other files use, too.
  const own = randomUUID().slice(0, 8);
  const ask = (id: string, name: string, body: object) =>
    place.api.ask('POST', `/api/runs/${id}/${name}`, { json: body });
  const decide = (id: string, expectedFingerprint: string) =>
    ask(id, 'decisions', { verdict: 'approved', expectedFingerprint });
  const workflowOf = (id: string) => place.stage.temporal.workflow.getHandle(`pipeline/sandbox/${id}`);
  return {
    place,
    world,
    site,
    newId(kind) {
      ids += 1;
      return `20261128-${String(100_000 + ids)}-${kind}-${ids}-${own}`;
    },
    async start(kind, id) {
      const slug = id.slice('20261128-100000-'.length);
      if (kind === 'found') {
        const page = { id, slug, zone: 'news', title: 'The sea', html: '<p>It is wide, and it is deep.</p>' };
        site.pages.set(slug, { ...page, status: 'published', key: null });
      }
      await place.start({
        id,
        pipeline: kind,
        slug,
        files: { 'article.md': TEXT },
      });
    },
    async tend(id) {
      const first = await place.untilRun(
        id,
        'waits for somebody, or rests',
        (view) => waitsForSomebody(view) || rests(view),
      );
      if (rests(first)) return first;
      if (first.asks) {
        await decide(id, first.asks.fingerprint);
      } else {
        // By a signal, which the worker answers.
        await workflowOf(id).signal('submit', { files: { 'made.md': 'It is done.' }, requestedBy: 'Wanda Writer' });
      }
      return place.untilRun(id, 'rests', rests);
    },
    async approve(id) {
      const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
      await decide(id, asks?.fingerprint ?? '');
    },
    async tryAgain(id) {
      const { status } = await ask(id, 'retry', {});
      if (status !== 200) throw new TypeError(`${id} is not tried again: ${status}`);
    },
    async sweep() {
      const { taskQueue, temporal } = place.stage;
      await temporal.workflow.execute('sweep', { workflowId: `sweep-${randomUUID()}`, taskQueue });
    },
    async isPublished(id) {
      const { ledger } = place.stage.context;
      return (await readResult(ledger, place.stage.keyOf(`run-${id}`))).state === 'published';
    },
    async handIn(id) {
      const { status } = await ask(id, 'submit', { files: { 'made.md': 'It had been done.' } });
      if (status !== 200) throw new TypeError(`${id} does not take it: ${status}`);
    },
    async close() {
      await place.close();
      await site.close();
      await world.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const rests = ({ run }: RunView) => run.state !== 'running' && run.state !== 'waiting';
const waitsForSomebody = ({ run, asks }: RunView) =>
  asks !== null || (run.stage === 'write' && run.state === 'waiting');
