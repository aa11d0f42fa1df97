// A post whose content is changed after its draft was made: the new version goes out, and one post stands on the site.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openApi, type TestApi } from '../../api/open-api.ts';
import { ghostError } from '../../ghost/ghost-proxy.ts';
import { workflowIdOf } from '../../harness/workflow-id.ts';
import { before } from '../../pds/faults.ts';
import { scheduleOf } from '../../workflow/shop.ts';
import { type GhostShop, openGhostShop } from './ghost-shop.ts';

let shop: GhostShop;
let api: TestApi;
beforeAll(async () => {
  shop = await openGhostShop();
  await shop.stage.startWorker();
  api = await openApi(shop.stage);
}, 240_000);
afterEach(() => shop.proxy.clearFaults());
afterAll(async () => {
  await api.close();
  await shop.close();
});

/** Publishes until Ghost refuses it, and leaves its draft there. */
async function refused(slug: string) {
  shop.proxy.setFault('publish', before(ghostError(422, 'ValidationError', { message: 'Not today.' })));
  const { scheduleId } = await shop.stage.startPublish(shop.post({ slug, title: 'First' }));
  await shop.untilState(scheduleId, 'failed');
  return scheduleId;
}

async function edit(scheduleId: string, changes: Readonly<Record<string, unknown>>) {
  const { fingerprint } = (await scheduleOf(shop.stage, scheduleId)) ?? {};
  const json = { expectedFingerprint: fingerprint, ...changes };
  expect(await api.ask('PATCH', `/api/schedules/${scheduleId}`, { json })).toMatchObject({ status: 200 });
}

async function replay(scheduleId: string) {
  const handle = shop.stage.temporal.workflow.getHandle(workflowIdOf(scheduleId));
  expect(await handle.executeUpdate('requestReplay', { args: [{}] })).toMatchObject({ accepted: true });
}

describe('a draft of an earlier version', () => {
  test('is the one that is published when the post stayed as it was', async () => {
    const scheduleId = await refused('same-version');
    const [draft] = await shop.at('same-version');
    await replay(scheduleId);
    const { platformPostId } = await shop.untilState(scheduleId, 'published');
    expect(platformPostId).toBe(draft?.id);
    expect(await shop.at('same-version')).toHaveLength(1);
  });

  test('makes room for the new one, twice in a row', async () => {
    const scheduleId = await refused('edited-twice');
    for (const title of ['Second', 'Third']) {
      await edit(scheduleId, { options: { title, slug: 'edited-twice' }, text: `The ${title}` });
      if (title === 'Second') {
        shop.proxy.setFault('publish', before(ghostError(422, 'ValidationError', { message: 'Not today.' })));
        await replay(scheduleId);
        await shop.untilState(scheduleId, 'failed');
      }
    }
    await replay(scheduleId);
    await shop.untilState(scheduleId, 'published');
    const posts = await shop.at('edited-twice');
    expect(posts.map(({ slug, status, title }) => [slug, status, title])).toEqual([
      ['edited-twice', 'published', 'Third'],
    ]);
    expect(posts[0]?.html).toContain('<p>The Third</p>');
  });

  test('makes room under its own slug when the new version has another', async () => {
    const scheduleId = await refused('old-slug');
    await edit(scheduleId, { options: { title: 'First', slug: 'new-slug' } });
    await replay(scheduleId);
    await shop.untilState(scheduleId, 'published');
    expect(await shop.at('old-slug')).toEqual([]);
    expect((await shop.at('new-slug')).map(({ status }) => status)).toEqual(['published']);
  });
});
