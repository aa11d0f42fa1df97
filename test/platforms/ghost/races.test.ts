// Who else is on the site: pages under the slug that is wanted, and people who meet our draft before it is published. Whatever
// they do, nothing of theirs is overwritten, and no post is live twice.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { GhostPost } from '../../ghost/ghost-client.ts';
import { holdAt } from '../../harness/crash-file.ts';
import { until } from '../../harness/until.ts';
import { workflowIdOf } from '../../harness/workflow-id.ts';
import { type GhostShop, openGhostShop } from './ghost-shop.ts';

let shop: GhostShop;
beforeAll(async () => {
  shop = await openGhostShop();
  await shop.stage.startWorker();
}, 240_000);
afterEach(() => shop.proxy.clearFaults());
afterAll(() => shop.close());

const told = (posts: readonly GhostPost[]) => posts.map(({ slug, status, title }) => `${slug} ${status} ${title}`);

describe('a slug', () => {
  test('that a published page has is refused with that page’s name, and no draft is left', async () => {
    const theirs = await shop.ghost.owner.makePost({ title: 'Theirs', slug: 'taken', status: 'published' });
    const publish = await shop.stage.startPublish(shop.post({ slug: 'taken' }));
    const { cause } = await shop.untilState(publish.scheduleId, 'failed');
    expect(cause).toMatchObject({
      code: 'publish_failed',
      text: `The page "Theirs" at ${theirs.url} already has the address "taken", so this post was not published and nothing was overwritten; choose another slug, or free that one in Ghost, then replay it.`,
    });
    expect(told(await shop.at('taken'))).toEqual(['taken published Theirs']);
  });

  test('that somebody’s draft has is refused as well', async () => {
    await shop.ghost.owner.makePost({ title: 'Unfinished', slug: 'drafted', status: 'draft' });
    const publish = await shop.stage.startPublish(shop.post({ slug: 'drafted' }));
    const { cause } = await shop.untilState(publish.scheduleId, 'failed');
    expect(cause?.text).toContain('An unpublished page "Unfinished" already has the address "drafted"');
    expect(told(await shop.at('drafted'))).toEqual(['drafted draft Unfinished']);
  });

  test('that Ghost keeps for itself is refused, and no draft is left', async () => {
    const publish = await shop.stage.startPublish(shop.post({ slug: 'rss' }));
    const { cause } = await shop.untilState(publish.scheduleId, 'failed');
    expect(cause?.text).toContain('Ghost does not give the address "rss" to a post');
    expect((await shop.ghost.owner.listPosts()).filter(({ slug }) => slug.startsWith('rss'))).toEqual([]);
  });

  test('that two schedules want is given to one, and the other is told so', async () => {
    const both = await Promise.all(
      [1, 2].map((one) => shop.stage.startPublish(shop.post({ slug: 'two', title: `Number ${one}` }))),
    );
    const ends = await Promise.all(
      both.map(({ scheduleId }) =>
        until('it has ended', async () => {
          const { state } = await shop.result(scheduleId);
          return ['published', 'failed'].includes(state) && state;
        }),
      ),
    );
    expect(ends.toSorted()).toEqual(['failed', 'published']);
    expect((await shop.at('two')).map(({ slug, status }) => `${slug} ${status}`)).toEqual(['two published']);
  });

  test('that somebody takes while the draft is made is theirs; ours is deleted again', async () => {
    let takes: Promise<unknown> = Promise.resolve();
    shop.proxy.setFault('makeDraft', {
      reachesPds: true,
      beforePds: () => {
        takes = shop.ghost.owner.makePost({ title: 'Faster', slug: 'raced', status: 'published' });
        return takes;
      },
      ending: { kind: 'real' },
    });
    const publish = await shop.stage.startPublish(shop.post({ slug: 'raced' }));
    const { cause } = await shop.untilState(publish.scheduleId, 'failed');
    expect(cause?.text).toContain('The page "Faster" at');
    expect(told(await shop.at('raced'))).toEqual(['raced published Faster']);
  });
});

