// Connecting a site of Ghost with an Admin API key, on the real software, and what a blog can be asked about its pages.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { adapter } from '../../src/platforms/ghost/adapter.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openAdapterSession } from '../harness/adapter-session.ts';
import { aPost } from '../platforms/bluesky/post-on-paper.ts';
import { type GhostShop, openGhostShop } from '../platforms/ghost/ghost-shop.ts';
import { noticeOf, type Person, signIn } from './person.ts';

let shop: GhostShop;
let api: TestApi;
let ada: Person;
beforeAll(async () => {
  shop = await openGhostShop();
  api = await openApi(shop.stage);
  ada = await signIn(shop.stage, api.url);
}, 240_000);
afterAll(async () => {
  await api.close();
  await shop.close();
});

const connect = (accessToken: string) =>
  ada.post('/connections/new/ghost', { apiBase: `${shop.ghost.url}/`, accessToken });

it('is connected by the form, under the site’s title and by the site’s address', async () => {
  expect(noticeOf(await connect(shop.key))).toBe('"A ghost" is connected.');
  const { db } = shop.stage.context.ledger;
  const rows = await db.select().from(connectedAccounts).where(eq(connectedAccounts.remoteId, shop.ghost.url));
  expect(rows).toMatchObject([{ platform: 'ghost', name: 'A ghost', apiBase: shop.ghost.url, grantExpiresAt: null }]);
});

it('is not connected with what is no Admin API key, nor with one whose integration is gone', async () => {
  expect(noticeOf(await connect('0123456789abcdef0123456789'))).toContain('This is no Admin API key');
  const { key, integrationId } = await shop.ghost.owner.makeKey('Gone');
  await shop.ghost.owner.deleteIntegration(integrationId);
  const page = await connect(key);
  expect(noticeOf(page)).toContain('Unknown Admin API Key');
  expect(page.text).not.toContain(key);
});

function session(key = shop.key) {
  const account = { id: 'a', name: 'blog', remoteId: shop.ghost.url, apiBase: shop.ghost.url, scopes: [] };
  return openAdapterSession({ account, post: aPost(), grant: { accessToken: key } });
}

it('tells what stands under a slug and under those made from it, drafts and pages too, and nothing else', async () => {
  const { owner } = shop.ghost;
  const tags = [{ name: 'Zone A' }, { name: '#op-0123456789abcdef01234567' }];
  await owner.makePost({ title: 'One', slug: 'here', status: 'published', tags, html: '<p>1</p>' });
  await owner.makePost({ title: 'Two', slug: 'here', status: 'draft' });
  for (const slug of ['here-after', 'here-2-go', 'where', 'here-1x']) await owner.makePost({ title: slug, slug });
  const found = await adapter.pages?.standingAt(session(), 'here');
  expect(found).toEqual([
    {
      id: expect.any(String),
      slug: 'here',
      status: 'published',
      zones: ['zone-a'],
      title: 'One',
      html: '<p>1</p>',
      url: `${shop.ghost.url}/here/`,
      canonicalUrl: null,
      marks: ['op-0123456789abcdef01234567'],
      updatedAt: expect.any(Date),
    },
    expect.objectContaining({ slug: 'here-2', status: 'draft', url: null, marks: [], zones: [] }),
  ]);
  expect(await adapter.pages?.standingAt(session(), 'nowhere')).toEqual([]);
});

it('lists more than one page of them whole', async () => {
  const { owner } = shop.ghost;
  for (let made = 0; made < 103; made += 1) await owner.makePost({ title: 'Many', slug: 'many' });
  const found = await adapter.pages?.standingAt(session(), 'many');
  expect(found).toHaveLength(103);
  expect(new Set(found?.map(({ id }) => id)).size).toBe(103);
});

it('shows a person the posts around an instant', async () => {
  const near = await adapter.nearby?.(session(), { around: new Date() });
  expect(near?.map(({ text }) => text)).toContain('One');
  expect(near?.map(({ text }) => text)).not.toContain('Two');
  expect(await adapter.nearby?.(session(), { around: new Date('2020-01-01T00:00:00Z') })).toEqual([]);
});
