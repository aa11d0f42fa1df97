// An account of its own on a real PDS, behind a fault proxy of its own, connected to the stage's ledger.
import { randomUUID } from 'node:crypto';
import { connectBluesky } from '../../harness/bluesky-account.ts';
import type { Stage } from '../../harness/stage.ts';
import { type FaultProxy, startFaultProxy } from '../../pds/fault-proxy.ts';
import type { PdsAccount, PdsPost } from '../../pds/pds-client.ts';
import type { Pds } from '../../pds/start-pds.ts';

export interface BlueskyShop extends PdsAccount {
  readonly name: string;
  /** The account's id in the ledger. */
  readonly id: string;
  readonly proxy: FaultProxy;
  /** Posts that are live, as the PDS itself knows. */
  live(): Promise<PdsPost[]>;
}

/** Connects a new account of the PDS to the stage; its proxy ends with the test's process. */
export async function openBlueskyShop(stage: Stage, pds: Pds): Promise<BlueskyShop> {
  const name = `shop-${randomUUID().slice(0, 8)}`;
  const account = await pds.createAccount(`${name}.test`);
  const proxy = await startFaultProxy({ target: pds.url });
  const id = await connectBluesky(stage, { name, account, proxy, password: account.appPassword });
  return { ...account, name, id, proxy, live: () => pds.listPosts(account.did) };
}
