// A stage with published runs, the site on which their posts stand, and what is awaited of looking at them again.
import type { Recheck } from '../../src/domain/pipeline/recheck-view.ts';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import type { SettingChanges } from '../harness/settings.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { builtin, markdown } from './specs.ts';

const publish = builtin('publish', ['article.md'], 'publish-result.json');
const liveQa = builtin('live_qa', ['publish-result.json', 'article.md'], 'live-qa.json', { timeout: '12s' });

export interface RecheckPlace {
  readonly site: BlogSite;
  readonly place: PipelinePlace;
  /** Starts a run of that pipeline: `post`, or `unseen`, whose page nobody checks. */
  start(slug: string, pipeline?: 'post' | 'unseen'): Promise<string>;
  /** A run that is published; answers its id. */
  published(slug: string, pipeline?: 'post' | 'unseen'): Promise<string>;
  recheck(id: string): Promise<void>;
  /** The run once so many looks at it have ended. */
  untilEnded(id: string, count: number): Promise<RunView>;
  /** Asks for a look and answers what it came to, with the run as it stands then. */
  looked(id: string): Promise<{ readonly view: RunView; readonly last: Recheck | undefined }>;
  close(): Promise<void>;
}

/** Opens it with one worker; `settings` beside its own, `env` for the worker. */
export async function openRecheckPlace(
  settings: SettingChanges = {},
  env: Readonly<Record<string, string>> = {},
): Promise<RecheckPlace> {
  const site = await startBlogSite();
  const zones = { news: `${site.url}/news/{slug}/` };
  const common = { destination: 'blog', zones, inputs: [markdown('article.md')] };
  const pipelines = {
    post: { ...common, stages: [publish, { ...liveQa, terminal: 'published' }] },
    unseen: { ...common, stages: [{ ...publish, terminal: 'published' }] },
  };
  const place = await openPipelinePlace(pipelines, { mcp_servers: { blog: blogServer(site) }, ...settings });
  await connectSite(place.stage, 'blog');
  await place.startWorker(env);
  const start: RecheckPlace['start'] = (slug, pipeline = 'post') =>
    place.start({ pipeline, slug, files: { 'article.md': TEXT } });
  const untilEnded = (id: string, count: number) =>
    place.untilRun(
      id,
      `was looked at ${count} times`,
      ({ rechecks }) => rechecks.filter(({ verdict }) => verdict !== null).length >= count,
    );
  const recheck = async (id: string) => {
    const { status, body } = await place.api.ask('POST', `/api/runs/${id}/recheck`);
    if (status !== 200) throw new TypeError(`not asked: ${status} ${JSON.stringify(body)}`);
  };
  return {
    site,
    place,
    start,
    recheck,
    untilEnded,
    async published(slug, pipeline) {
      const id = await start(slug, pipeline);
      await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
      return id;
    },
    async looked(id) {
      const { recheck: asked } = await place.api.client().runs.recheck(id);
      const ended = ({ rechecks }: RunView) => rechecks.some((one) => one.id === asked.id && one.verdict !== null);
      const view = await place.untilRun(id, 'was looked at', ended);
      return { view, last: view.rechecks[0] };
    },
    async close() {
      await place.close();
      await site.close();
    },
  };
}

const TEXT = '# The sea\n\nIt is wide, and it is deep.\n\n## The shore\n\nThere is sand on it.\n';
