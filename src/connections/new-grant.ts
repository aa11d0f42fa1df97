// What comes of a new grant: the account it reaches is connected, or the one to reconnect is; where it reaches several, a
// person chooses. A grant of another account than the one that was meant changes nothing, and is forgotten.
import { z } from 'zod';
import { NameRefused } from '../domain/people/names.ts';
import { connectAccount } from '../ledger/accounts/accounts.ts';
import { findAccount, findByRemoteId } from '../ledger/accounts/find-account.ts';
import type { AccountRow } from '../ledger/schedules/facts.ts';
import type { Destination, PlatformAdapter } from '../platforms/contract.ts';
import { asked, NotConnected } from '../publishing/grants/not-connected.ts';
import { type ConnectingContext, type Connector, strangersSession } from './connecting.ts';

export const grantSchema = z.object({
  accessToken: z.string(),
  refreshToken: z.string().optional(),
  clientId: z.string().optional(),
  clientSecret: z.string().optional(),
  identifier: z.string().optional(),
  password: z.string().optional(),
});

/** A grant as it came from the platform, before anybody knows whose it is. */
export interface NewGrant {
  readonly grant: z.infer<typeof grantSchema>;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  readonly apiBase: string | null;
}

/** What was meant when it was asked for. */
export interface Meant {
  /** The account to reconnect; null: a new one. */
  readonly accountId: string | null;
  /** How a new account is to be called; null: as the platform calls it. */
  readonly name: string | null;
}

export interface ConnectedNow {
  readonly accountId: string;
  /** As schedules call it. */
  readonly name: string;
  /** The workspace had the account already. */
  readonly reconnected: boolean;
}

/** What the grant reaches; at least one. @throws NotConnected */
export async function reach(
  context: ConnectingContext,
  adapter: PlatformAdapter,
  fresh: NewGrant,
): Promise<readonly Destination[]> {
  const answer = adapter.destinations(strangersSession(context, adapter, fresh));
  const later = 'try again in a moment';
  const reached = await asked(adapter, 'could not be asked whose grant this is', answer, { later });
  if (reached.length > 0) return reached;
  throw new NotConnected(
    `The grant reaches nothing on ${adapter.label} that can be published to, so nothing was connected; sign in there as somebody who may.`,
  );
}

/**
 * The destination that was meant: the account to reconnect, or the only one there is. Null: a person must choose.
 * @throws NotConnected when the grant is that of another account, or the account is gone
 */
export async function meantAmong(
  { ledger }: ConnectingContext,
  { label }: PlatformAdapter,
  reached: readonly Destination[],
  { workspaceId, accountId }: Pick<Connector, 'workspaceId'> & Meant,
): Promise<Destination | null> {
  const [first] = reached;
  if (accountId === null) return reached.length === 1 && first ? first : null;
  const account = await findAccount(ledger, workspaceId, accountId);
  if (!account) throw new NotConnected('The account is gone meanwhile, so nothing was changed.');
  const same = reached.find(({ remoteId }) => remoteId === account.remoteId);
  if (same) return same;
  throw new NotConnected(otherAccount(label, account, first));
}

function otherAccount(label: string, { name, remoteId }: AccountRow, other: Destination | undefined): string {
  return (
    `You signed in to ${label} as ${other?.name ?? 'somebody else'}, but this connection is "${name}" (${label} account ${remoteId}), ` +
    `so nothing was changed; sign out there, sign in as the right account, then reconnect again.`
  );
}

/** Connects or reconnects one destination. @throws NotConnected when it cannot be called that */
export async function keepGrant(
  { ledger }: ConnectingContext,
  { platform }: PlatformAdapter,
  { workspaceId, actor, name }: Connector & Meant,
  { remoteId, name: known, grant: own }: Destination,
  { grant, scopes, expiresAt, apiBase }: NewGrant,
): Promise<ConnectedNow> {
  const before = await findByRemoteId(ledger, { workspaceId, platform, remoteId });
  const called = name ?? before?.name ?? known;
  try {
    const wanted = { workspaceId, platform, name: called, remoteId, apiBase, scopes, actor };
    const accountId = await connectAccount(ledger, { ...wanted, grant: own ?? grant, grantExpiresAt: expiresAt });
    return { accountId, name: called, reconnected: before !== null };
  } catch (error) {
    if (!(error instanceof NameRefused)) throw error;
    throw new NotConnected(`The name of the account ${error.problem}, so nothing was connected; choose another.`);
  }
}
