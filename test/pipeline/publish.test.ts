// The end of a run on a site with tools: what holds it up, and what brings it on. What stands there already decides in `blogs`.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { armCrash, crashPending, holdAt } from '../harness/crash-file.ts';
import { until } from '../harness/until.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { builtin, markdown } from './specs.ts';

const storySchema = z.object({
  schedule: z.object({ state: z.string() }),
  messages: z.array(z.object({ name: z.string(), by: z.object({ type: z.string() }) })),
});

const TEXT = '# The sea\n\nIt is wide, and it is deep.\n\n## The shore\n\nThere is sand on it.\n';

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
              timeout: '12s',
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

  it('runs a publish that failed again with its stage, once', async () => {
    const id = await start('again');
    site.answerCreates('refused');
    await approve(id);
    const failed = await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    expect(failed.stages.find(({ id: stage }) => stage === 'publish')?.cause).toMatchObject({
      code: 'publish_stopped',
      nextAction: 'open_publish',
    });
    site.answerCreates('as_usual');
    const before = site.creates();
    expect(await retry(id)).toMatchObject({ status: 200 });
    await published(id);
    expect(site.creates()).toBe(before + 1);
  });

  it('tells whoever wanted the replay: the person who tried the stage again, and nobody where it is tried again unasked', async () => {
    const replaysOf = async (id: string) => {
      const { messages } = storySchema.parse((await place.api.ask('GET', `/api/schedules/run-${id}`)).body);
      return messages.filter(({ name }) => name === 'requestReplay').map(({ by }) => by.type);
    };
    const [asked, unasked] = [await start('asked'), await start('unasked')];
    site.answerCreates('refused');
    for (const id of [asked, unasked]) {
      await approve(id);
      await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    }
    site.answerCreates('as_usual');
    await retry(asked);
    await published(asked);
    expect(await replaysOf(asked)).toEqual(['API_KEY']);
    armCrash(place.stage.folder, { point: 'stage_opened', scheduleId: `${unasked}.publish` });
    await retry(unasked);
    await until('the worker is dead', async () => !crashPending(place.stage.folder));
    await place.restartWorker();
    await published(unasked);
    expect(await replaysOf(unasked)).toEqual(['SYSTEM']);
  });

  it('is neither canceled nor taken back to an earlier stage while its post may still be sent', async () => {
    const id = await start('under-way');
    const hold = holdAt(place.stage.folder, { point: 'before_intent', scheduleId: `run-${id}` });
    await approve(id);
    await until('its publish is about to call', () => hold.standing() !== null);
    const refused = { status: 409, body: { error: { reason: 'publish_under_way' } } };
    expect(await place.api.ask('POST', `/api/runs/${id}/cancel`, { json: {} })).toMatchObject(refused);
    expect(await retry(id, { stage: 'approve' })).toMatchObject(refused);
    hold.release();
    await published(id);
    expect(site.pages.get('under-way')).toMatchObject({ status: 'published' });
  });

  it.each([
    ['queued', new Date(Date.now() + 86_400_000).toISOString()],
    ['published', undefined],
  ])(
    'takes the post that somebody else took in under its id for none of its own, also once it is %s',
    async (state, at) => {
      const id = `20261128-080000-foreign-${state}`;
      await place.start({ id, pipeline: 'post', slug: `foreign-${state}`, files: { 'article.md': TEXT } });
      const options = { title: 'The land', slug: `other-${state}`, zone: 'news' };
      const post = { id: `run-${id}`, account: 'blog', text: 'It is high.', options, publishAt: at };
      expect(await place.api.ask('POST', '/api/schedules', { json: post })).toMatchObject({ status: 201 });
      const theirs = () => place.api.ask('GET', `/api/schedules/run-${id}`);
      await until('theirs stands', async () => storySchema.parse((await theirs()).body).schedule.state === state);
      await approve(id);
      const failed = await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
      expect(failed.stages.find(({ id: stage }) => stage === 'publish')?.cause).toMatchObject({
        code: 'refused',
        text: expect.stringContaining(`run-${id} already names a schedule that its run did not make`),
      });
      expect(site.pages.has(`foreign-${state}`)).toBe(false);
      expect((await theirs()).body).toMatchObject({ schedule: { state } });
    },
  );

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
