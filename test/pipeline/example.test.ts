// The pipeline of `examples/`: a brief becomes a page that readers see, by programs alone.
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { connectSite } from '../mcp/stage-sites.ts';
import { type BlogSite, blogServer, startBlogSite } from './blog-site.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';

const EXAMPLES = join(import.meta.dirname, '../../examples');
const EXAMPLE = join(EXAMPLES, 'brief-to-article');
const read = (name: string) => readFileSync(join(EXAMPLE, name), 'utf8');

describe('the example', () => {
  let site: BlogSite;
  let place: PipelinePlace;
  beforeAll(async () => {
    site = await startBlogSite();
    const pipelines = z
      .record(z.string(), z.looseObject({}))
      .parse(parse(read('pipeline.yaml').replaceAll('https://blog.example', site.url)));
    place = await openPipelinePlace(pipelines, { mcp_servers: { blog: blogServer(site) } });
    cpSync(EXAMPLES, join(place.stage.folder, 'examples'), { recursive: true });
    await connectSite(place.stage, 'blog');
    await place.startWorker();
  });
  afterAll(async () => {
    await place.close();
    await site.close();
  });

  const start = (slug: string, brief: string) =>
    place.start({ pipeline: 'brief-to-article', slug, files: { 'brief.md': brief } });

  it('turns its brief into an article that readers find, once somebody has approved it', async () => {
    const id = await start('late-ice', read('brief.md'));
    const { asks } = await place.untilRun(id, 'asks', (view) => view.asks !== null);
    expect(asks).toMatchObject({ title: 'Why the harbour freezes late' });
    const article = await place.api.ask('GET', `/api/runs/${id}/artifacts/article.md`);
    expect(article.body).toBe(
      '# Why the harbour freezes late\n\n' +
        'Salt, currents and the wind keep the water open for weeks after the lakes are white.\n\n' +
        '## Salt\n\nSea water freezes at about two degrees below zero, so the first frost does not reach it.\n\n' +
        '## Currents\n\nWater that moves brings warmth up from below.\n\n' +
        '## Wind\n\nWaves break thin ice as fast as it forms.\n',
    );
    const json = { verdict: 'approved', expectedFingerprint: asks?.fingerprint };
    expect(await place.api.ask('POST', `/api/runs/${id}/decisions`, { json })).toMatchObject({ status: 200 });
    await place.untilRun(id, 'is published', ({ run }) => run.terminal === 'published');
    expect(site.pages.get('late-ice')).toMatchObject({
      title: 'Why the harbour freezes late',
      zone: 'news',
      excerpt: 'Salt, currents and the wind keep the water open for weeks after the lakes are white.',
      tags: ['salt', 'currents', 'wind'],
    });
    expect(site.creates()).toBe(1);
  });

  it('says what a brief lacks, and makes nothing of it', async () => {
    const id = await start('no-points', '# Only a heading\n');
    const failed = await place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    expect(failed.stages[0]?.cause?.text).toContain(
      'The brief lacks a first paragraph and a point ("- HEADING: TEXT"); start another run with a whole one.',
    );
    expect(failed.artifacts.map(({ name }) => name)).toEqual(['brief.md']);
  });
});
