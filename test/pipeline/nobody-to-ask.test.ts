// Runs that publish to a site where nothing looks a page up: what is on record as failed may be live, and only a person can see it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityPageSchema } from '../../src/domain/audit/activity.ts';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { builtin, markdown } from './specs.ts';

const ARTICLE = { 'article.md': '# The sea\n\nIt is wide.\n' };

describe('a run that publishes where nobody can be asked', () => {
  let site: BlogSite;
  let place: PipelinePlace;
  beforeAll(async () => {
    site = await startBlogSite({ keepsKeys: false });
    const { lookup: _, ...server } = blogServer(site);
    const post = {
      destination: 'blog',
      zones: { news: `${site.url}/news/{slug}/` },
      inputs: [markdown('article.md')],
      stages: [
        builtin('approve', ['article.md'], 'approval.json'),
        builtin('publish', ['approval.json', 'article.md'], 'publish-result.json', { terminal: 'published' }),
      ],
    };
    place = await openPipelinePlace({ post }, { mcp_servers: { blog: server } });
    await connectSite(place.stage, 'blog');
    await place.startWorker();
  });
  afterAll(async () => {
    await place.close();
    await site.close();
  });

  async function approve(id: string): Promise<void> {
    const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
    const decision = { verdict: 'approved', expectedFingerprint: asks?.fingerprint };
    expect(await place.api.ask('POST', `/api/runs/${id}/decisions`, { json: decision })).toMatchObject({ status: 200 });
  }

  const publishAttempts = ({ attempts }: RunView) => attempts.filter(({ stage }) => stage === 'publish');
  const untilStopped = (id: string, times: number) =>
    place.untilRun(
      id,
      `has stopped ${times} times`,
      (view) => view.run.state === 'failed' && publishAttempts(view).length === times,
    );
  const pagesOf = (slug: string) => [...site.pages.values()].filter((page) => page.slug.startsWith(slug));

  /** Its publish fails, and the run is brought back to it by way of `approve`. */
  async function comeBack(slug: string, answer: 'lied' | 'refused'): Promise<{ id: string; view: RunView }> {
    const id = await place.start({ pipeline: 'post', slug, files: ARTICLE });
    site.answerCreates(answer);
    await approve(id);
    await untilStopped(id, 1);
    site.answerCreates('as_usual');
    await place.api.ask('POST', `/api/runs/${id}/retry`, { json: { stage: 'approve' } });
    await approve(id);
    return { id, view: await untilStopped(id, 2) };
  }

  it('goes out for the first time', async () => {
    const id = await place.start({ pipeline: 'post', slug: 'first', files: ARTICLE });
    await approve(id);
    await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
    expect(pagesOf('first')).toMatchObject([{ slug: 'first', status: 'published' }]);
  });

  it('makes no second page where the first refusal lied: it stops, and goes on with what a person has recorded as published', async () => {
    const { id, view } = await comeBack('lied', 'lied');
    expect(pagesOf('lied')).toMatchObject([{ slug: 'lied' }]);
    const { stage, cause } = publishAttempts(view).at(-1) ?? {};
    expect({ stage, cause }).toMatchObject({
      stage: 'publish',
      cause: {
        code: 'publish_stopped',
        text: `Its publish run-${id} is on record as not published, and nobody here can ask blog whether the page is there all the same; nothing was sent. Look there: where it is missing, replay that publish; where it is live, hand it off, record it as published, then retry.`,
      },
    });
    const { body } = await place.api.ask('GET', `/api/activity?trace=${view.run.traceId}&limit=100`);
    const types = activityPageSchema.parse(body).events.map(({ type }) => type);
    expect(types).not.toContain('run.stale_failure_cleared');
    expect(types).not.toContain('publish.replayed');

    await place.api.client().handOff(`run-${id}`, { reason: 'operator_decision' });
    await place.api.client().completeHandoff(`run-${id}`, { url: `${site.url}/news/lied/` });
    await place.api.ask('POST', `/api/runs/${id}/retry`, { json: {} });
    await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
    expect(pagesOf('lied')).toMatchObject([{ slug: 'lied' }]);
  });

  it('goes on by itself once a person has replayed the publish', async () => {
    const { id } = await comeBack('refused', 'refused');
    expect(pagesOf('refused')).toEqual([]);
    expect(await place.api.client().replay({ scheduleId: `run-${id}` })).toMatchObject({ accepted: true });
    await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
    expect(pagesOf('refused')).toMatchObject([{ slug: 'refused', status: 'published' }]);
  });
});
