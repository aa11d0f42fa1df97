// The grid's ground on a real PDS: each cell has an account of its own there, behind a fault proxy of its own.
import { z } from 'zod';
import { connectBluesky, type PdsSession } from '../../harness/bluesky-account.ts';
import type { Stage } from '../../harness/stage.ts';
import { type FaultProxy, startFaultProxy } from '../../pds/fault-proxy.ts';
import type { Pds } from '../../pds/start-pds.ts';
import { xrpc } from '../../pds/test-calls.ts';
import type { Cell, PostKind } from './cell.ts';
import type { Field, Ground } from './ground.ts';
import { type PdsFault, toProxyFault } from './pds-faults.ts';
import { sampleItem } from './samples.ts';

export type PdsCell = Cell<PdsFault>;

/** What a cell's `account` may say. */
interface PdsAccountFacts {
  /** The ledger takes the grant for one that ends in so many ms. */
  readonly endsInMs?: number;
  /** The connection holds no password to sign in with anew. */
  readonly withoutPassword?: boolean;
}

/** Methods of the protocol, by their short names. */
const METHODS: Readonly<Record<string, string>> = {
  putRecord: 'com.atproto.repo.putRecord',
  getRecord: 'com.atproto.repo.getRecord',
  uploadBlob: 'com.atproto.repo.uploadBlob',
  resolveHandle: 'com.atproto.identity.resolveHandle',
  refreshSession: 'com.atproto.server.refreshSession',
  createSession: 'com.atproto.server.createSession',
};

/** The ground on a running PDS. `mentioned` is a handle that exists there. */
export function pdsGround(stage: Stage, pds: Pds, mentioned: string): Ground<PdsFault> {
  const proxies: FaultProxy[] = [];
  return {
    async open(cell, name) {
      const proxy = await startFaultProxy({ target: pds.url });
      proxies.push(proxy);
      const account = await signUp(pds, name);
      const { endsInMs, withoutPassword = false }: PdsAccountFacts = cell.account ?? {};
      const password = withoutPassword ? null : passwordOf(name);
      const accountId = await connectBluesky(stage, { name, account, proxy, password, endsInMs });
      return fieldOf({ stage, pds, proxy, cell, account, name, mentioned, accountId });
    },
    // A PDS has no clock of its own to move, and needs none here.
    shiftClock: async () => {},
    async close() {
      await Promise.all(proxies.map((proxy) => proxy.close()));
    },
  };
}

const sessionSchema = z.object({ did: z.string(), accessJwt: z.string(), refreshJwt: z.string() });

const passwordOf = (name: string) => `password of ${name}`;

/** A new account under its owner's own session: making one is most of what a cell costs a PDS. */
async function signUp(pds: Pds, name: string): Promise<PdsSession> {
  const owner = { handle: `${name}.test`, email: `${name}@example.com`, password: passwordOf(name) };
  const { body } = await xrpc(pds.url, 'com.atproto.server.createAccount', owner);
  return sessionSchema.parse(body);
}

interface Connection {
  readonly stage: Stage;
  readonly proxy: FaultProxy;
  readonly account: PdsSession;
  readonly name: string;
}

interface Opened extends Connection {
  readonly pds: Pds;
  readonly cell: PdsCell;
  readonly mentioned: string;
  readonly accountId: string;
}

function fieldOf({ stage, pds, proxy, cell, account, name, mentioned, accountId }: Opened): Field {
  const live = () => pds.listPosts(account.did);
  return {
    post: { account: accountId, ...postOf(cell.post, name, mentioned, stage.sandboxUrl) },
    async arm() {
      for (const { call, fault, times = 1 } of cell.meets) {
        proxy.setFault(METHODS[call] ?? call, toProxyFault(fault), times ?? Number.POSITIVE_INFINITY);
      }
    },
    met: async () => cell.meets.map(({ call }) => proxy.count(METHODS[call] ?? call).faulted),
    mend: async () => proxy.clearFaults(),
    async reconnect() {
      const login = { identifier: account.did, password: passwordOf(name) };
      const again = await xrpc(pds.url, 'com.atproto.server.createSession', login);
      const renewed = sessionSchema.parse(again.body);
      await connectBluesky(stage, { name, account: renewed, proxy, password: passwordOf(name) });
    },
    // The PDS hides nothing.
    show: async () => {},
    creates: async () => proxy.count('com.atproto.repo.putRecord').received,
    live: async () => (await live()).length,
    livePostId: async () => (await live())[0]?.uri ?? '',
    // One look at the record's own key is conclusive: nothing is listed, and nothing lags.
    looks: async () => null,
  };
}

function postOf(
  kind: PostKind,
  name: string,
  mentioned: string,
  sandboxUrl: string,
): Readonly<Record<string, unknown>> {
  const text = `Post of ${name}`;
  if (kind === 'mention') return { text: `${text} for @${mentioned}` };
  if (kind === 'text') return { text };
  return { text, media: [sampleItem(`${sandboxUrl}/media`, 'sample.jpg', 'Grey stripes')] };
}
