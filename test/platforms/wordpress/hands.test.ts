// People who work on our draft in WordPress while we do: what they did is read, nothing of theirs is overwritten, and never
// are there two live posts.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdAt } from '../../harness/crash-file.ts';
import { until } from '../../harness/until.ts';
import { afterCommit, before, RESET } from '../../pds/faults.ts';
import { restError } from '../../wordpress/site-proxy.ts';
import { ask } from '../../workflow/shop.ts';
import { openSiteStage, type SiteStage } from './site-stage.ts';

let at: SiteStage;
beforeAll(async () => {
  at = await openSiteStage();
});
afterAll(() => at.close());

const idOf = async (slug: string) => (await at.under(slug))[0]?.id ?? 0;
const change = (id: number, fields: string) => at.site.php(`wp_update_post(['ID' => ${id}, ${fields}]);`);
const replay = (scheduleId: string) => ask(at.stage, scheduleId, 'requestReplay', { requestedBy: 'Olga' });

/** A publish that was refused after its draft was made, so that somebody has the time to touch it. */
async function drafted(slug: string) {
  const shop = await at.shop();
  shop.proxy.setFault('who_stands', before(restError(403, 'rest_forbidden')));
  const publish = await at.publish(shop, slug);
  await at.until(publish.scheduleId, 'failed');
  return { shop, publish, id: await idOf(slug) };
}

/** A publish whose worker stands right before its create. */
async function aboutToCreate(slug: string) {
  const scheduleId = crypto.randomUUID();
  const hold = holdAt(at.stage.folder, { point: 'before_intent', scheduleId });
  const publish = await at.publish(await at.shop(), slug, { id: scheduleId });
  await until('it is about to create', () => hold.standing() !== null);
  return { publish, hold, id: await idOf(slug) };
}

describe('between two attempts, a draft', () => {
  test('that nobody touched is published as it is', async () => {
    const { publish, id, shop } = await drafted('untouched');
    await replay(publish.scheduleId);
    await at.until(publish.scheduleId, 'published');
    expect(await at.under('untouched')).toMatchObject([{ id, status: 'publish' }]);
    expect(shop.proxy.count('make_draft').received).toBe(1);
    expect(shop.proxy.count('rewrite').received).toBe(0);
  });

  test('that somebody edited is neither published nor overwritten', async () => {
    const { publish, id } = await drafted('edited');
    await change(id, `'post_content' => 'Other words'`);
    await replay(publish.scheduleId);
    await until('it is refused', async () => (await at.stands(publish.scheduleId)).attempts === 2);
    await at.until(publish.scheduleId, 'failed');
    expect((await at.stands(publish.scheduleId)).text).toContain(
      'Somebody changed the draft of this post in WordPress',
    );
    expect(await at.under('edited')).toMatchObject([{ id, status: 'draft', content: 'Other words' }]);
  });

  test.each([
    ['binned', `wp_trash_post($id);`, 'trash', 'into the bin of WordPress'],
    [
      'scheduled',
      `wp_update_post(['ID' => $id, 'post_status' => 'future', 'post_date' => '2040-01-01 00:00:00', 'post_date_gmt' => '2040-01-01 00:00:00', 'edit_date' => true]);`,
      'future',
      'Somebody scheduled this post in WordPress',
    ],
    ['handed-in', `wp_update_post(['ID' => $id, 'post_status' => 'pending']);`, 'pending', 'took this post in hand'],
    ['made-private', `wp_update_post(['ID' => $id, 'post_status' => 'private']);`, 'private', 'took this post in hand'],
  ])('that is %s is left to whoever did it', async (slug, php, status, sentence) => {
    const { publish, id } = await drafted(slug);
    await at.site.php(`$id = ${id}; ${php}`);
    await replay(publish.scheduleId);
    await until('it is refused', async () => (await at.stands(publish.scheduleId)).attempts === 2);
    await at.until(publish.scheduleId, 'failed');
    const stands = await at.stands(publish.scheduleId);
    expect(stands.cause).toBe('publish_failed');
    expect(stands.text).toContain(sentence);
    expect(await at.under(slug)).toMatchObject([{ id, status }]);
  });

  test('that was deleted for good is made anew', async () => {
    const { publish, id } = await drafted('deleted');
    await at.site.php(`wp_delete_post(${id}, true);`);
    await replay(publish.scheduleId);
    await at.until(publish.scheduleId, 'published');
    const posts = await at.under('deleted');
    expect(posts).toMatchObject([{ slug: 'deleted', status: 'publish' }]);
    expect(posts[0]?.id).not.toBe(id);
  });

  test('that got another slug gets its own back', async () => {
    const { publish, id } = await drafted('renamed');
    await change(id, `'post_name' => 'renamed-by-hand'`);
    await replay(publish.scheduleId);
    await at.until(publish.scheduleId, 'published');
    expect(await at.under('renamed')).toMatchObject([{ id, slug: 'renamed', status: 'publish' }]);
  });

  test('that somebody published as it was is recorded as live, once', async () => {
    const { publish, id } = await drafted('published-by-hand');
    await change(id, `'post_status' => 'publish'`);
    await replay(publish.scheduleId);
    await at.until(publish.scheduleId, 'published');
    expect(await at.under('published-by-hand')).toMatchObject([{ id, status: 'publish' }]);
  });

  test('that somebody changed and published waits for a person, and is not touched', async () => {
    const { publish, id } = await drafted('published-otherwise');
    await change(id, `'post_status' => 'publish', 'post_title' => 'Their title'`);
    await replay(publish.scheduleId);
    await at.until(publish.scheduleId, 'unconfirmed');
    expect((await at.stands(publish.scheduleId)).text).toContain('The post is live already as "Their title"');
    expect(await at.under('published-otherwise')).toMatchObject([{ id, status: 'publish', title: 'Their title' }]);
    await ask(at.stage, publish.scheduleId, 'resolve', {
      verdict: 'live',
      platformPostId: String(id),
      decidedBy: 'Olga',
      evidence: 'looked at the site',
    });
    await at.until(publish.scheduleId, 'published');
  });
});

