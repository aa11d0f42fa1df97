// Publishing to a real Ghost through the workflow: live, once, with everything the post says.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { afterCommit, RESET } from '../../pds/faults.ts';
import { type GhostShop, openGhostShop } from './ghost-shop.ts';

let shop: GhostShop;
beforeAll(async () => {
  shop = await openGhostShop();
  await shop.stage.startWorker();
}, 240_000);
afterEach(() => shop.proxy.clearFaults());
afterAll(() => shop.close());

describe('a post', () => {
  test('goes live with its picture, zone, tags, excerpt and canonical address, and no mail leaves', async () => {
    await shop.ghost.owner.makePost({ title: 'Before', status: 'published', tags: [{ name: 'News' }] });
    const picture = { ...shop.media.item('sample.png'), altText: 'Grey stripes' };
    const inside = shop.media.item('sample.jpg');
    const options = {
      title: 'Everything',
      slug: 'everything',
      zone: 'news',
      tags: ['Field notes', 'news'],
      excerpt: 'In short.',
      canonicalUrl: 'https://elsewhere.example/everything',
      cover: 0,
    };
    const text = `## Head\n\n![A picture](${inside.url})`;
    const publish = await shop.stage.startPublish(shop.post(options, { text, media: [picture, inside] }));
    await publish.result();
    const [post, ...others] = await shop.at('everything');
    expect(others).toEqual([]);
    expect(post).toMatchObject({
      title: 'Everything',
      slug: 'everything',
      status: 'published',
      url: `${shop.ghost.url}/everything/`,
      custom_excerpt: 'In short.',
      canonical_url: 'https://elsewhere.example/everything',
      feature_image_alt: 'Grey stripes',
      email: null,
    });
    expect(post?.feature_image).toMatch(new RegExp(`^${shop.ghost.url}/content/images/.*/everything-1.*\\.png$`));
    expect(post?.html).toMatch(
      /<h2>Head<\/h2>\n<p><img src="[^"]*\/content\/images\/[^"]*everything-2[^"]*\.jpg" alt="A picture" \/><\/p>/,
    );
    // The zone that the site has already, once, though it is written in another way, and our mark where no reader sees it.
    expect(post?.tags.map(({ slug, visibility }) => [slug, visibility])).toEqual([
      ['news', 'public'],
      ['field-notes', 'public'],
      [expect.stringMatching(/^hash-op-[0-9a-f]{24}$/), 'internal'],
    ]);
    expect(await shop.result(publish.scheduleId)).toMatchObject({
      state: 'published',
      platformPostId: post?.id,
      url: `${shop.ghost.url}/everything/`,
    });
    for (const url of [post?.url ?? '', post?.feature_image ?? '']) expect((await fetch(url)).status).toBe(200);
  });

  test('is recognised after its answer was lost, and nothing is sent twice', async () => {
    const before = shop.proxy.count('publish').received;
    shop.proxy.setFault('publish', afterCommit(RESET));
    const publish = await shop.stage.startPublish(shop.post({ slug: 'lost' }));
    await publish.result();
    expect((await shop.at('lost')).map(({ slug, status }) => [slug, status])).toEqual([['lost', 'published']]);
    expect(shop.proxy.count('publish').received - before).toBe(1);
  });

  test('whose draft was made behind a lost answer leaves no second draft', async () => {
    shop.proxy.setFault('makeDraft', afterCommit(RESET));
    const publish = await shop.stage.startPublish(shop.post({ slug: 'lost-draft' }));
    await publish.result();
    expect((await shop.at('lost-draft')).map(({ slug, status }) => [slug, status])).toEqual([
      ['lost-draft', 'published'],
    ]);
  });
});

describe("an author's HTML", () => {
  const HTML =
    '<div class="note" id="n1"><p>in <span style="color:red">red</span> <mark>m</mark> &amp; <kbd>K</kbd></p></div>\n' +
    '<details><summary>More</summary>hidden</details><dl><dt>t</dt><dd>d</dd></dl>\n<p>unclosed <b>x';

  test('survives byte for byte', async () => {
    const publish = await shop.stage.startPublish(shop.post({ slug: 'html', format: 'html' }, { text: HTML }));
    await publish.result();
    const [post] = await shop.at('html');
    expect(post?.html?.trim()).toBe(`<!--kg-card-begin: html-->\n${HTML}\n<!--kg-card-end: html-->`);
  });

  test('would not survive Ghost’s own reading of it, which is why it is not used', async () => {
    const made = await shop.ghost.owner.makePost({ title: 'Read by Ghost', html: HTML, status: 'draft' });
    expect(made.html).toContain('in redm&amp; K');
    expect(made.html).not.toContain('<details>');
    expect(made.html).not.toContain('<dl>');
  });
});
