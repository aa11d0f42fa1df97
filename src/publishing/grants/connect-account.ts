// Connects an account once the platform itself has said whose grant it is.
import { NameRefused } from '../../domain/people/names.ts';
import { type AccountToConnect, assertConnectable, connectAccount } from '../../ledger/accounts/accounts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { AccountSession, Grant } from '../../platforms/sessions.ts';
import { unkept } from '../attempt/keeper.ts';
import type { PublishingContext } from '../context.ts';
import { openAccountSession } from '../session/account-session.ts';
import { asked, NotConnected, type Remedy } from './not-connected.ts';

type Context = Pick<PublishingContext, 'ledger' | 'platforms' | 'transport' | 'mcp' | 'settings'>;

/** An account to connect; where its grant has no access token, one is got with what else it holds. */
export interface AccountToVerify extends Omit<AccountToConnect, 'grant'> {
  readonly grant: Omit<Grant, 'accessToken'> & { readonly accessToken?: string | undefined };
}

/** Asks the platform whose grant it is, then connects or reconnects the account. Answers its id. @throws NotConnected */
export async function connectVerified(context: Context, wanted: AccountToVerify): Promise<string> {
  const adapter = context.platforms.get(wanted.platform);
  if (!adapter) {
    const known = [...context.platforms.keys()].join(', ');
    throw new NotConnected(`There is no platform "${wanted.platform}", so nothing was connected; known are ${known}.`);
  }
  await nameable(context, wanted);
  const account = { ...wanted, id: '', grantSavedAt: context.ledger.clock.now() };
  const sessionWith = (grant: Grant) => openAccountSession({ context, adapter, account, grant, keeper: unkept });
  const { accessToken, ...rest } = wanted.grant;
  if (accessToken !== undefined) {
    const grant = { accessToken, ...rest };
    await assertOwner(adapter, sessionWith(grant), wanted.remoteId, TRY_AGAIN);
    return connectAccount(context.ledger, { ...wanted, grant });
  }
  // A refresh token is used up by its first use, whatever comes after.
  const remedies = rest.refreshToken === undefined ? TRY_AGAIN : GET_ANOTHER;
  const renewal = adapter.renew(sessionWith({ accessToken: '', ...rest }));
  const { grant, expiresAt, scopes = wanted.scopes } = await asked(adapter, 'gave no access token', renewal, remedies);
  await assertOwner(adapter, sessionWith(grant), wanted.remoteId, remedies);
  return connectAccount(context.ledger, { ...wanted, grant, grantExpiresAt: expiresAt, scopes });
}

/** A name that cannot be taken is refused before a refresh token is used up for it. @throws NotConnected */
async function nameable({ ledger }: Context, wanted: AccountToVerify): Promise<void> {
  try {
    await assertConnectable(ledger, wanted);
  } catch (error) {
    if (!(error instanceof NameRefused)) throw error;
    throw new NotConnected(`The name of the account ${error.problem}, so nothing was connected; choose another.`);
  }
}

/** What a person does next: after no answer, and where the remote id is another's. */
interface Remedies extends Remedy {
  readonly correct: string;
}

const TRY_AGAIN: Remedies = {
  later: 'try again later',
  correct: 'get a grant of the account you mean, or correct its remote id',
};
const GET_ANOTHER: Remedies = {
  later: 'the refresh token may be used up, so get a new grant before you try again',
  correct: 'the refresh token is used up, so get a new grant, of the account you mean',
};

async function assertOwner(
  adapter: PlatformAdapter,
  session: AccountSession,
  remoteId: string,
  remedies: Remedies,
): Promise<void> {
  const identity = adapter.identify(session);
  const owner = await asked(adapter, 'could not be asked whose grant this is', identity, remedies);
  if (owner === remoteId) return;
  throw new NotConnected(
    `The grant is that of ${adapter.label} account ${owner}, not of ${remoteId}, so nothing was connected; ${remedies.correct}.`,
  );
}
