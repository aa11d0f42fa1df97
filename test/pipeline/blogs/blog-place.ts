// A stage with a worker and a blog to which runs publish, and what is done to those runs.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from 'vitest';
import type { RunView } from '../../../src/domain/pipeline/run-view.ts';
import type { Answer } from '../../api/open-api.ts';
import { type Hold, holdAt } from '../../harness/crash-file.ts';
import { until } from '../../harness/until.ts';
import { openPipelinePlace, type PipelinePlace } from '../place.ts';
import { builtin } from '../specs.ts';
import { type Blog, type BlogRecord, type HandPage, OTHER_ZONE, ZONE } from './blog.ts';

const TEXT = '# The sea\n\nIt is wide, and it is deep.\n\n## The shore\n\nThere is sand on it.\n';
const HTML = '<p>It is wide, and it is deep.</p><h2>The shore</h2><p>There is sand on it.</p>';
export const OTHER_TEXT = '# The land\n\nIt is high, and it is dry.\n';
export const OTHER_HTML = '<p>It is high, and it is dry.</p>';

/** The page that a run plans, as a person makes it by hand. */
export const plannedPage = (slug: string): HandPage => ({
  slug,
  title: 'The sea',
  html: HTML,
  zone: ZONE,
  status: 'published',
});

/** How the attempts of a run end that creates its post, and of one that finds it. */
export const ONCE = [
  ['approve', 'succeeded'],
  ['publish', 'succeeded'],
  ['live_qa', 'succeeded'],
];
export const HEALED = [
  ['approve', 'succeeded'],
  ['publish', 'already_true'],
  ['live_qa', 'succeeded'],
];
/** The planned page on the blog's record. */
export const OURS = { title: 'The sea', zone: ZONE, status: 'published' };

/** What its owner may do to a page that stands there. */
export const CHANGES = {
  edited: { html: OTHER_HTML },
  moved: { zone: OTHER_ZONE },
  'turned into a draft': { status: 'draft' },
} as const;

export interface BlogPlace {
  readonly blog: Blog;
  readonly place: PipelinePlace;
  start(slug: string, text?: string): Promise<string>;
  /** The run once it asks for its approval. */
  untilAsks(id: string): Promise<RunView>;
  approve(id: string): Promise<void>;
  ask(id: string, name: string, body?: object): Promise<Answer>;
  /** Says something to the run, which must be accepted. */
  say(id: string, name: string, body?: object): Promise<void>;
  /** Back to its approval, which is given again. */
  goBack(id: string): Promise<void>;
  untilPublished(id: string): Promise<RunView>;
  /** The run once it waits for a person. */
  untilStopped(id: string): Promise<RunView>;
  /** The run once it goes on no more by itself. */
  untilRests(id: string): Promise<RunView>;
  /** Holds the run at such a point of its stage. */
  holdAt(id: string, stage: string, point: string): Hold & { untilStands(): Promise<unknown> };
  close(): Promise<void>;
}

/** Opens it around the tests of a file; answers it once they run. */
export function aroundBlog(openBlog: () => Promise<Blog>): () => BlogPlace {
  let place: BlogPlace;
  beforeAll(async () => {
    place = await openBlogPlace(await openBlog());
  }, 240_000);
  afterAll(() => place.close());
  return () => place;
}

async function openBlogPlace(blog: Blog): Promise<BlogPlace> {
  const pipelines = {
    post: {
      destination: 'blog',
      zones: { [ZONE]: blog.address(ZONE) },
      inputs: [{ name: 'article.md', media_type: 'text/markdown' }],
      stages: [
        builtin('approve', ['article.md'], 'approval.json'),
        builtin('publish', ['approval.json', 'article.md'], 'publish-result.json', { gates: ['approved'] }),
        builtin('live_qa', ['publish-result.json', 'article.md'], 'live-qa.json', {
          timeout: '20s',
          terminal: 'published',
        }),
      ],
    },
  };
  const place = await openPipelinePlace(pipelines, { 'reconcile.read_retry': '1s', ...blog.settings });
  await blog.connect(place.stage);
  await place.startWorker();
  let started = 100_000;
  const untilAsks = (id: string) => place.untilRun(id, 'asks', ({ asks }) => asks !== null);
  const ask = (id: string, name: string, json: object = {}) =>
    place.api.ask('POST', `/api/runs/${id}/${name}`, { json });
  const say = async (id: string, name: string, json?: object) => {
    const { status, body } = await ask(id, name, json);
    if (status !== 200) throw new TypeError(`not accepted: ${JSON.stringify(body)}`);
  };
  const approve = async (id: string) => {
    const { asks } = await untilAsks(id);
    await say(id, 'decisions', { verdict: 'approved', expectedFingerprint: asks?.fingerprint });
  };
  return {
    blog,
    place,
    untilAsks,
    start: (slug, text = TEXT) => {
      // Two runs of one slug in one second would have one id.
      started += 1;
      const id = `20261128-${String(started).padStart(6, '0')}-${slug}`;
      return place.start({ id, pipeline: 'post', slug, files: { 'article.md': text } });
    },
    approve,
    async goBack(id) {
      await say(id, 'retry', { stage: 'approve' });
      await approve(id);
    },
    ask,
    say,
    untilPublished: (id) => place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published'),
    untilStopped: (id) =>
      place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked' || run.state === 'failed'),
    untilRests: (id) => place.untilRun(id, 'rests', ({ run }) => run.state !== 'running' && run.state !== 'waiting'),
    holdAt(id, stage, point) {
      const hold = holdAt(place.stage.folder, { point, scheduleId: `${id}.${stage}` });
      return { ...hold, untilStands: () => until(`${id} stands at ${point}`, () => hold.standing() !== null) };
    },
    async close() {
      await place.close();
      await blog.close();
    },
  };
}

/** How each attempt of the run ended, in order. */
export const outcomesOf = ({ attempts }: RunView): (readonly [stage: string, outcome: string | null])[] =>
  attempts.map(({ stage, outcome }) => [stage, outcome] as const);

/** What the present stage stopped for. */
export const causeOf = ({ run, stages }: RunView): string | undefined =>
  stages.find(({ id }) => id === run.stage)?.cause?.code;

export const live = (records: readonly BlogRecord[]): readonly BlogRecord[] =>
  records.filter(({ status }) => status === 'published');

/** A slug that no other test has. */
export const newSlug = (name: string): string => `${name}-${randomUUID().slice(0, 4).replace(/^\d/, 'x')}-page`;
