// The shipped pipeline on a real WordPress: its pictures lie in the media library, and visitors get them.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectWordpress } from '../harness/wordpress-account.ts';
import { startWordpress, type Wordpress } from '../wordpress/start-wordpress.ts';
import { shippedArticle, startArticle } from './article-run.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';

let folder: string;
let site: Wordpress;
let place: PipelinePlace;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncepost-article-'));
  site = await startWordpress({ folder });
  place = await openPipelinePlace(shippedArticle(`${site.url}/{slug}/`), { 'timeouts.answer': '5s' });
  await connectWordpress(place.stage, { name: 'blog', user: site.users.admin, url: site.url });
  await place.startWorker();
}, 240_000);
afterAll(async () => {
  await place.close();
  await site.stop();
  await rm(folder, { recursive: true, force: true });
});

it('asks nobody to approve what is meant for a category that the site has not', async () => {
  const run = await startArticle(place, 'elsewhere', 'elsewhere');
  const { stages, run: stands } = await run.upTo('approve');
  expect(stands).toMatchObject({ stage: 'approve', state: 'blocked' });
  expect(stages.find(({ id }) => id === 'approve')?.cause).toMatchObject({
    code: 'not_taken',
    text: 'It would not be taken, so nobody was asked to approve it. WordPress: options.zone "elsewhere" is no category of this site (one of its categories, by its slug; make it in WordPress, or choose another zone).',
  });
});

it('goes through to a page with its pictures', async () => {
  const run = await startArticle(place, 'three-steps');
  await run.upTo('approve');
  await run.approve();
  const view = await place.untilRun(
    run.id,
    'ended or stopped',
    ({ run: { state } }) => state !== 'waiting' && state !== 'running',
  );
  expect(view.run).toMatchObject({ state: 'ended', terminal: 'published' });
  const page = await (await fetch(`${site.url}/three-steps/`)).text();
  const pictures = [...page.matchAll(/<img[^>]* src="([^"]*three-steps-[12]-[0-9a-f]{12}\.(?:png|jpg))"/g)].map(
    ([, src = '']) => src,
  );
  expect(pictures).toHaveLength(2);
  for (const src of pictures) expect((await fetch(src)).status).toBe(200);
});
