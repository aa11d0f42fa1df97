// Shows that the site is what its README says: a real WordPress with a judge of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SiteUser } from './make-site.ts';
import { startWordpress, type Wordpress } from './start-wordpress.ts';

let folder: string;
let site: Wordpress;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wordpress-'));
  site = await startWordpress({ folder });
});
afterAll(async () => {
  await site?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function ask(user: SiteUser, method: string, route: string, json?: object) {
  const authorization = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/json' };
  const body = json === undefined ? {} : { body: JSON.stringify(json) };
  const response = await fetch(`${site.url}/wp-json/wp/v2${route}`, { method, headers, ...body });
  const answered: unknown = await response.json();
  return { status: response.status, body: answered };
}

test('admin, author and contributor sign in with application passwords, and may do what their roles may', async () => {
  const { admin, author, contributor } = site.users;
  const post = { title: 'A', content: 'a', status: 'publish' };
  expect(await ask(admin, 'POST', '/posts', post)).toMatchObject({ status: 201, body: { status: 'publish' } });
  expect(await ask(author, 'POST', '/posts', post)).toMatchObject({ status: 201, body: { slug: 'a-2' } });
  expect(await ask(contributor, 'POST', '/posts', post)).toMatchObject({
    status: 403,
    body: { code: 'rest_cannot_publish' },
  });
  expect(await ask({ ...admin, password: 'no' }, 'POST', '/posts', post)).toMatchObject({ status: 401 });
});

test('the judge sees drafts, the bin and duplicates', async () => {
  await site.php(
    `wp_trash_post(wp_insert_post(['post_title' => 'Binned', 'post_name' => 'binned', 'post_status' => 'publish', 'post_content' => 'x']));`,
  );
  await site.php(`wp_insert_post(['post_title' => 'Draft', 'post_status' => 'draft', 'post_content' => 'x']);`);
  await site.sql(`update wp_posts set post_name = 'a' where post_name = 'a-2'`);
  const seen = (await site.posts()).map(({ slug, status }) => `${slug} ${status}`);
  expect(seen).toEqual(['hello-world publish', 'a publish', 'a publish', 'binned__trashed trash', ' draft']);
});

test('a killed site comes back at the same address with all it held', async () => {
  const before = await site.posts();
  await site.kill();
  await expect(fetch(site.url)).rejects.toThrow('fetch failed');
  await site.restart();
  expect(await site.posts()).toEqual(before);
  expect((await fetch(`${site.url}/hello-world/`)).status).toBe(200);
});
