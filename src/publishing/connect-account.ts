// Connects an account once the platform itself has said whose grant it is.
import { type AccountToConnect, connectAccount } from '../ledger/accounts.ts';
import { type AccountSession, type PlatformAdapter, StepRefused, StepUnanswered } from '../platforms/contract.ts';
import type { PublishingContext } from './context.ts';
import { pause } from './keeper.ts';

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
  const owner = await ownerOf(adapter, sessionOf(context, adapter, wanted));
  if (owner !== wanted.remoteId) {
    throw new NotConnected(
      `The grant is that of ${adapter.label} account ${owner}, not of ${wanted.remoteId}, so nothing was connected; get a grant of the account you mean, or correct its remote id.`,
    );
  }
  return connectAccount(context.ledger, wanted);
}

function sessionOf({ ledger, transport, settings }: Context, adapter: PlatformAdapter, wanted: AccountToConnect) {
  const { name, remoteId, apiBase, scopes, grant } = wanted;
  const session: AccountSession = {
    account: { id: '', name, remoteId, apiBase: apiBase ?? adapter.publicApiBase, scopes },
    grant,
    now: () => ledger.clock.now(),
    call: (request) => transport.send(request, { timeoutMs: settings.timeouts.answerMs }),
    wait: (ms) => pause(ms, new AbortController().signal),
  };
  return session;
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
