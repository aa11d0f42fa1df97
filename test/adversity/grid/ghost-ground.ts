// The grid's ground on a real Ghost: one site, and for each cell an account of the ledger with a fault proxy and a slug of its own.
import { startGhostProxy } from '../../ghost/ghost-proxy.ts';
import type { Ghost } from '../../ghost/start-ghost.ts';
import { connectGhost } from '../../harness/ghost-account.ts';
import type { Stage } from '../../harness/stage.ts';
import type { FaultProxy } from '../../pds/fault-proxy.ts';
import type { Cell } from './cell.ts';
import { type GhostFault, toGhostProxyFault } from './ghost-faults.ts';
import type { Field, Ground } from './ground.ts';
import { sampleItem } from './samples.ts';

export type GhostCell = Cell<GhostFault>;

/** The ground on a running Ghost, under one key of it. */
export function ghostGround(stage: Stage, ghost: Ghost, key: string): Ground<GhostFault> {
  const proxies: FaultProxy[] = [];
  return {
    async open(cell, name) {
      const proxy = await startGhostProxy(ghost.url);
      proxies.push(proxy);
      const accountId = await connectGhost(stage, { name, key, proxy });
      return fieldOf({ stage, ghost, key, proxy, cell, name, accountId });
    },
    // What Ghost takes for now is its machine's time; it only holds our tokens against it.
    shiftClock: async () => {},
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

interface Opened {
  readonly stage: Stage;
  readonly ghost: Ghost;
  readonly key: string;
  readonly proxy: FaultProxy;
  readonly cell: GhostCell;
  readonly name: string;
  readonly accountId: string;
}

function fieldOf({ stage, ghost, key, proxy, cell, name, accountId }: Opened): Field {
  // Asked for by its title: the whole list for each of two hundred cells is what Ghost would be busy with.
  const live = async () =>
    (await ghost.owner.listPosts(`Post of ${name}`)).filter(({ status }) => status === 'published');
  return {
    post: { account: accountId, ...postOf(cell, name, stage.sandboxUrl) },
    async arm() {
      for (const { call, fault, times = 1 } of cell.meets) {
        proxy.setFault(call, toGhostProxyFault(fault), times ?? Number.POSITIVE_INFINITY);
      }
    },
    met: async () => cell.meets.map(({ call }) => proxy.count(call).faulted),
    mend: async () => proxy.clearFaults(),
    reconnect: async () => void (await connectGhost(stage, { name, key, proxy })),
    // Ghost hides nothing.
    show: async () => {},
    creates: async () => proxy.count('publish').received,
    live: async () => (await live()).length,
    livePostId: async () => (await live())[0]?.id ?? '',
    // Each read by the draft's own id is conclusive.
    looks: async () => null,
  };
}

function postOf({ post, account }: GhostCell, name: string, sandboxUrl: string): Readonly<Record<string, unknown>> {
  const options = { title: `Post of ${name}`, slug: name, ...(account?.tagged === true ? { zone: 'zone' } : {}) };
  if (post === 'text') return { text: 'A text', options };
  return {
    text: 'A text',
    options: { ...options, cover: 0 },
    media: [sampleItem(`${sandboxUrl}/media`, 'sample.jpg')],
  };
}
