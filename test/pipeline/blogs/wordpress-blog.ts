// A real WordPress as a blog of runs; the zone of a post stands in its address.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { connectWordpress } from '../../harness/wordpress-account.ts';
import { afterCommit, before } from '../../pds/faults.ts';
import { page as answerPage, restError, startSiteProxy } from '../../wordpress/site-proxy.ts';
import { startWordpress } from '../../wordpress/start-wordpress.ts';
import { type Blog, type BlogRecord, type HandPage, isMadeFrom } from './blog.ts';

const REFUSAL = restError(400, 'rest_invalid_param', 'Invalid parameter(s): status');
const ALWAYS = Number.POSITIVE_INFINITY;

const recordsSchema = z.array(
  z.object({
    id: z.coerce.string(),
    slug: z.string(),
    status: z.string().transform((status) => (status === 'publish' ? ('published' as const) : ('draft' as const))),
    title: z.string(),
    zone: z.string().nullable(),
    text: z.string(),
  }),
);

const RECORDS = `echo json_encode(array_map(fn($post) => [
  'id' => $post->ID, 'slug' => $post->post_name, 'status' => $post->post_status, 'title' => $post->post_title,
  'text' => $post->post_content, 'zone' => get_the_category($post->ID)[0]->slug ?? null,
], get_posts(['post_status' => 'any', 'numberposts' => -1, 'orderby' => 'ID', 'order' => 'ASC'])));`;

export async function openWordpressBlog(): Promise<Blog> {
  const folder = await mkdtemp(join(tmpdir(), 'run-wordpress-'));
  const site = await startWordpress({ folder });
  await site.php(
    `global $wp_rewrite; $wp_rewrite->set_permalink_structure('/%category%/%postname%/'); flush_rewrite_rules();`,
  );
  const proxy = await startSiteProxy(site.url);
  const save = (call: string, fields: object) =>
    site.php(`echo ${call}(wp_slash(json_decode(${asPhp(JSON.stringify(fields))}, true)));`);
  return {
    settings: { 'timeouts.answer': '5s', 'timeouts.heartbeat': '10s', 'timeouts.lease': '10s' },
    address: (zone) => `${site.url}/${zone}/{slug}/`,
    connect: (stage) => connectWordpress(stage, { name: 'blog', user: site.users.admin, url: proxy.url }),
    make: async (page) => {
      const id = await save('wp_insert_post', toFields(page));
      await site.php(categorise(id, page.zone));
      return id;
    },
    async change(id, { zone, ...changes }) {
      if (Object.keys(changes).length > 0) await save('wp_update_post', { ID: Number(id), ...toFields(changes) });
      if (zone !== undefined) await site.php(categorise(id, zone));
    },
    remove: async (id) => void (await site.php(`wp_delete_post(${Number(id)}, true);`)),
    async under(slug) {
      const all: BlogRecord[] = recordsSchema.parse(JSON.parse(await site.php(RECORDS)));
      return all.filter((record) => isMadeFrom(record.slug, slug));
    },
    creates(answer) {
      proxy.clearFaults();
      if (answer === 'refused') proxy.setFault('publish', before(REFUSAL), ALWAYS);
      if (answer === 'lied') proxy.setFault('publish', afterCommit(REFUSAL), ALWAYS);
      if (answer === 'lied_unseen') {
        void proxy
          .setFault('publish', afterCommit(REFUSAL))
          .fired.then(() => proxy.setFault('who_stands', before(answerPage(502)), ALWAYS));
      }
    },
    readable(yes) {
      proxy.clearFaults();
      if (!yes) proxy.setFault('who_stands', before(answerPage(502)), ALWAYS);
    },
    async close() {
      await proxy.close();
      await site.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function toFields({ slug, title, html, status }: Partial<HandPage>): Record<string, unknown> {
  return {
    ...(slug === undefined ? {} : { post_name: slug }),
    ...(title === undefined ? {} : { post_title: title }),
    ...(html === undefined ? {} : { post_content: html }),
    ...(status === undefined ? {} : { post_status: status === 'published' ? 'publish' : 'draft' }),
  };
}

const categorise = (id: string, zone: string): string =>
  `wp_set_post_categories(${Number(id)}, [get_category_by_slug(${asPhp(zone)})->term_id]);`;

/** A text as PHP writes it. */
const asPhp = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
