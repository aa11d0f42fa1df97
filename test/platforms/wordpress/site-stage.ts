// A stage with a worker, a real WordPress, and accounts on it behind fault proxies of their own.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScheduleState } from '../../../src/domain/schedules/states.ts';
import { openStage, type Stage } from '../../harness/stage.ts';
import { connectWordpress } from '../../harness/wordpress-account.ts';
import type { FaultProxy } from '../../pds/fault-proxy.ts';
import type { SitePost } from '../../wordpress/judge.ts';
import type { SiteUsers } from '../../wordpress/make-site.ts';
import { startSiteProxy } from '../../wordpress/site-proxy.ts';
import { startWordpress, type Wordpress } from '../../wordpress/start-wordpress.ts';
import { attemptsOf, scheduleOf, untilState } from '../../workflow/shop.ts';

/** An account of the site, connected to the stage. */
export interface SiteShop {
  readonly name: string;
  readonly proxy: FaultProxy;
}

export interface SiteStage {
  readonly stage: Stage;
  readonly site: Wordpress;
  /** Connects one of the site's users behind a proxy of its own. */
  shop(role?: keyof SiteUsers, password?: string): Promise<SiteShop>;
  /** Starts a publish of a small post under a slug. */
  publish(shop: SiteShop, slug: string, more?: PostChanges): ReturnType<Stage['startPublish']>;
  /** Everything on the site that stands under the slug or a numbered one, oldest first, the bin included. */
  under(slug: string): Promise<SitePost[]>;
  /** How the publish stands, with the cause's own sentence. */
  stands(scheduleId: string): Promise<{ state: string; cause: string | null; text: string; attempts: number }>;
  until(scheduleId: string, state: ScheduleState): Promise<unknown>;
  close(): Promise<void>;
}

interface PostChanges {
  readonly id?: string;
  readonly text?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly media?: readonly unknown[];
}

const SETTINGS = { 'timeouts.answer': '3s', 'timeouts.heartbeat': '10s', 'timeouts.lease': '10s' } as const;

/** Opens everything; close it in `afterAll`. */
export async function openSiteStage(): Promise<SiteStage> {
  const folder = await mkdtemp(join(tmpdir(), 'wordpress-'));
  const site = await startWordpress({ folder });
  const stage = await openStage(SETTINGS);
  await stage.startWorker();
  const proxies: FaultProxy[] = [];
  return {
    stage,
    site,
    async shop(role = 'admin', password) {
      const proxy = await startSiteProxy(site.url);
      proxies.push(proxy);
      const name = `${role}-${randomUUID().slice(0, 8)}`;
      const user = site.users[role];
      await connectWordpress(stage, { name, user, url: proxy.url, ...(password === undefined ? {} : { password }) });
      return { name, proxy };
    },
    publish: ({ name }, slug, { id, text = `Words of ${slug}`, options = {}, media = [] } = {}) =>
      stage.startPublish({ account: name, text, media, options: { title: `Title of ${slug}`, slug, ...options } }, id),
    under: async (slug) =>
      (await site.posts()).filter((post) => post.slug.replace(/__trashed$/, '').replace(/-\d+$/, '') === slug),
    async stands(scheduleId) {
      const row = await scheduleOf(stage, scheduleId);
      const attempts = await attemptsOf(stage, scheduleId);
      return {
        state: row?.state ?? 'none',
        cause: row?.cause?.code ?? null,
        text: row?.cause?.externalText ?? '',
        attempts: attempts.length,
      };
    },
    until: (scheduleId, state) => untilState(stage, scheduleId, state),
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
      await stage.close();
      await site.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
