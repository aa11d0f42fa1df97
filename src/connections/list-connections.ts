// The connections of a workspace, behind pages, API and command line alike.
import type { Connection, ConnectionStory } from '../domain/connections/connection.ts';
import { overviewAccounts } from '../ledger/accounts/account-overview.ts';
import { accountStory } from '../ledger/accounts/account-story.ts';
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

/** How many events of an account are told; all of them stand in the audit trail. */
export const TOLD_EVENTS = 50;

/** One of them with what happened to it, or null when it is not this workspace's. */
export async function tellConnection(
  context: Context,
  workspaceId: string,
  accountId: string,
): Promise<ConnectionStory | null> {
  const connection = await findConnection(context, workspaceId, accountId);
  if (!connection) return null;
  const events = await accountStory(context.ledger, workspaceId, connection.id, TOLD_EVENTS);
  return { ...connection, events: events.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })) };
}
