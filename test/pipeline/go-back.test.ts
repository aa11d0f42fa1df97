// A run that goes back: what is done again is judged by what stands before it, and a decision is asked for each time.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunView } from '../../src/domain/pipeline/run-view.ts';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';
import { builtin } from './specs.ts';

describe('a run that goes back', () => {
  let site: BlogSite;
  let place: PipelinePlace;
  beforeAll(async () => {
    site = await startBlogSite();
    const pipeline = {
      destination: 'blog',
      zones: { news: `${site.url}/news/{slug}/` },
      stages: [
        { id: 'write', runner: 'human', artifacts: [{ name: 'draft.md', media_type: 'text/markdown' }] },
        builtin('final_review', ['draft.md'], 'review.json', { gates: ['provenance'] }),
        builtin('approve', ['review.json', 'draft.md'], 'approval.json'),
        builtin('publish', ['approval.json', 'draft.md'], 'publish-result.json', { gates: ['provenance', 'approved'] }),
        builtin('live_qa', ['publish-result.json', 'draft.md'], 'live-qa.json', {
          timeout: '20s',
          terminal: 'published',
        }),
      ],
    };
    const album = {
      stages: [
        { id: 'draw', runner: 'human', artifacts: [{ name: '*.png', media_type: 'image/png' }] },
        {
          id: 'caption',
          runner: 'human',
          inputs: ['*.png'],
          artifacts: [{ name: 'captions.md', media_type: 'text/markdown' }],
          terminal: 'captioned',
        },
      ],
    };
    place = await openPipelinePlace({ post: pipeline, album }, { mcp_servers: { blog: blogServer(site) } });
    await connectSite(place.stage, 'blog');
    await place.startWorker();
  });
  afterAll(async () => {
    await place.close();
    await site.close();
  });

  const ask = async (id: string, name: string, body: object) =>
    expect(await place.api.ask('POST', `/api/runs/${id}/${name}`, { json: body })).toMatchObject({ status: 200 });
  const submit = async (id: string, text: string) => {
    await place.untilRun(id, 'waits at write', ({ run }) => run.stage === 'write' && run.state === 'waiting');
    await ask(id, 'submit', { stage: 'write', files: { 'draft.md': text } });
  };
  const asked = (id: string) => place.untilRun(id, 'asks', (view) => view.asks !== null);
  const decide = async (id: string, verdict: 'approved' | 'rejected') =>
    ask(id, 'decisions', { verdict, expectedFingerprint: (await asked(id)).asks?.fingerprint });
  const failed = (id: string) => place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
  const published = (id: string) => place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
  const outcomes = ({ attempts }: RunView) => attempts.map(({ stage, number, outcome }) => [stage, number, outcome]);
  const resultOf = async (id: string, version: number) => {
    const { body } = await place.api.ask('GET', `/api/runs/${id}/artifacts/publish-result.json?version=${version}`);
    return JSON.parse(String(body));
  };

  it('to the text after its publish was refused: what was made of the old one does not stand in the way', async () => {
    const before = site.creates();
    const id = await place.start({ pipeline: 'post', slug: 'mended' });
    await submit(id, '# The sea\n\nIt is wid.\n');
    site.answerCreates('refused');
    await decide(id, 'approved');
    await failed(id);
    site.answerCreates('as_usual');
    await ask(id, 'retry', { stage: 'write' });
    await submit(id, '# The sea\n\nIt is wide.\n');
    await decide(id, 'approved');
    await published(id);
    expect(site.creates()).toBe(before + 2);
    expect(site.pages.get('mended')?.html).toContain('It is wide.');
  });

  it('to its pictures: one that is not made again is not given to what comes after', async () => {
    const picture = (end: string) => ({ base64: Buffer.from(`\x89PNG\r\n\x1a\n${end}`, 'latin1').toString('base64') });
    const given = async (id: string, attempts: number) => {
      const view = await place.untilRun(id, 'waits at caption', ({ run, stages }) => {
        return run.stage === 'caption' && run.state === 'waiting' && stages[1]?.attempts === attempts;
      });
      const { inputs } = view.attempts.findLast(({ stage }) => stage === 'caption') ?? {};
      const versions = view.artifacts.filter(({ sha256 }) => Object.values(inputs ?? {}).includes(sha256));
      return versions.map(({ name, attempt }) => [name, attempt]);
    };
    const id = await place.start({ pipeline: 'album', slug: 'album' });
    await ask(id, 'submit', { stage: 'draw', files: { 'flow.png': picture('a'), 'log.png': picture('b') } });
    expect(await given(id, 1)).toEqual([
      ['flow.png', 1],
      ['log.png', 1],
    ]);
    await ask(id, 'retry', { stage: 'draw' });
    await ask(id, 'submit', { stage: 'draw', files: { 'flow.png': picture('c') } });
    expect(await given(id, 2)).toEqual([['flow.png', 2]]);
  });

  it('to the text after somebody decided against it', async () => {
    const id = await place.start({ pipeline: 'post', slug: 'rejected' });
    await submit(id, '# The sea\n\nIt is narrow.\n');
    await decide(id, 'rejected');
    await place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked');
    await ask(id, 'retry', { stage: 'write' });
    await submit(id, '# The sea\n\nIt is wide.\n');
    await decide(id, 'approved');
    const { messages } = await published(id);
    expect(messages.map(({ name, stage, accepted }) => [name, stage, accepted])).toEqual([
      ['submit', 'write', true],
      ['retry', 'write', true],
      ['submit', 'write', true],
    ]);
  });

  it('to its approval, and is asked about the same content again, whatever was decided before', async () => {
    const before = site.creates();
    const id = await place.start({ pipeline: 'post', slug: 'again' });
    await submit(id, '# The sea\n\nIt is wide.\n');
    await decide(id, 'rejected');
    await place.untilRun(id, 'is stopped', ({ run }) => run.state === 'blocked');
    await ask(id, 'retry', {});
    await decide(id, 'approved');
    const view = await published(id);
    expect(view.decisions.map(({ verdict }) => verdict)).toEqual(['rejected', 'approved']);
    expect(site.creates()).toBe(before + 1);
  });

  it('writes down that its publish failed, and what was true of it once somebody looked', async () => {
    const id = await place.start({ pipeline: 'post', slug: 'told' });
    await submit(id, '# The sea\n\nIt is wide.\n');
    site.answerCreates('refused');
    await decide(id, 'approved');
    const stopped = await failed(id);
    site.answerCreates('as_usual');
    expect(await resultOf(id, 1)).toMatchObject({ state: 'failed', platformPostId: null, url: null });
    expect(stopped.artifacts.find(({ name }) => name === 'publish-result.json')).toMatchObject({
      stage: 'publish',
      attempt: 1,
    });
    await ask(id, 'retry', { stage: 'approve' });
    const again = await asked(id);
    expect(outcomes(again).at(-1)).toEqual(['approve', 2, null]);
    await decide(id, 'approved');
    await published(id);
    expect(await resultOf(id, 2)).toMatchObject({ state: 'published', url: `${site.url}/news/told/` });
  });
});
