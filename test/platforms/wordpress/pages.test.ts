// What a site is asked about its pages, and how it is connected: by the public doors, on the real one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectWithSecrets } from '../../../src/connections/connect-with-secrets.ts';
import { connectedAccounts } from '../../../src/ledger/schema/accounts.ts';
import { adapter } from '../../../src/platforms/wordpress/adapter.ts';
import { type AdapterSession, openAdapterSession } from '../../harness/adapter-session.ts';
import { before } from '../../pds/faults.ts';
import { page } from '../../wordpress/site-proxy.ts';
import { OLGA } from '../../workflow/shop.ts';
import { openSiteStage, type SiteShop, type SiteStage } from './site-stage.ts';

let at: SiteStage;
let shop: SiteShop;
const sessions: AdapterSession[] = [];
beforeAll(async () => {
  at = await openSiteStage();
  shop = await at.shop();
});
afterAll(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  await at.close();
});

function sessionOf(role: 'admin' | 'author', url = at.site.url): AdapterSession {
  const { name, password } = at.site.users[role];
  const session = openAdapterSession({
    account: { id: 'a', name, remoteId: '', apiBase: url, scopes: [] },
    grant: { accessToken: '', identifier: name, password },
    post: {
      workspaceId: 'w',
      scheduleId: 's',
      fingerprint: 'f',
      content: { text: '', media: [] },
      options: {},
      takenInAt: new Date(0),
      firstCreate: null,
    },
  });
  sessions.push(session);
  return session;
}

const standingAt = (role: 'admin' | 'author', slug: string, url?: string) =>
  adapter.pages?.standingAt(sessionOf(role, url), slug);

const insert = (fields: string) => at.site.php(`echo wp_insert_post([${fields}]);`);

describe('what stands under a slug', () => {
  test('is a post of ours, with its zone, its words and its mark', async () => {
    const publish = await at.publish(shop, 'standing', { options: { zone: 'guides', title: "It's & so" } });
    await publish.result();
    expect(await standingAt('author', 'standing')).toEqual(asReadersSee(await standingAt('admin', 'standing')));
    const [post, ...more] = (await standingAt('admin', 'standing')) ?? [];
    expect(more).toEqual([]);
    expect(post).toMatchObject({
      slug: 'standing',
      status: 'published',
      zones: ['guides'],
      title: "It's & so",
      url: `${at.site.url}/standing/`,
      canonicalUrl: null,
      marks: [expect.stringMatching(/^op-[0-9a-f]{24}$/)],
    });
    expect(post?.html).toContain('<p>Words of standing</p>');
  });

  test('is every post that WordPress numbered, drafts included, and none that merely begins the same', async () => {
    await insert(`'post_title' => 'One', 'post_content' => 'x', 'post_name' => 'many', 'post_status' => 'publish'`);
    await insert(`'post_title' => 'Two', 'post_content' => 'x', 'post_name' => 'many', 'post_status' => 'publish'`);
    await insert(`'post_title' => 'Three', 'post_content' => 'x', 'post_name' => 'many-3', 'post_status' => 'draft'`);
    await insert(
      `'post_title' => 'Other', 'post_content' => 'x', 'post_name' => 'many-more', 'post_status' => 'publish'`,
    );
    const found = (await standingAt('admin', 'many')) ?? [];
    expect(found.map(({ slug, status, title }) => [slug, status, title])).toEqual([
      ['many', 'published', 'One'],
      ['many-2', 'published', 'Two'],
      ['many-3', 'draft', 'Three'],
    ]);
  });

  test('is nothing, where there is conclusively nothing', async () => {
    expect(await standingAt('admin', 'nobody-there')).toEqual([]);
  });

  test('is not told where some of it is hidden from the account, or the answer is a page', async () => {
    await expect(standingAt('author', 'many')).rejects.toThrow('1 posts under this slug may not be seen');
    shop.proxy.setFault('who_stands', before(page(200)));
    await expect(standingAt('admin', 'many', shop.proxy.url)).rejects.toThrow('cannot be read');
  });
});

/** Quotes become typographic on the way to readers; an author gets others' titles as readers do. */
const asReadersSee = (pages: Awaited<ReturnType<typeof standingAt>>) =>
  pages?.map((one) => ({ ...one, title: one.title.replace("'", '’') }));

test('a person is shown what stands around an instant, and where a post is found', async () => {
  const shown = (await adapter.nearby?.(sessionOf('admin'), { around: new Date() })) ?? [];
  const one = shown.find(({ text }) => text === 'One');
  expect(one?.url).toBe(`${at.site.url}/many/`);
  expect(Math.abs((one?.at?.getTime() ?? 0) - Date.now())).toBeLessThan(600_000);
  expect(shown.map(({ text }) => text)).toContain('Three (draft)');
  expect(await adapter.link?.(sessionOf('admin'), one?.id ?? '')).toBe(`${at.site.url}/many/`);
  expect(await adapter.link?.(sessionOf('admin'), '99999')).toBeNull();
});

describe('an account', () => {
  const connect = (role: 'admin' | 'author' | 'contributor', password = at.site.users[role].password) =>
    connectWithSecrets(
      at.stage.context,
      { workspaceId: at.stage.workspaceId, actor: OLGA },
      {
        platform: 'wordpress',
        secrets: { apiBase: `${at.site.url}/`, identifier: role, password },
        accountId: null,
        name: null,
      },
    );

  test('is connected by its application password, under its name and its site', async () => {
    const host = new URL(at.site.url).host;
    expect(await connect('author')).toMatchObject({ name: `author on ${host}`, reconnected: false });
    expect(await connect('author')).toMatchObject({ reconnected: true });
    expect(await adapter.identify(sessionOf('author'))).toBe(`${at.site.url}/?author=${at.site.users.author.id}`);
  });

  test('has the capabilities of its role as scopes: a contributor has none that publishes', async () => {
    expect(await adapter.renew(sessionOf('author'))).toMatchObject({ scopes: ['publish_posts', 'upload_files'] });
    await connect('contributor');
    const { db } = at.stage.context.ledger;
    const all = await db.select().from(connectedAccounts);
    expect(all.find(({ name }) => name.startsWith('contributor on'))).toMatchObject({ scopes: [] });
  });

  test('stays unconnected with a wrong password, which is repeated nowhere', async () => {
    const error = await connect('admin', 'zzzz yyyy xxxx wwww vvvv uuuu').catch((reason: unknown) => String(reason));
    expect(error).toContain('the application password is wrong or was taken back');
    expect(error).not.toContain('yyyy');
  });

  test('stays unconnected where no WordPress answers', async () => {
    shop.proxy.setFault('index', before(page(404)), Number.POSITIVE_INFINITY);
    await expect(adapter.identify(sessionOf('admin', shop.proxy.url))).rejects.toThrow('no WordPress REST API answers');
    shop.proxy.clearFaults();
  });
});
