// Kinds of posts to a real WordPress, each on an account behind a fault proxy of its own and under a slug of its own.
import type { MediaFiles } from '../harness/media-files.ts';
import type { Stage } from '../harness/stage.ts';
import { connectWordpress } from '../harness/wordpress-account.ts';
import { afterCommit, before, HANG, RESET } from '../pds/faults.ts';
import { page, startSiteProxy } from '../wordpress/site-proxy.ts';
import type { Wordpress } from '../wordpress/start-wordpress.ts';
import { type PostKind, withLostAnswer } from './practice.ts';

const FAULTS = {
  commits_then_hangs: afterCommit(HANG),
  lost_and_hangs: before(HANG),
  commits_then_resets: afterCommit(RESET),
  lost_behind_502: before(page(502)),
};

/** Every kind of post to WordPress. What is made counts drafts, published posts and uploads alike. */
export function wordpressKinds(stage: Stage, site: Wordpress, media: MediaFiles): PostKind[] {
  let opened = 0;
  const kind = (name: string, post: () => { media?: object[]; options?: object }): PostKind => ({
    name,
    async open(create) {
      opened += 1;
      const slug = `swept-post-${opened}-of-all`;
      const title = `Title of ${slug}`;
      const proxy = await startSiteProxy(site.url);
      const connect = () => connectWordpress(stage, { name: slug, user: site.users.author, url: proxy.url });
      const account = await connect();
      if (create) proxy.setFault('publish', FAULTS[create]);
      const { options, ...more } = post();
      const ours = async () => (await site.posts()).filter((one) => one.title === title);
      const uploads = async () => (await site.media()).filter((one) => one.slug.startsWith(slug));
      return {
        post: { account, text: 'Words', options: { title, slug, ...options }, ...more },
        live: async () => (await ours()).filter(({ status }) => status === 'publish').length,
        creates: async () => proxy.count('publish').received,
        made: async () => (await ours()).length + (await uploads()).length,
        spoilCreate: async (fault) => void proxy.setFault('publish', FAULTS[fault]),
        reconnect: async () => void (await connect()),
        close: () => proxy.close(),
      };
    },
  });
  const text = () => ({});
  const filed = () => ({ options: { zone: 'news', tags: ['swept'] } });
  const pictured = () => ({ media: [media.item('sample.png')], options: { cover: 0 } });
  return [
    kind('WordPress text in a zone', filed),
    withLostAnswer(kind('WordPress text', text)),
    kind('WordPress text with a cover', pictured),
  ];
}
