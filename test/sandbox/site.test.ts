// The site of the sandbox: it publishes by tools of the official kit, visitors read what it published, and its own record judges.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AccountCard } from '../../src/sandbox/control.ts';
import { openStage, type Stage, send } from './stage.ts';

const resultSchema = z.looseObject({
  content: z.array(z.looseObject({ text: z.string().default('') })),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
});

describe('a site of the sandbox', () => {
  let stage: Stage;
  let site: AccountCard;
  let base: string;
  let sites = 0;
  beforeAll(async () => {
    stage = await openStage();
    await newSite();
  });
  afterAll(() => stage.close());

  async function newSite(settings: Record<string, unknown> = {}): Promise<void> {
    sites += 1;
    site = await stage.control.createAccount({ platform: 'site', name: `site-${sites}`, settings });
    base = `${stage.url}/site/site-${sites}`;
  }

  async function call(tool: string, args: Record<string, unknown>, token?: string) {
    const client = new Client({ name: 'test', version: '1' });
    const requestInit = token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`), { requestInit }));
    try {
      const result = resultSchema.parse(await client.callTool({ name: tool, arguments: args }));
      return { result, text: result.content[0]?.text ?? '', isError: result.isError === true };
    } finally {
      await client.close();
    }
  }

  const post = (slug: string, more: object = {}) => ({
    title: `About ${slug}`,
    slug,
    zone: 'news',
    html: '<p>A text.</p><h2>A heading</h2>',
    ...more,
  });
  const page = (slug: string, zone = 'news') => send(`${base}/${zone}/${slug}/`);
  const live = () => stage.control.live({ platform: 'site', account: site.id });

  it('shows readers what was published: canonical link, title, headings and structured data, in a feed and on the front page', async () => {
    const { text } = await call(
      'create_post',
      post('sea', { excerpt: 'Wide </script> and deep', idempotency_key: 'op-1' }),
    );
    expect(JSON.parse(text)).toMatchObject({
      found: true,
      post: { slug: 'sea', zone: 'news', url: `${base}/news/sea/` },
    });
    const { status, text: seen } = await page('sea');
    expect(status).toBe(200);
    expect(seen).toContain(`<link rel="canonical" href="${base}/news/sea/">`);
    expect(seen).toContain('<h1>About sea</h1>');
    expect(seen).toContain('<p>A text.</p><h2>A heading</h2>');
    expect(seen).toContain('"headline":"About sea"');
    expect(seen).toContain('"description":"Wide \\u003c/script> and deep"');
    expect(seen).not.toContain('op-1');
    expect((await send(`${base}/feed.xml`)).text).toContain('<content type="html">&lt;p&gt;A text.');
    expect((await send(`${base}/`)).text).toContain(`<a href="${base}/news/sea/">About sea</a>`);
    expect(await live()).toMatchObject([{ url: `${base}/news/sea/`, text: 'About sea' }]);
  });

  it('tells a post by its slug and zone, or by the key that it was made with', async () => {
    const found = async (args: Record<string, unknown>) => JSON.parse((await call('get_post', args)).text).post?.slug;
    expect(await found({ slug: 'sea' })).toBe('sea');
    expect(await found({ slug: 'sea', zone: 'archive' })).toBeUndefined();
    expect(await found({ slug: 'other', idempotency_key: 'op-1' })).toBe('sea');
    expect(await found({ idempotency_key: 'op-2' })).toBeUndefined();
  });

  it('refuses a slug that another post has, or gives another one', async () => {
    const { text, isError } = await call('create_post', post('sea'));
    expect([JSON.parse(text), isError]).toEqual([
      { error: { message: 'Another post has this slug.', executed: false } },
      true,
    ]);
    expect(await live()).toHaveLength(1);
    await stage.control.settings(site.id, { takenSlug: 'suffix' });
    expect(JSON.parse((await call('create_post', post('sea'))).text)).toMatchObject({ post: { slug: 'sea-2' } });
  });

  it('shows a draft to nobody, and a deleted post to nobody any more', async () => {
    await newSite({ makesDrafts: true });
    const { id } = JSON.parse((await call('create_post', post('draft'))).text).post;
    expect([(await page('draft')).status, await live()]).toEqual([404, []]);
    await call('update_post', { id, status: 'published', title: 'Out' });
    expect([(await page('draft')).status, (await live()).length]).toEqual([200, 1]);
    await call('update_post', { id, zone: 'archive', slug: 'moved' });
    expect([(await page('draft')).status, (await page('moved', 'archive')).status]).toEqual([404, 200]);
    await call('delete_post', { id });
    expect([(await page('moved', 'archive')).status, await live()]).toEqual([404, []]);
    expect(JSON.parse((await call('get_post', { slug: 'moved' })).text)).toEqual({ found: false, post: null });
  });

  it('loses a post that its owner takes down by hand', async () => {
    await newSite();
    await call('create_post', post('gone'));
    const [shown] = await live();
    await stage.control.takeDown('site', shown?.id ?? '');
    expect((await page('gone')).status).toBe(404);
    expect(JSON.parse((await call('get_post', { slug: 'gone' })).text).found).toBe(false);
  });

  it.each([
    ['text', (told: string) => JSON.parse(told).post.slug],
    ['bare', (told: string) => JSON.parse(told).slug],
    ['result', (told: string) => JSON.parse(told).result.post.slug],
    ['data', (told: string) => JSON.parse(told).data.post.slug],
    ['posts', (told: string) => JSON.parse(told).posts[0].slug],
    ['prose', (told: string) => /"slug": "(.+)"/.exec(told)?.[1]],
    ['misread', (told: string) => JSON.parse(told).batch.items[0].entry.slug],
  ])('answers in the shape %s', async (shape, slugIn) => {
    await newSite({ answerBy: { create_post: shape } });
    const { text, result } = await call('create_post', post('shaped'));
    expect(slugIn(text)).toBe('shaped');
    expect(result.structuredContent).toBeUndefined();
    expect(JSON.parse((await call('get_post', { slug: 'shaped' })).text)).toMatchObject({ found: true });
  });

  it('tells an id as a number, and an address without a host', async () => {
    await newSite({ answerBy: { create_post: 'number_id', get_post: 'relative_url' } });
    expect(typeof JSON.parse((await call('create_post', post('odd'))).text).post.id).toBe('number');
    const { post: told } = JSON.parse((await call('get_post', { slug: 'odd' })).text);
    expect(told.url).toBe(`/site/site-${sites}/news/odd/`);
  });

  it('lies where it is told to: it says that it has done nothing, and the page is live', async () => {
    await newSite();
    const { id: account } = site;
    await stage.control.addFault({ platform: 'site', account, call: 'create_post', fault: { kind: 'lying_refusal' } });
    const { text, isError } = await call('create_post', post('lie'));
    expect([JSON.parse(text).error.executed, isError]).toEqual([false, true]);
    expect([(await page('lie')).status, (await live()).length]).toEqual([200, 1]);
    const [created] = await stage.control.calls({ platform: 'site', account, call: 'create_post' });
    expect(created).toMatchObject({ committed: true, fault: 'lying_refusal' });
  });

  it('counts a create that it refuses as one that took no effect', async () => {
    const { id: account } = site;
    await call('create_post', post('lie'));
    const fault = { kind: 'refuse_before', preset: 'not_executed' } as const;
    await stage.control.addFault({ platform: 'site', account, call: 'create_post', fault });
    expect((await call('create_post', post('away'))).isError).toBe(true);
    const calls = await stage.control.calls({ platform: 'site', account, call: 'create_post' });
    expect(calls.map(({ committed }) => committed)).toEqual([true, false, false]);
  });

  it('shows visitors a new post late, and tells of it late, where it is slow', async () => {
    await newSite({ showDelayMs: 60_000, lookupDelayMs: 30_000 });
    await call('create_post', post('slow'));
    const known = async () => JSON.parse((await call('get_post', { slug: 'slow' })).text).found;
    expect([(await page('slow')).status, await known()]).toEqual([404, false]);
    await stage.control.shiftClock(40_000);
    expect([(await page('slow')).status, await known()]).toEqual([404, true]);
    await stage.control.shiftClock(70_000);
    expect((await page('slow')).status).toBe(200);
    await stage.control.shiftClock(0);
  });

  it('wants its token where it is set to, and takes no other', async () => {
    await newSite({ token: true });
    const { accessToken } = site;
    await expect(call('get_post', { slug: 'a' })).rejects.toThrow();
    await expect(call('get_post', { slug: 'a' }, 'another')).rejects.toThrow();
    expect(JSON.parse((await call('get_post', { slug: 'a' }, accessToken)).text).found).toBe(false);
    await stage.control.changeTokens(site.id, { action: 'revoke' });
    await expect(call('get_post', { slug: 'a' }, accessToken)).rejects.toThrow();
  });
});
