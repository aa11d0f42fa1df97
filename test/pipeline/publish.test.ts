// The end of a run on a site with tools: what stands there decides, whatever any record says, and a post goes live once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';

const markdown = (name: string) => ({ name, media_type: 'text/markdown' });
const json = (name: string) => ({ name, media_type: 'application/json' });
const builtin = (uses: string, inputs: readonly string[], made: string, more: object = {}) => ({
  id: uses,
  runner: 'builtin',
  uses,
  inputs,
  artifacts: [json(made)],
  ...more,
});

const TEXT = '# The sea\n\nIt is wide, and it is deep.\n\n## The shore\n\nThere is sand on it.\n';
const HTML = '<p>It is wide, and it is deep.</p><h2>The shore</h2><p>There is sand on it.</p>';

describe('a run that publishes', () => {
  let site: BlogSite;
  let place: PipelinePlace;
  beforeAll(async () => {
    site = await startBlogSite();
    place = await openPipelinePlace(
      {
        post: {
          destination: 'blog',
          zones: { news: `${site.url}/news/{slug}/` },
          inputs: [markdown('article.md')],
          stages: [
            builtin('final_review', ['article.md'], 'review.json'),
            builtin('approve', ['article.md'], 'approval.json'),
            builtin('publish', ['approval.json', 'article.md'], 'publish-result.json', {
              gates: ['no_markers', 'approved'],
            }),
            builtin('live_qa', ['publish-result.json', 'article.md'], 'live-qa.json', {
              timeout: '20s',
              terminal: 'published',
            }),
          ],
        },
      },
      { mcp_servers: { blog: blogServer(site) }, 'reconcile.read_retry': '1s' },
    );
    await connectSite(place.stage, 'blog');
    await place.startWorker();
  });
  afterAll(async () => {
    await place.close();
    await site.close();
  });

  const start = (slug: string, text = TEXT) => place.start({ pipeline: 'post', slug, files: { 'article.md': text } });
  const approve = async (id: string) => {
    const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
    const json = { verdict: 'approved', expectedFingerprint: asks?.fingerprint };
    expect(await place.api.ask('POST', `/api/runs/${id}/decisions`, { json })).toMatchObject({ status: 200 });
  };
  const retry = (id: string, body: object = {}) => place.api.ask('POST', `/api/runs/${id}/retry`, { json: body });
  const published = (id: string) => place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
  const outcomes = ({ attempts }: RunView) => attempts.map(({ stage, number, outcome }) => [stage, number, outcome]);
  const result = async (id: string) =>
    (await place.api.ask('GET', `/api/runs/${id}/artifacts/publish-result.json`)).body;
  const pageOf = (slug: string, more: object = {}) =>
    site.pages.set(slug, {
      id: `hand-${slug}`,
      slug,
      zone: 'news',
      title: 'The sea',
      html: HTML,
      status: 'published',
      key: null,
      ...more,
    });

  it('goes live once, and is published only when a visitor can read it', async () => {
    const before = site.creates();
    const id = await start('plain');
    await approve(id);
    const view = await published(id);
    expect(outcomes(view)).toEqual([
      ['final_review', 1, 'succeeded'],
      ['approve', 1, 'succeeded'],
      ['publish', 1, 'succeeded'],
      ['live_qa', 1, 'succeeded'],
    ]);
    expect(site.creates() - before).toBe(1);
    expect(site.pages.get('plain')).toMatchObject({ title: 'The sea', zone: 'news' });
    const item = await place.api.ask('GET', `/api/schedules/run-${id}`);
    expect(item.body).toMatchObject({ schedule: { state: 'published' } });
  });

  it('meets the planned page that somebody published meanwhile, and creates nothing', async () => {
    const before = site.creates();
    const id = await start('by-hand');
    pageOf('by-hand');
    await approve(id);
    const view = await published(id);
    expect(outcomes(view)).toEqual([
      ['final_review', 1, 'succeeded'],
      ['approve', 1, 'succeeded'],
      ['publish', 1, 'already_true'],
      ['live_qa', 1, 'succeeded'],
    ]);
    expect(site.creates()).toBe(before);
  });

  it.each([
    ['another content', 'other-content', { html: '<p>Something else entirely.</p>' }],
    ['another zone', 'other-zone', { zone: 'archive' }],
    ['a draft', 'a-draft', { status: 'draft' }],
  ])(
    'stops before %s that stands there, overwrites nothing, and goes on once it is gone',
    async (_what, slug, more) => {
      const before = site.creates();
      const id = await start(slug);
      pageOf(slug, more);
      const standing = site.pages.get(slug);
      await approve(id);
      const stopped = await place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked');
      expect(stopped.stages.find(({ id: stage }) => stage === 'publish')?.cause?.code).toBe('content_conflict');
      expect([site.creates(), site.pages.get(slug)]).toEqual([before, standing]);
      site.pages.delete(slug);
      expect(await retry(id)).toMatchObject({ status: 200 });
      await published(id);
      expect(site.creates()).toBe(before + 1);
    },
  );

  it('takes another page for its post when a person says so, or gets another slug and is approved anew', async () => {
    const before = site.creates();
    const [adopted, renamed] = [await start('adopted'), await start('renamed')];
    for (const slug of ['adopted', 'renamed'])
      pageOf(slug, { html: '<p>Something else entirely.</p>', id: `page-${slug}` });
    await approve(adopted);
    await approve(renamed);
    const stopped = await place.untilRun(adopted, 'is stopped', ({ run }) => run.state === 'blocked');
    expect(stopped.conflict).toMatchObject({ pageId: 'page-adopted', why: 'Another content is live there' });
    const ask = (id: string, name: string, body: object) =>
      place.api.ask('POST', `/api/runs/${id}/${name}`, { json: body });
    expect(await ask(adopted, 'adopt', { pageId: 'another' })).toMatchObject({ status: 409 });
    expect(await ask(adopted, 'adopt', { pageId: 'page-adopted' })).toMatchObject({ status: 200 });
    const taken = await published(adopted);
    expect(outcomes(taken)).toContainEqual(['publish', 2, 'already_true']);
    await place.untilRun(renamed, 'is stopped', ({ run }) => run.state === 'blocked');
    expect(await ask(renamed, 'rename', { slug: 'renamed-2' })).toMatchObject({ status: 200 });
    await approve(renamed);
    const view = await published(renamed);
    expect(view.run.address).toBe(`${site.url}/news/renamed-2/`);
    expect(site.creates()).toBe(before + 1);
  });

  it('asks again while it cannot be told what stands there, and takes that for nothing else', async () => {
    const before = site.creates();
    const id = await start('unreadable');
    await place.untilRun(id, 'asks', (view) => view.asks !== null);
    site.misread({ result: { item: { identifier: 7 } } });
    await approve(id);
    const waits = await place.untilRun(id, 'waits', ({ run }) => run.stage === 'publish' && run.state === 'waiting');
    expect(waits.stages.find(({ id: stage }) => stage === 'publish')?.says).toContain('Nobody could tell');
    expect(site.creates()).toBe(before);
    site.misread(null);
    await place.api.ask('POST', `/api/runs/${id}/resume`, { json: {} });
    await published(id);
    expect(site.creates()).toBe(before + 1);
  });

  it('heals a stale failure without a create: the record said failed, and the post is live', async () => {
    const id = await start('stale');
    site.refuseNext();
    await approve(id);
    const failed = await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    expect(failed.stages.find(({ id: stage }) => stage === 'publish')?.cause).toMatchObject({
      code: 'publish_stopped',
      nextAction: 'open_publish',
    });
    const before = site.creates();
    pageOf('stale');
    expect(await retry(id, { stage: 'approve' })).toMatchObject({ status: 200 });
    await approve(id);
    const view = await published(id);
    expect(outcomes(view).slice(-2)).toEqual([
      ['publish', 2, 'already_true'],
      ['live_qa', 1, 'succeeded'],
    ]);
    expect(site.creates()).toBe(before);
    expect(await result(id)).toContain('hand-stale');
  });

  it('runs a publish that failed again with its stage, once', async () => {
    const id = await start('again');
    site.refuseNext();
    await approve(id);
    await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    const before = site.creates();
    expect(await retry(id)).toMatchObject({ status: 200 });
    await published(id);
    expect(site.creates()).toBe(before + 1);
  });

  it('is not published while visitors find a planning marker, and is once it is gone', async () => {
    const id = await start('marked');
    site.theme('<!-- ZCP:ASSET id="flow" -->');
    await approve(id);
    const failed = await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    expect(failed.stages.find(({ id: stage }) => stage === 'live_qa')?.cause?.code).toBe('page_differs');
    site.theme('');
    expect(await retry(id)).toMatchObject({ status: 200 });
    await published(id);
  });

  it('is stopped at its review while a marker stands in the text', async () => {
    const id = await start('leaky', `${TEXT}\n<!-- ZCP:ASSET-REF id="flow" -->\n`);
    const stopped = await place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked');
    expect(stopped.stages[0]?.cause?.code).toBe('markers_found');
  });
});
