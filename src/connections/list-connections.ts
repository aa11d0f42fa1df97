// The connections of a workspace, behind pages, API and command line alike.
import type { Connection } from '../domain/connections/connection.ts';
import { overviewAccounts } from '../ledger/accounts/account-overview.ts';
import type { ConnectingContext } from './connecting.ts';
import { viewConnection } from './view-connection.ts';

type Context = Pick<ConnectingContext, 'ledger' | 'platforms'>;

/** By platform and name. */
export async function listConnections({ ledger, platforms }: Context, workspaceId: string): Promise<Connection[]> {
  const now = ledger.clock.now();
  const accounts = await overviewAccounts(ledger, workspaceId);
  return accounts.map((overview) => viewConnection(overview, platforms.get(overview.account.platform), now));
}

/** One of them, or null when it is not this workspace's. */
export async function findConnection(
  { ledger, platforms }: Context,
  workspaceId: string,
  accountId: string,
): Promise<Connection | null> {
  const [overview] = await overviewAccounts(ledger, workspaceId, accountId);
  return overview ? viewConnection(overview, platforms.get(overview.account.platform), ledger.clock.now()) : null;
}
