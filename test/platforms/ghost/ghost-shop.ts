// A real Ghost behind a fault proxy, connected to a stage with a worker: where Ghost's tests publish.
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PublishResult } from '../../../src/domain/schedules/publish-result.ts';
import { readResult } from '../../../src/ledger/schedules/result.ts';
import type { GhostPost } from '../../ghost/ghost-client.ts';
import { startGhostProxy } from '../../ghost/ghost-proxy.ts';
import { type Ghost, startGhost } from '../../ghost/start-ghost.ts';
import { connectGhost } from '../../harness/ghost-account.ts';
import { type MediaFiles, serveMedia } from '../../harness/media-files.ts';
import type { SettingChanges } from '../../harness/settings.ts';
import { openStage, type Stage } from '../../harness/stage.ts';
import { until } from '../../harness/until.ts';
import type { FaultProxy } from '../../pds/fault-proxy.ts';

export interface GhostShop {
  readonly ghost: Ghost;
  readonly stage: Stage;
  readonly proxy: FaultProxy;
  readonly media: MediaFiles;
  /** The account's id in the ledger, and the site's key. */
  readonly accountId: string;
  readonly key: string;
  /** A post for the site, under a slug that no other test has unless it is named. */
  post(options?: Readonly<Record<string, unknown>>, more?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** What stands at the slug, and at those that Ghost made from it, drafts too. */
  at(slug: string): Promise<GhostPost[]>;
  result(scheduleId: string): Promise<PublishResult>;
  untilState(scheduleId: string, state: PublishResult['state']): Promise<PublishResult>;
  close(): Promise<void>;
}

/** As short as a look at a real Ghost allows. */
const QUICK = {
  'timeouts.send_window': '3s',
  'timeouts.answer': '3s',
  'timers.unreachable_first': '1s',
  'reconcile.visibility_horizon.ghost': '1s',
  'reconcile.first_look': '200ms',
  'reconcile.spacing': '1s',
  'reconcile.read_retry': '2s',
} as const;

/** Starts everything; close it at the end. */
export async function openGhostShop(settings: SettingChanges = QUICK): Promise<GhostShop> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'oncepost-ghost-'));
  const ghost = await startGhost({ dataFolder });
  const stage = await openStage(settings);
  const media = await serveMedia();
  const proxy = await startGhostProxy(ghost.url);
  const { key } = await ghost.owner.makeKey('Oncepost');
  const accountId = await connectGhost(stage, { name: 'blog', key, proxy });
  const result = (scheduleId: string) => readResult(stage.context.ledger, stage.keyOf(scheduleId));
  return {
    ghost,
    stage,
    proxy,
    media,
    accountId,
    key,
    post: (options = {}, more = {}) => ({
      account: accountId,
      text: 'A *text*.',
      options: { title: 'A title', slug: `post-${randomUUID().slice(0, 8)}`, ...options },
      ...more,
    }),
    at: async (slug) =>
      (await ghost.owner.listPosts()).filter((post) => new RegExp(`^${slug}(-\\d+)?$`).test(post.slug)),
    result,
    untilState: (scheduleId, state) =>
      until(
        `it is ${state}`,
        async () => {
          const now = await result(scheduleId);
          return now.state === state && now;
        },
        60_000,
      ),
    async close() {
      await stage.close();
      await proxy.close();
      await media.close();
      await ghost.stop();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