describe('a person who meets the draft before it is published', () => {
  /** Holds a publish between its preparation and its create, lets the person act, and goes on. */
  async function meanwhile(slug: string, act: (draft: GhostPost) => Promise<unknown>) {
    const scheduleId = crypto.randomUUID();
    const hold = holdAt(shop.stage.folder, { point: 'before_intent', scheduleId });
    await shop.stage.startPublish(shop.post({ slug, title: 'Ours' }), scheduleId);
    await until('it stands before its create', () => hold.standing() !== null);
    const [draft] = await shop.at(slug);
    if (!draft) throw new TypeError('there is no draft');
    // Ghost tells changes apart by the second.
    await until('a second has passed', () => Date.now() - Date.parse(draft.updated_at) > 1_100);
    await act(draft);
    hold.release();
    return { scheduleId, draft };
  }

  test('and publishes it by hand is found to have done so: live once, and adopted', async () => {
    const { scheduleId, draft } = await meanwhile('by-hand', ({ id }) =>
      shop.ghost.owner.editPost(id, { status: 'published' }),
    );
    const { platformPostId } = await shop.untilState(scheduleId, 'published');
    expect(platformPostId).toBe(draft.id);
    expect(told(await shop.at('by-hand'))).toEqual(['by-hand published Ours']);
  });

  test('and edits it keeps that edit: it is not published, and they are told why', async () => {
    const { scheduleId } = await meanwhile('edited', ({ id }) => shop.ghost.owner.editPost(id, { title: 'Better' }));
    const { cause } = await shop.untilState(scheduleId, 'failed');
    expect(cause?.text).toContain('The draft "Better" of this post was changed in Ghost after Oncepost made it');
    expect(told(await shop.at('edited'))).toEqual(['edited draft Better']);
  });

  test('and renames its address keeps that too', async () => {
    const { scheduleId } = await meanwhile('renamed', ({ id }) =>
      shop.ghost.owner.editPost(id, { slug: 'renamed-by-hand' }),
    );
    await shop.untilState(scheduleId, 'failed');
    expect(told(await shop.at('renamed'))).toEqual([]);
    expect(told(await shop.at('renamed-by-hand'))).toEqual(['renamed-by-hand draft Ours']);
  });

  test('and deletes it has it deleted; a replay makes it anew', async () => {
    const { scheduleId } = await meanwhile('deleted', ({ id }) => shop.ghost.owner.deletePost(id));
    const { cause } = await shop.untilState(scheduleId, 'failed');
    expect(cause?.text).toContain('was deleted in Ghost before it could be published');
    expect(await shop.at('deleted')).toEqual([]);
    const handle = shop.stage.temporal.workflow.getHandle(workflowIdOf(scheduleId));
    expect(await handle.executeUpdate('requestReplay', { args: [{}] })).toMatchObject({ accepted: true });
    await shop.untilState(scheduleId, 'published');
    expect(told(await shop.at('deleted'))).toEqual(['deleted published Ours']);
  });

  test('and publishes it and takes it back has it not published again', async () => {
    const { scheduleId } = await meanwhile('taken-back', async ({ id }) => {
      await shop.ghost.owner.editPost(id, { status: 'published' });
      await shop.ghost.owner.editPost(id, { status: 'draft' });
    });
    const { cause } = await shop.untilState(scheduleId, 'failed');
    expect(cause?.text).toContain('was changed in Ghost');
    expect(told(await shop.at('taken-back'))).toEqual(['taken-back draft Ours']);
  });

  test('and schedules it there has it left to Ghost', async () => {
    const published_at = new Date(Date.now() + 3_600_000).toISOString();
    const { scheduleId } = await meanwhile('left', ({ id }) =>
      shop.ghost.owner.editPost(id, { status: 'scheduled', published_at }),
    );
    const { cause } = await shop.untilState(scheduleId, 'failed');
    expect(cause?.text).toContain('was scheduled in Ghost');
    expect(told(await shop.at('left'))).toEqual(['left scheduled Ours']);
  });

  test('and publishes another page under the same slug gets the next one, as Ghost has it', async () => {
    const { scheduleId } = await meanwhile('same', () =>
      shop.ghost.owner.makePost({ title: 'Theirs', slug: 'same', status: 'published' }),
    );
    await shop.untilState(scheduleId, 'published');
    expect(told(await shop.at('same'))).toEqual(['same published Ours', 'same-2 published Theirs']);
  });
});
