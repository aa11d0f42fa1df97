// Connects a site of Ghost to the stage's workspace, as an operator would with its Admin API key.
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import type { FaultProxy } from '../pds/fault-proxy.ts';
import { OLGA } from '../workflow/shop.ts';
import type { Stage } from './stage.ts';

export interface GhostConnection {
  /** Its name in the workspace; each is an account of its own, though the site is one. */
  readonly name: string;
  /** The Admin API key. */
  readonly key: string;
  /** What stands between us and its Ghost. */
  readonly proxy: Pick<FaultProxy, 'url'>;
}

/** Connects the site, or connects it anew; answers its id in the ledger. */
export function connectGhost(stage: Stage, { name, key, proxy }: GhostConnection): Promise<string> {
  return connectAccount(stage.context.ledger, {
    workspaceId: stage.workspaceId,
    platform: 'ghost',
    name,
    remoteId: `https://${name}.example`,
    apiBase: proxy.url,
    scopes: [],
    grant: { accessToken: key },
    grantExpiresAt: null,
    actor: OLGA,
  });
}
