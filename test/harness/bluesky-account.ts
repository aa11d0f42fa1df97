// Connects an account of a PDS to the stage's workspace, as an operator would with its app password.
import { connectAccount } from '../../src/ledger/accounts/accounts.ts';
import type { FaultProxy } from '../pds/fault-proxy.ts';
import type { PdsAccount } from '../pds/pds-client.ts';
import { OLGA } from '../workflow/shop.ts';
import type { Stage } from './stage.ts';

/** A session on a PDS: as much of an account there as a grant holds. */
export type PdsSession = Pick<PdsAccount, 'did' | 'accessJwt' | 'refreshJwt'>;

export interface BlueskyConnection {
  /** Its name in the workspace. */
  readonly name: string;
  readonly account: PdsSession;
  /** What stands between us and its PDS. */
  readonly proxy: FaultProxy;
  /** What it signs in with anew; null: the connection holds none. */
  readonly password: string | null;
  /** The ledger takes the grant for one that ends in so many ms. */
  readonly endsInMs?: number | undefined;
}

const TWO_HOURS_MS = 2 * 3_600_000;

/** Connects the account, or connects it anew; answers its id in the ledger. */
export function connectBluesky(stage: Stage, connection: BlueskyConnection): Promise<string> {
  const { name, account, proxy, password, endsInMs = TWO_HOURS_MS } = connection;
  return connectAccount(stage.context.ledger, {
    workspaceId: stage.workspaceId,
    platform: 'bluesky',
    name,
    remoteId: account.did,
    apiBase: proxy.url,
    scopes: [],
    grant: {
      accessToken: account.accessJwt,
      refreshToken: account.refreshJwt,
      ...(password === null ? {} : { identifier: account.did, password }),
    },
    grantExpiresAt: new Date(Date.now() + endsInMs),
    actor: OLGA,
  });
}
