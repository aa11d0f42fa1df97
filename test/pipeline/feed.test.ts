// The feed that a public page names, as far as it tells of the post: what leaks there is found, and what cannot be read refuses nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { feedAddress, itemOf } from '../../src/domain/pipeline/page/feed.ts';
import { openRecheckPlace, type RecheckPlace } from './recheck-place.ts';

const MARKER = '<!-- ZCP:ASSET id="a" kind="image" required="true" -->';
const POST = { title: 'T', body: 'b', format: 'markdown', url: 'https://blog.example/news/sea/' } as const;
const FEED = 'https://blog.example/feed.xml';

describe('the feed of a page', () => {
  const link = (attributes: string) => `<html><head><link ${attributes}></head></html>`;
  test.each([
    ['RSS', link('rel="alternate" type="application/rss+xml" href="/feed.xml"'), FEED],
    ['Atom, by its whole address', link(`rel="ALTERNATE feed" type="application/atom+xml" href="${FEED}"`), FEED],
    ['a translation', link('rel="alternate" hreflang="de" href="/de/"'), null],
    ['of another site', link('rel="alternate" type="application/rss+xml" href="https://other.example/f"'), null],
    ['none', '<html></html>', null],
  ])('%s', (_what, html, expected) => {
    expect(feedAddress({ hops: [], url: POST.url, status: 200, problem: null, html })).toBe(expected);
  });
});

describe('the item of a post', () => {
  const other = '<item><link>https://blog.example/news/lake/</link><description>Lake</description></item>';
  test.each([
    ['by its link', '<item><link>https://blog.example/news/sea</link></item>'],
    ['by its guid', '<item><guid isPermaLink="true"><![CDATA[https://blog.example/news/sea/]]></guid></item>'],
    ['by the link of Atom', '<entry><link rel="alternate" href="/news/sea/"/></entry>'],
    ['by the id of Atom', '<entry><id>https://blog.example/news/sea/</id></entry>'],
    [
      'with the end of an item in its text',
      '<item><description><![CDATA[</item>]]></description><link>/news/sea/</link></item>',
    ],
  ])('is found %s', (_how, item) => {
    expect(itemOf(`<rss><channel>${other}${item}${other}</channel></rss>`, FEED, POST)).toBe(item);
  });

  test.each([
    ['another post', other],
    ['one that only relates to it', '<entry><id>x:1</id><link rel="related" href="/news/sea/"/></entry>'],
    ['one that names it in its text', `<item><description>${POST.url}</description></item>`],
    ['what is no feed', '<html><body><a href="/news/sea/">'],
  ])('is not %s', (_what, xml) => {
    expect(itemOf(xml, FEED, POST)).toBeNull();
  });
});

describe('a run whose site has a feed', () => {
  let at: RecheckPlace;
  beforeAll(async () => {
    at = await openRecheckPlace();
  });
  afterAll(() => at.close());
  beforeEach(() => at.site.feed(null));
  const item = (slug: string, more: string) =>
    `<item><link>${at.site.url}/news/${slug}/</link><description><![CDATA[<p>x</p>${more}]]></description></item>`;

  it('is not published while the feed alone shows a marker', async () => {
    at.site.feed(item('leaks', MARKER));
    const id = await at.start('leaks');
    const { stages } = await at.place.untilRun(id, 'has failed', ({ run }) => run.state === 'failed');
    expect(stages.at(-1)?.cause).toMatchObject({
      code: 'page_differs',
      text: expect.stringContaining(
        `No planning marker is left: no. Expected none; seen in its feed ${at.site.url}/feed.xml`,
      ),
    });
  });

  it('is published where the feed is clean, and found wrong once it is not', async () => {
    at.site.feed(`${item('other', MARKER)}${item('clean', '')}`);
    const id = await at.published('clean');
    const seen = async () => {
      const { last } = await at.looked(id);
      return { verdict: last?.verdict, seen: last?.checks.find(({ check }) => check === 'markers')?.seen };
    };
    const feed = `${at.site.url}/feed.xml`;
    expect(await seen()).toEqual({ verdict: 'live', seen: `none; its feed ${feed} was looked at, too` });
    at.site.feed(item('other', MARKER));
    expect(await seen()).toEqual({ verdict: 'live', seen: `none; its feed ${feed} does not list the post` });
    at.site.feed(item('clean', MARKER));
    expect(await seen()).toMatchObject({ verdict: 'changed', seen: expect.stringContaining(`in its feed ${feed}: `) });
    at.site.feed(null);
    expect(await seen()).toEqual({ verdict: 'live', seen: 'none; the page names no feed of its site' });
  });
});
