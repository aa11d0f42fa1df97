// Kinds of posts to a real Ghost, each account behind a fault proxy of its own.
import { startGhostProxy } from '../ghost/ghost-proxy.ts';
import type { Ghost } from '../ghost/start-ghost.ts';
import { connectGhost } from '../harness/ghost-account.ts';
import type { MediaFiles } from '../harness/media-files.ts';
import type { Stage } from '../harness/stage.ts';
import { afterCommit, before, HANG, outage, RESET } from '../pds/faults.ts';
import { type PostKind, withLostAnswer } from './practice.ts';

const FAULTS = {
  commits_then_hangs: afterCommit(HANG),
  lost_and_hangs: before(HANG),
  commits_then_resets: afterCommit(RESET),
  lost_behind_502: before(outage(502)),
};

/** Every kind of post to Ghost, under one key of the site. */
export function ghostKinds(stage: Stage, ghost: Ghost, key: string, media: MediaFiles): PostKind[] {
  let opened = 0;
  const kind = (name: string, more: () => { media?: unknown[]; options?: object } = () => ({})): PostKind => ({
    name,
    async open(create) {
      opened += 1;
      const slug = `sweep-${opened}`;
      const proxy = await startGhostProxy(ghost.url);
      const connect = () => connectGhost(stage, { name: slug, key, proxy });
      const id = await connect();
      if (create) proxy.setFault('publish', FAULTS[create]);
      const { options = {}, ...rest } = more();
      const ours = async () => (await ghost.owner.listPosts()).filter(({ title }) => title === `Title of ${slug}`);
      return {
        post: { account: id, text: 'A text', ...rest, options: { title: `Title of ${slug}`, slug, ...options } },
        live: async () => (await ours()).filter(({ status }) => status === 'published').length,
        creates: async () => proxy.count('publish').received,
        // What stands on the site: a draft beside the post would be an orphan.
        made: async () => (await ours()).length,
        spoilCreate: async (fault) => void proxy.setFault('publish', FAULTS[fault]),
        reconnect: async () => void (await connect()),
        close: () => proxy.close(),
      };
    },
  });
  return [
    kind('Ghost text'),
    withLostAnswer(kind('Ghost text')),
    kind('Ghost post with a cover and a zone', () => ({
      media: [media.item('sample.png')],
      options: { cover: 0, zone: 'sweep' },
    })),
  ];
}
