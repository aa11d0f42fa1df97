// Publishing to a real WordPress: live, once, as it was meant.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { editSchedule } from '../../../src/publishing/intake/edit.ts';
import { type MediaFiles, serveMedia } from '../../harness/media-files.ts';
import { afterCommit, before, RESET } from '../../pds/faults.ts';
import { restError } from '../../wordpress/site-proxy.ts';
import { ask, OLGA, scheduleOf } from '../../workflow/shop.ts';
import { openSiteStage, type SiteShop, type SiteStage } from './site-stage.ts';

let at: SiteStage;
let media: MediaFiles;
beforeAll(async () => {
  media = await serveMedia();
  at = await openSiteStage();
});
afterAll(async () => {
  await at.close();
  await media.close();
});

describe('a post', () => {
  test('goes live with its picture, zone, tags and excerpt, and readers see no mark', async () => {
    const shop = await at.shop();
    const picture = { ...media.item('sample.png'), altText: 'Grey "stripes"' };
    const publish = await at.publish(shop, 'first-light', {
      text: `# A head\n\nSome *words*.\n\n![Grey stripes](${picture.url})\n`,
      media: [picture],
      options: { zone: 'guides', tags: ['Fish & Chips', 'Zoë'], excerpt: 'In short', cover: 0, title: 'Light & dark' },
    });
    expect(await publish.result()).toMatchObject({ state: 'published' });
    const [post, ...more] = await at.under('first-light');
    expect(more).toEqual([]);
    expect(post).toMatchObject({ slug: 'first-light', status: 'publish', title: 'Light & dark' });
    const shown = await (await fetch(`${at.site.url}/first-light/`)).text();
    expect(shown).toContain('<em>words</em>');
    expect(shown).not.toContain(picture.url);
    expect(shown.replace(/<!--[\s\S]*?-->/g, '')).not.toContain('op-');
    const [file, ...others] = await at.site.media();
    expect(others).toEqual([]);
    expect(shown).toContain(`${file?.slug}.png`);
    const told = await at.site.php(`echo json_encode([
      wp_get_post_terms(${post?.id}, 'category', ['fields' => 'slugs']),
      wp_get_post_terms(${post?.id}, 'post_tag', ['fields' => 'names']),
      get_post(${post?.id})->post_excerpt,
      get_post_thumbnail_id(${post?.id}),
      get_post_meta(${file?.id}, '_wp_attachment_image_alt', true)]);`);
    expect(JSON.parse(told)).toEqual([['guides'], ['Fish &amp; Chips', 'Zoë'], 'In short', file?.id, 'Grey "stripes"']);
  });

  test('whose answer is lost is found, and not sent again', async () => {
    const shop = await at.shop();
    shop.proxy.setFault('publish', afterCommit(RESET));
    const publish = await at.publish(shop, 'lost-answer');
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(shop.proxy.count('publish').received).toBe(1);
    expect(await at.under('lost-answer')).toMatchObject([{ slug: 'lost-answer', status: 'publish' }]);
  });
});

describe('an author', () => {
  test('publishes, and the mark is found again though WordPress cleans what an author sends', async () => {
    const shop = await at.shop('author');
    shop.proxy.setFault('make_draft', afterCommit(RESET));
    const text = 'Words <script>alert(1)</script> of an author';
    const publish = await at.publish(shop, 'by-an-author', { text });
    expect(await publish.result()).toMatchObject({ state: 'published' });
    const posts = await at.under('by-an-author');
    expect(posts).toMatchObject([{ slug: 'by-an-author', status: 'publish', author: at.site.users.author.id }]);
    expect(posts[0]?.content).not.toContain('<script');
    expect(posts[0]?.content).toMatch(/<!-- op-[0-9a-f]{24} -->$/);
  });
});

describe('a contributor', () => {
  test('may not publish: the draft stays, and the connection is named', async () => {
    const shop = await at.shop('contributor');
    const publish = await at.publish(shop, 'by-a-contributor');
    await at.until(publish.scheduleId, 'failed');
    expect(await at.stands(publish.scheduleId)).toMatchObject({ cause: 'permissions_missing', attempts: 1 });
    expect(await at.under('by-a-contributor')).toMatchObject([{ status: 'draft' }]);
  });
});

describe('a password that was taken back', () => {
  test('is a failed sign-in at whatever call meets it first, and nothing is left behind', async () => {
    const shop = await at.shop('admin', 'aaaa bbbb cccc dddd eeee ffff');
    const publish = await at.publish(shop, 'no-password');
    await at.until(publish.scheduleId, 'failed');
    const stands = await at.stands(publish.scheduleId);
    expect(stands).toMatchObject({ cause: 'auth_failed', attempts: 1 });
    expect(stands.text).toContain('WordPress does not know this sign-in');
    expect(await at.under('no-password')).toEqual([]);
  });
});

/** A publish whose draft is made and saved, and that was refused before its create. */
async function draftedAndRefused(shop: SiteShop, slug: string) {
  shop.proxy.setFault('who_stands', before(restError(403, 'rest_forbidden')));
  const publish = await at.publish(shop, slug);
  await at.until(publish.scheduleId, 'failed');
  return publish;
}

describe('a new version of a schedule', () => {
  test('takes the draft of the version before, under its new slug too, and makes no second one', async () => {
    const shop = await at.shop();
    const publish = await draftedAndRefused(shop, 'version-one');
    const [draft] = await at.under('version-one');
    const row = await scheduleOf(at.stage, publish.scheduleId);
    const { context, temporal, workspaceId } = at.stage;
    const caller = {
      kind: 'person',
      workspaceId,
      workspaceName: 'main',
      actor: OLGA,
      userId: 'olga',
      role: 'operator',
    } as const;
    const request = {
      expectedFingerprint: row?.fingerprint ?? '',
      text: 'Words of version two',
      options: { title: 'Title of version two', slug: 'version-two' },
    };
    const edited = await editSchedule(
      { ...context, client: temporal },
      { caller, scheduleId: publish.scheduleId, request },
    );
    expect(edited).toMatchObject({ kind: 'edited' });
    await ask(at.stage, publish.scheduleId, 'requestReplay', { requestedBy: 'Olga' });
    await at.until(publish.scheduleId, 'published');
    expect(await at.under('version-one')).toEqual([]);
    expect(await at.under('version-two')).toMatchObject([
      { id: draft?.id, slug: 'version-two', status: 'publish', title: 'Title of version two' },
    ]);
  });
});

describe('a site without pretty permalinks', () => {
  test('has its API found under ?rest_route=', async () => {
    const shop = await at.shop();
    await at.site.php(`update_option('permalink_structure', '');`);
    const publish = await at.publish(shop, 'plain-address');
    const result = await publish.result();
    await at.site.php(`update_option('permalink_structure', '/%postname%/');`);
    expect(result).toMatchObject({ state: 'published' });
    expect(await at.under('plain-address')).toMatchObject([{ status: 'publish' }]);
    expect(shop.proxy.count('publish').received).toBe(1);
  });
});

describe('a site that was killed', () => {
  test('is waited for, and the publish goes on where it was', async () => {
    const shop = await at.shop();
    await at.site.kill();
    const publish = await at.publish(shop, 'after-a-death');
    await at.until(publish.scheduleId, 'retry_later');
    await at.site.restart();
    expect(await publish.result()).toMatchObject({ state: 'published' });
    expect(await at.under('after-a-death')).toMatchObject([{ status: 'publish' }]);
  });
});
