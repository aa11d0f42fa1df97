// A publish that is on record as failed, met by a run that comes back to it: what is written down of it, and of what became of it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activityPageSchema } from '../../src/domain/audit/activity.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { builtin } from './specs.ts';

const ARTICLE = { 'article.md': '# The sea\n\nIt is wide.\n' };

describe('a run whose publish failed and is tried again', () => {
  let site: BlogSite;
  let place: PipelinePlace;
  let id: string;
  beforeAll(async () => {
    site = await startBlogSite();
    const post = {
      destination: 'blog',
      zones: { news: `${site.url}/news/{slug}/` },
      inputs: [{ name: 'article.md', media_type: 'text/markdown' }],
      stages: [
        builtin('approve', ['article.md'], 'approval.json'),
        builtin('publish', ['approval.json', 'article.md'], 'publish-result.json'),
        builtin('live_qa', ['publish-result.json', 'article.md'], 'live-qa.json', { terminal: 'published' }),
      ],
    };
    place = await openPipelinePlace({ post }, { mcp_servers: { blog: blogServer(site) } });
    await connectSite(place.stage, 'blog');
    await place.startWorker();
    id = await place.start({ pipeline: 'post', slug: 'tried-again', files: ARTICLE });
    site.answerCreates('refused');
    await approve();
    await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    site.answerCreates('as_usual');
    await place.api.ask('POST', `/api/runs/${id}/retry`, { json: { stage: 'approve' } });
    await approve();
    await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
  });
  afterAll(async () => {
    await place.close();
    await site.close();
  });

  async function approve(): Promise<void> {
    const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
    const decision = { verdict: 'approved', expectedFingerprint: asks?.fingerprint };
    expect(await place.api.ask('POST', `/api/runs/${id}/decisions`, { json: decision })).toMatchObject({ status: 200 });
  }

  it('has its stale failure cleared in the audit trail, once, before it is published', async () => {
    const { run } = await place.look(id);
    const { body } = await place.api.ask('GET', `/api/activity?trace=${run.traceId}&limit=100`);
    const { events } = activityPageSchema.parse(body);
    const cleared = events.filter(({ type }) => type === 'run.stale_failure_cleared');
    expect(cleared.map(({ payload, actor }) => [payload, actor.type])).toEqual([
      [{ runId: id, stage: 'publish', attempt: 2, publish: `run-${id}`, cause: 'publish_failed' }, 'API_KEY'],
    ]);
  });

  it('has on record what was sent each time, what came back, how that was read, and by what it is called live', async () => {
    const resultOf = async (version: number) => {
      const { body } = await place.api.ask('GET', `/api/runs/${id}/artifacts/publish-result.json?version=${version}`);
      return JSON.parse(String(body));
    };
    const sent = {
      method: 'tools/call',
      target: 'create_post of blog',
      excerpt: expect.stringContaining('tried-again'),
    };
    const refused = {
      attempt: 1,
      state: 'refused',
      sent,
      answer: { came: 'tool_answer', readAs: 'refused', text: expect.stringContaining('The editor is away.') },
    };
    expect(await resultOf(1)).toMatchObject({ state: 'failed', calledLiveBy: null, creates: [refused] });
    const live = {
      attempt: 2,
      state: 'live',
      sent,
      answer: { came: 'tool_answer', readAs: 'live', text: expect.stringContaining(`${site.url}/news/tried-again/`) },
    };
    expect(await resultOf(2)).toMatchObject({ state: 'published', calledLiveBy: 'answered', creates: [refused, live] });
  });
});
