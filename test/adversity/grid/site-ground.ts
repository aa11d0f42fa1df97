// The grid's ground on a real WordPress: each cell has an account behind a fault proxy of its own, and a slug of its own.

import type { Stage } from '../../harness/stage.ts';
import { connectWordpress } from '../../harness/wordpress-account.ts';
import type { FaultProxy } from '../../pds/fault-proxy.ts';
import { startSiteProxy } from '../../wordpress/site-proxy.ts';
import type { Wordpress } from '../../wordpress/start-wordpress.ts';
import type { Cell } from './cell.ts';
import type { Field, Ground } from './ground.ts';
import { sampleItem } from './samples.ts';
import { type SiteFault, toSiteFault } from './site-faults.ts';

export type SiteCell = Cell<SiteFault>;

/** The ground on a running site. */
export function siteGround(stage: Stage, site: Wordpress): Ground<SiteFault> {
  const proxies: FaultProxy[] = [];
  return {
    async open(cell, name) {
      const proxy = await startSiteProxy(site.url);
      proxies.push(proxy);
      const connection = { name, user: site.users.admin, url: proxy.url };
      const accountId = await connectWordpress(stage, connection);
      return fieldOf({ stage, site, proxy, cell, name, accountId });
    },
    // Nothing on the site waits for a time.
    shiftClock: async () => {},
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

interface Opened {
  readonly stage: Stage;
  readonly site: Wordpress;
  readonly proxy: FaultProxy;
  readonly cell: SiteCell;
  readonly name: string;
  readonly accountId: string;
}

function fieldOf({ stage, site, proxy, cell, name, accountId }: Opened): Field {
  const title = `Title of ${name}`;
  const live = async () => (await site.posts()).filter((post) => post.title === title && post.status === 'publish');
  return {
    post: { account: accountId, ...postOf(cell.post, name, title, stage.sandboxUrl) },
    async arm() {
      for (const { call, fault, times = 1 } of cell.meets) {
        proxy.setFault(call, toSiteFault(fault), times ?? Number.POSITIVE_INFINITY);
      }
    },
    met: async () => cell.meets.map(({ call }) => proxy.count(call).faulted),
    mend: async () => proxy.clearFaults(),
    reconnect: async () => void (await connectWordpress(stage, { name, user: site.users.admin, url: proxy.url })),
    // WordPress hides nothing from its own people.
    show: async () => {},
    creates: async () => proxy.count('publish').received,
    live: async () => (await live()).length,
    livePostId: async () => String((await live())[0]?.id ?? ''),
    // The post is read by its id: nothing is listed, and nothing lags.
    looks: async () => null,
  };
}

function postOf(
  kind: SiteCell['post'],
  slug: string,
  title: string,
  sandboxUrl: string,
): Readonly<Record<string, unknown>> {
  const options = { title, slug, zone: 'news', tags: [`grid ${slug}`] };
  if (kind === 'text') return { text: `Words of ${slug}`, options };
  const picture = sampleItem(`${sandboxUrl}/media`, 'sample.jpg', 'Grey stripes');
  return { text: `Words of ${slug}`, media: [picture], options: { ...options, cover: 0 } };
}
