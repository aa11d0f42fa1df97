// The shipped pipeline from its brief to a page that readers see, on a real Ghost, with pictures that its people hand in.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { startGhostProxy } from '../ghost/ghost-proxy.ts';
import { type Ghost, startGhost } from '../ghost/start-ghost.ts';
import { connectGhost } from '../harness/ghost-account.ts';
import type { FaultProxy } from '../pds/fault-proxy.ts';
import { ARTICLE, base64, FLOW, shippedArticle, startArticle, visual } from './article-run.ts';
import { openPipelinePlace, type PipelinePlace } from './place.ts';

let folder: string;
let ghost: Ghost;
let proxy: FaultProxy;
let place: PipelinePlace;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncepost-article-'));
  ghost = await startGhost({ dataFolder: folder });
  proxy = await startGhostProxy(ghost.url);
  place = await openPipelinePlace(shippedArticle(`${ghost.url}/{slug}/`), { 'timeouts.answer': '5s' });
  const { key } = await ghost.owner.makeKey('Oncepost');
  await connectGhost(place.stage, { name: 'blog', key, proxy });
  await place.startWorker();
}, 240_000);
afterAll(async () => {
  await place.close();
  await proxy.close();
  await ghost.stop();
  await rm(folder, { recursive: true, force: true });
});

const artifact = async (id: string, name: string) =>
  (await place.api.ask('GET', `/api/runs/${id}/artifacts/${name}`)).body;
const checksSchema = z.object({ checks: z.array(z.object({ check: z.string(), seen: z.string(), ok: z.boolean() })) });

it('goes through all thirteen stages, and its pictures lie in the library of the blog', async () => {
  const run = await startArticle(place, 'three-steps');
  await run.upTo('approve');
  expect(await artifact(run.id, 'article.md')).toBe(ARTICLE);
  await run.approve();
  const view = await place.untilRun(
    run.id,
    'ended or stopped',
    ({ run: { state } }) => state !== 'waiting' && state !== 'running',
  );
  expect(view.run).toMatchObject({ state: 'ended', terminal: 'published' });
  expect(view.attempts.map(({ stage, outcome }) => [stage, outcome])).toEqual(
    [
      'research',
      'write',
      'cleanup',
      'baseline_review',
      'style',
      'facts',
      'seo',
      'visuals',
      'text_reconciliation',
      'final_review',
      'approve',
      'publish',
      'live_qa',
    ].map((stage) => [stage, 'succeeded']),
  );
  const posts = (await ghost.owner.listPosts()).filter(({ slug }) => slug.startsWith('three-steps'));
  expect(posts).toHaveLength(1);
  const [post] = posts;
  expect(post).toMatchObject({ title: 'The three steps', status: 'published', custom_excerpt: 'How a post goes out.' });
  expect(post?.html).toMatch(
    /<img src="[^"]*\/content\/images\/[^"]*three-steps-1[^"]*\.png" alt="The three steps" \/>/,
  );
  expect(post?.html).toMatch(
    /<img src="[^"]*\/content\/images\/[^"]*three-steps-2[^"]*\.jpg" alt="A log of a night" \/>/,
  );
  expect(post?.html).not.toContain('film');
  const [, src = ''] = /<img src="([^"]*three-steps-1[^"]*)"/.exec(post?.html ?? '') ?? [];
  const shown = await fetch(new URL(src, ghost.url));
  expect([
    shown.status,
    Buffer.from(await shown.arrayBuffer())
      .subarray(1, 4)
      .toString(),
  ]).toEqual([200, 'PNG']);
  const { checks } = checksSchema.parse(JSON.parse(String(await artifact(run.id, 'live-qa.json'))));
  expect(checks.find(({ check }) => check === 'images')).toMatchObject({ seen: '2 answer', ok: true });
  expect(view.artifacts.find(({ name }) => name === 'approval.json')?.inputs).toMatchObject({
    'flow.png': view.artifacts.find(({ name }) => name === 'flow.png')?.sha256,
  });
});

it('says which picture the text shows that nobody handed in, and goes on from the stage that makes it', async () => {
  const run = await startArticle(place, 'no-proof');
  await run.upTo('visuals');
  const manifest = { visuals: [visual('flow', FLOW, 'Three boxes'), visual('proof', FLOW, 'A log')] };
  const files = { 'visual-manifest.json': JSON.stringify(manifest), 'flow.png': base64(FLOW) };
  expect(await run.handIn('visuals', files)).toMatchObject({ status: 200 });
  const stopped = await place.untilRun(run.id, 'is stopped', ({ run: { state } }) => state === 'blocked');
  expect(stopped.stages.find(({ id }) => id === 'final_review')?.cause).toMatchObject({
    code: 'asset_missing',
    text: 'The text shows "proof.jpg", and the stage is given no picture of that name; hand it in where it is made.',
    nextAction: 'go_back',
  });
  expect(await place.api.ask('POST', `/api/runs/${run.id}/retry`, { json: { stage: 'visuals' } })).toMatchObject({
    status: 200,
  });
  const back = (stage: string) => place.api.ask('POST', `/api/runs/${run.id}/retry`, { json: { stage } });
  expect(await run.upTo('approve')).toMatchObject({ run: { stage: 'approve', state: 'waiting' } });
  expect(await artifact(run.id, 'article.md')).toContain('proof.jpg');
  // Back once more, without the picture that the text can do without: what came of the passes before does not stand in its way.
  expect(await back('visuals')).toMatchObject({ status: 200 });
  await run.upTo('visuals');
  const without = {
    'visual-manifest.json': JSON.stringify({ visuals: [visual('flow', FLOW, 'Three boxes')] }),
    'flow.png': base64(FLOW),
  };
  expect(await run.handIn('visuals', without)).toMatchObject({ status: 200 });
  const { artifacts } = await place.untilRun(run.id, 'asks', ({ asks }) => asks !== null);
  const review = artifacts.findLast(({ name }) => name === 'final-review.json');
  expect(Object.keys(review?.inputs ?? {}).filter((name) => /png|jpg/.test(name))).toEqual(['flow.png']);
  expect(await artifact(run.id, 'article.md')).not.toContain('proof.jpg');
});

it('refuses what does not fit while it is handed in, with the file and the field', async () => {
  const run = await startArticle(place, 'misfits');
  await run.upTo('visuals');
  const manifest = { visuals: [{ ...visual('flow', FLOW, 'Three boxes'), digest: 'none' }] };
  const files = { 'visual-manifest.json': JSON.stringify(manifest), 'flow.png': base64(FLOW) };
  expect(await run.handIn('visuals', files)).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringMatching(/"visual-manifest\.json" does not fit: visuals\.0\.digest/) } },
  });
  const good = JSON.stringify({ visuals: [visual('flow', FLOW, 'Three boxes')] });
  const noPicture = { 'visual-manifest.json': good, 'flow.png': base64(Buffer.from('no picture')) };
  expect(await run.handIn('visuals', noPicture)).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringContaining('"flow.png" is image/png, but its bytes are not.') } },
  });
  const elsewhere = { 'visual-manifest.json': good, 'flow.gif': base64(FLOW) };
  expect(await run.handIn('visuals', elsewhere)).toMatchObject({
    status: 409,
    body: { error: { message: expect.stringContaining('"flow.gif" is not declared by the stage') } },
  });
});
