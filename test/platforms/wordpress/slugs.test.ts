// Slugs that others have: ours is not published then, or is taken back, and nothing of theirs is touched.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { holdAt } from '../../harness/crash-file.ts';
import { until } from '../../harness/until.ts';
import { ask } from '../../workflow/shop.ts';
import { openSiteStage, type SiteStage } from './site-stage.ts';

let at: SiteStage;
beforeAll(async () => {
  at = await openSiteStage();
});
afterAll(() => at.close());

const insert = (slug: string, status: string, type = 'post') =>
  at.site.php(
    `echo wp_insert_post(['post_title' => 'Theirs', 'post_content' => 'Their words', 'post_name' => '${slug}', 'post_status' => '${status}', 'post_type' => '${type}']);`,
  );

/** A post of somebody else that comes under the slug although another has it, as WordPress allows when two come at once. */
async function forceUnder(slug: string): Promise<number> {
  const id = Number(await insert(`${slug}-theirs`, 'publish'));
  await at.site.sql(`update wp_posts set post_name = '${slug}' where ID = ${id}`);
  return id;
}

async function heldAt(point: string, slug: string, role: 'admin' | 'author' = 'admin') {
  const id = crypto.randomUUID();
  const hold = holdAt(at.stage.folder, { point, scheduleId: id });
  const publish = await at.publish(await at.shop(role), slug, { id });
  await until(`it stands at ${point}`, () => hold.standing() !== null);
  return { publish, hold };
}

describe('a slug that another post has', () => {
  test('keeps ours from being published, names the other, and leaves it as it is', async () => {
    const theirs = await insert('taken', 'publish');
    const publish = await at.publish(await at.shop(), 'taken');
    await at.until(publish.scheduleId, 'failed');
    expect(await at.stands(publish.scheduleId)).toMatchObject({
      cause: 'publish_failed',
      text: `Nothing was published. The slug "taken" is taken by "Theirs" (WordPress post ${theirs}, published, ${at.site.url}/taken/); it was left as it is. Choose another slug, or rename what is there, then replay.`,
    });
    const [first, ...ours] = await at.under('taken');
    expect(first).toMatchObject({ id: Number(theirs), slug: 'taken', status: 'publish', content: 'Their words' });
    expect(ours).toMatchObject([{ slug: 'taken-2', status: 'draft' }]);
  });

  test('is free once the other is renamed: the same draft goes live under it', async () => {
    const theirs = await insert('freed', 'draft');
    const publish = await at.publish(await at.shop(), 'freed');
    await at.until(publish.scheduleId, 'failed');
    expect((await at.stands(publish.scheduleId)).text).toContain(`(WordPress post ${theirs}, draft, `);
    await at.site.php(`wp_update_post(['ID' => ${theirs}, 'post_name' => 'elsewhere']);`);
    await ask(at.stage, publish.scheduleId, 'requestReplay', { requestedBy: 'Olga' });
    await at.until(publish.scheduleId, 'published');
    expect(await at.under('freed')).toMatchObject([{ slug: 'freed', status: 'publish' }]);
  });

  test('is found taken by an author too, who may not see whose draft it is', async () => {
    await insert('not-seen', 'draft');
    const publish = await at.publish(await at.shop('author'), 'not-seen');
    await at.until(publish.scheduleId, 'failed');
    expect((await at.stands(publish.scheduleId)).text).toContain('is taken by a post that this account may not see');
  });

  test('is taken by a page as well, though WordPress would publish both under one address', async () => {
    await insert('about-us', 'publish', 'page');
    const publish = await at.publish(await at.shop(), 'about-us');
    await at.until(publish.scheduleId, 'failed');
    expect((await at.stands(publish.scheduleId)).text).toContain(`the page "Theirs" (${at.site.url}/about-us/)`);
    expect(await at.under('about-us')).toMatchObject([{ status: 'draft' }]);
  });

  test('that WordPress keeps for dates is no slug for a post', async () => {
    const publish = await at.publish(await at.shop(), '2019');
    await at.until(publish.scheduleId, 'failed');
    expect((await at.stands(publish.scheduleId)).text).toContain('is taken by WordPress itself');
  });
});

