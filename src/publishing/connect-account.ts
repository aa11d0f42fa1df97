// Connects an account once the platform itself has said whose grant it is.
import { type AccountToConnect, connectAccount } from '../ledger/accounts.ts';
import { type AccountSession, type PlatformAdapter, StepRefused, StepUnanswered } from '../platforms/contract.ts';
import { openAccountSession } from './account-session.ts';
import type { PublishingContext } from './context.ts';
import { unkept } from './keeper.ts';

/** The account was not connected, and the sentence says why; nothing was stored. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

type Context = Pick<PublishingContext, 'ledger' | 'platforms' | 'transport' | 'settings'>;

/** Asks the platform whose grant it is, then connects or reconnects the account. Answers its id. @throws NotConnected */
export async function connectVerified(context: Context, wanted: AccountToConnect): Promise<string> {
  const adapter = context.platforms.get(wanted.platform);
  if (!adapter) {
    const known = [...context.platforms.keys()].join(', ');
    throw new NotConnected(`There is no platform "${wanted.platform}", so nothing was connected; known are ${known}.`);
  }
  const account = { ...wanted, id: '' };
  const session = openAccountSession({ context, adapter, account, grant: wanted.grant, keeper: unkept });
  const owner = await ownerOf(adapter, session);
  if (owner !== wanted.remoteId) {
    throw new NotConnected(
      `The grant is that of ${adapter.label} account ${owner}, not of ${wanted.remoteId}, so nothing was connected; get a grant of the account you mean, or correct its remote id.`,
    );
  }
  return connectAccount(context.ledger, wanted);
}

async function ownerOf(adapter: PlatformAdapter, session: AccountSession): Promise<string> {
  try {
    return await adapter.identify(session);
  } catch (error) {
    if (error instanceof StepRefused) {
      const { code, externalText } = error.cause;
      throw new NotConnected(
        `${adapter.label} does not take the grant (${code}: ${externalText.replace(/\.$/, '')}), so nothing was connected; get a new one, then connect the account again.`,
      );
    }
    if (!(error instanceof StepUnanswered)) throw error;
    throw new NotConnected(
      `${adapter.label} could not be asked whose grant this is (${error.message}), so nothing was connected; try again later.`,
    );
  }
}