describe('between the preparation and the create, a draft', () => {
  test('that is renamed goes live under the slug that was approved', async () => {
    const { publish, hold, id } = await aboutToCreate('late-rename');
    await change(id, `'post_name' => 'late-rename-by-hand'`);
    hold.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(await at.under('late-rename')).toMatchObject([{ id, slug: 'late-rename', status: 'publish' }]);
  });

  test('that is published by hand is live once', async () => {
    const { publish, hold, id } = await aboutToCreate('late-publish');
    await change(id, `'post_status' => 'publish'`);
    hold.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(await at.under('late-publish')).toMatchObject([{ id, status: 'publish' }]);
  });

  test('that is put into the bin is live once: WordPress takes it out again', async () => {
    const { publish, hold, id } = await aboutToCreate('late-bin');
    await at.site.php(`wp_trash_post(${id});`);
    hold.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(await at.under('late-bin')).toMatchObject([{ id, slug: 'late-bin', status: 'publish' }]);
  });

  test('that is scheduled by hand stays so: a person decides', async () => {
    const { publish, hold, id } = await aboutToCreate('late-schedule');
    await at.site.php(
      `wp_update_post(['ID' => ${id}, 'post_status' => 'future', 'post_date' => '2040-01-01 00:00:00', 'post_date_gmt' => '2040-01-01 00:00:00', 'edit_date' => true]);`,
    );
    hold.release();
    await at.until(publish.scheduleId, 'unconfirmed');
    expect((await at.stands(publish.scheduleId)).text).toContain('which will publish it by itself');
    expect(await at.under('late-schedule')).toMatchObject([{ id, status: 'future' }]);
  });

  test('that is deleted for good is made anew, and is live once', async () => {
    const { publish, hold, id } = await aboutToCreate('late-delete');
    await at.site.php(`wp_delete_post(${id}, true);`);
    hold.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(await at.under('late-delete')).toMatchObject([{ slug: 'late-delete', status: 'publish' }]);
  });
});

describe('after a create whose answer was lost, a post', () => {
  async function lost(slug: string) {
    const scheduleId = crypto.randomUUID();
    const shop = await at.shop();
    shop.proxy.setFault('publish', afterCommit(RESET));
    const hold = holdAt(at.stage.folder, { point: 'answered_unsaved', scheduleId });
    const publish = await at.publish(shop, slug, { id: scheduleId });
    await until('its answer is lost', () => hold.standing() !== null);
    return { shop, publish, hold, id: await idOf(slug) };
  }

  test('that somebody renamed is ours, where they put it', async () => {
    const { publish, hold, id, shop } = await lost('moved');
    await change(id, `'post_name' => 'moved-by-hand'`);
    hold.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(shop.proxy.count('publish').received).toBe(1);
    expect((await at.site.posts()).find((post) => post.id === id)).toMatchObject({ slug: 'moved-by-hand' });
  });

  test('that somebody put into the bin is not published again: a person decides', async () => {
    const { publish, hold, id, shop } = await lost('regretted');
    await at.site.php(`wp_trash_post(${id});`);
    hold.release();
    await at.until(publish.scheduleId, 'unconfirmed');
    expect(shop.proxy.count('publish').received).toBe(1);
    expect(await at.under('regretted')).toMatchObject([{ id, status: 'trash' }]);
  });

  test('whose mark somebody took out is doubt: a person decides', async () => {
    const { publish, hold, id, shop } = await lost('unmarked');
    await change(id, `'post_content' => 'Wholly other words'`);
    hold.release();
    await at.until(publish.scheduleId, 'unconfirmed');
    expect((await at.stands(publish.scheduleId)).text).toContain('no longer carries the mark');
    expect(shop.proxy.count('publish').received).toBe(1);
  });

  test('that was deleted for good is found by its mark where somebody has a copy of it live', async () => {
    const { publish, hold, id, shop } = await lost('copied');
    await at.site.php(`
      $copy = (array) get_post(${id}, ARRAY_A); unset($copy['ID'], $copy['guid']); $copy['post_name'] = 'copied-again';
      wp_insert_post(wp_slash($copy)); wp_insert_post(wp_slash($copy)); wp_delete_post(${id}, true);`);
    hold.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(shop.proxy.count('publish').received).toBe(1);
  });
});