describe('a slug that is taken between the preparation and the create', () => {
  test('by hand, in WordPress: ours keeps it, since a draft does', async () => {
    const { publish, hold } = await heldAt('before_intent', 'by-hand');
    await insert('by-hand', 'publish');
    hold.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(await at.under('by-hand')).toMatchObject([
      { slug: 'by-hand', status: 'publish', title: 'Title of by-hand' },
      { slug: 'by-hand-2', status: 'publish', title: 'Theirs' },
    ]);
  });

  test('at the same instant: ours came out numbered, is taken back, and the other is named', async () => {
    const { publish, hold } = await heldAt('before_intent', 'raced');
    const theirs = await forceUnder('raced');
    hold.release();
    await at.until(publish.scheduleId, 'failed');
    const stands = await at.stands(publish.scheduleId);
    expect(stands.cause).toBe('publish_failed');
    expect(stands.text).toContain(`The slug "raced" is taken by "Theirs" (WordPress post ${theirs}, published, `);
    expect(await at.under('raced')).toMatchObject([
      { slug: 'raced-2', status: 'draft', title: 'Title of raced' },
      { id: theirs, slug: 'raced', status: 'publish', content: 'Their words' },
    ]);
  });

  test('and given back before anybody looks: ours gets it, and was live once all the while', async () => {
    const { publish, hold } = await heldAt('before_intent', 'given-back');
    const theirs = await forceUnder('given-back');
    const answered = holdAt(at.stage.folder, { point: 'answered_unsaved', scheduleId: publish.scheduleId });
    hold.release();
    await until('it is answered', () => answered.standing() !== null);
    expect((await at.under('given-back'))[0]).toMatchObject({ slug: 'given-back-2', status: 'publish' });
    await at.site.php(`wp_delete_post(${theirs}, true);`);
    answered.release();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(await at.under('given-back')).toMatchObject([{ slug: 'given-back', status: 'publish' }]);
  });
});

describe('two schedules with one slug', () => {
  test('of one account: the first is published, the second names it', async () => {
    const shop = await at.shop();
    const both = await Promise.all([at.publish(shop, 'one-of-two'), at.publish(shop, 'one-of-two')]);
    await until('both came to rest', async () => {
      const states = await Promise.all(both.map(async ({ scheduleId }) => (await at.stands(scheduleId)).state));
      return states.toSorted().join() === 'failed,published';
    });
    const live = (await at.under('one-of-two')).filter(({ status }) => status === 'publish');
    expect(live).toMatchObject([{ slug: 'one-of-two' }]);
  });

  test('of two accounts, whose drafts came under it at the same instant: the older is published, the younger gives way', async () => {
    const one = await heldAt('draft_saved', 'twins', 'admin');
    const other = await heldAt('draft_saved', 'twins', 'admin');
    const drafts = await at.under('twins');
    await at.site.sql(`update wp_posts set post_name = 'twins' where ID in (${drafts.map(({ id }) => id).join()})`);
    one.hold.release();
    other.hold.release();
    expect(await one.publish.result()).toMatchObject({ state: 'published' });
    await at.until(other.publish.scheduleId, 'failed');
    expect((await at.stands(other.publish.scheduleId)).text).toContain(`is taken by "Title of twins"`);
    expect(await at.under('twins')).toMatchObject([
      { id: drafts[0]?.id, slug: 'twins', status: 'publish' },
      { id: drafts[1]?.id, slug: 'twins-2', status: 'draft' },
    ]);
  });

  test('of an admin and an author at once, time after time: never two live, and nothing of a number', async () => {
    const shops = [await at.shop('admin'), await at.shop('author')];
    const slugs = ['crowd-a', 'crowd-b', 'crowd-c', 'crowd-d'];
    const all = await Promise.all(slugs.flatMap((slug) => shops.map((shop) => at.publish(shop, slug))));
    await until('all came to rest', async () => {
      const states = await Promise.all(all.map(async ({ scheduleId }) => (await at.stands(scheduleId)).state));
      return states.every((state) => state === 'published' || state === 'failed');
    });
    for (const slug of slugs) {
      const live = (await at.under(slug)).filter(({ status }) => status === 'publish');
      expect(live.length).toBeLessThanOrEqual(1);
      expect(live.filter((post) => post.slug !== slug)).toEqual([]);
    }
  });
});
