// A real Ghost tells of its posts by its own webhooks, and a rule publishes each of them once.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { type Ghost, startGhost } from '../ghost/start-ghost.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openShop } from '../workflow/shop.ts';

let stage: Stage;
let api: TestApi;
let ghost: Ghost;
let folder: string;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  api = await openApi(stage);
  folder = await mkdtemp(join(tmpdir(), 'webhooks-ghost-'));
  ghost = await startGhost({ dataFolder: folder });
});
afterAll(async () => {
  await ghost.stop();
  await api.close();
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

it('a post that goes out in Ghost is told, read, and published once by a rule', async () => {
  const client = api.client();
  const shop = await openShop(stage);
  const { connector, path, secret } = await client.makeConnector({ name: 'ghost', kind: 'ghost' });
  await client.makeRule({
    name: 'Tell of new posts',
    when: { all: [{ path: 'content.event', op: 'eq', value: 'post.published' }] },
    actions: [{ do: 'publish', account: shop.name, text: '{content.post.current.title}' }],
  });
  const { integrationId } = await ghost.owner.makeKey('Oncepost');
  const url = `${api.url}${path}`;
  for (const event of ['post.published', 'post.deleted']) {
    await ghost.owner.makeWebhook({ integrationId, event, url, secret });
  }
  const { id } = await ghost.owner.makePost({ title: 'A day at the sea', status: 'published' });
  await until('it is live', async () => (await shop.live()).some(({ text }) => text === 'A day at the sea'));
  await ghost.owner.deletePost(id);
  const told = async () => (await client.events({ connector: connector.id })).events;
  const decided = async () => (await told()).filter(({ routing }) => routing !== 'pending');
  const events = await until('both are told and decided', async () => {
    const both = await decided();
    return both.length === 2 && both;
  });
  expect(events.map(({ event, routing }) => [event.content.event, routing])).toEqual([
    ['post.deleted', 'unhandled'],
    ['post.published', 'routed'],
  ]);
  expect(events[1]?.event).toMatchObject({
    actor: { label: expect.any(String) },
    content: { post: { current: { title: 'A day at the sea', status: 'published' } } },
  });
  expect((await client.connectors()).connectors).toMatchObject([{ name: 'ghost', rejectsInARow: 0 }]);
  expect(await shop.creates()).toBe(1);
});
