// Asks the destination of a run something, with a short session of its own: whatever comes of it, nothing is changed there.
import { setTimeout as sleep } from 'node:timers/promises';
import { selectTarget } from '../../domain/gate/target.ts';
import { accountsOf, readAccount } from '../../ledger/accounts/accounts.ts';
import type { BlogPages } from '../../platforms/contract.ts';
import type { AccountSession } from '../../platforms/sessions.ts';
import { StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import { openAccountSession } from '../../publishing/session/account-session.ts';
import type { PipelineContext } from '../context.ts';

/** A look is short; what takes longer is asked again later. */
const WITHIN_MS = 60_000;

export interface Destination {
  readonly workspaceId: string;
  /** The name of the connected account. */
  readonly destination: string;
}

/**
 * - `read`: what was asked for
 * - `untold`: it could not be read; that proves nothing, and it is asked again. `refused`: it said no to the account itself
 * - `no_account`: the destination is no connected account of the workspace
 * - `not_a_blog`: its posts have no slugs
 */
export type Told<Value> =
  | { readonly kind: 'read'; readonly value: Value; readonly label: string; readonly accountId: string }
  | { readonly kind: 'untold'; readonly why: string; readonly refused: boolean }
  | { readonly kind: 'no_account'; readonly why: string }
  | { readonly kind: 'not_a_blog' };

export async function atDestination<Value>(
  context: PipelineContext,
  { workspaceId, destination }: Destination,
  ask: (pages: BlogPages, session: AccountSession) => Promise<Value>,
): Promise<Told<Value>> {
  const { ledger, platforms, log } = context;
  const chosen = selectTarget(await accountsOf(ledger, workspaceId), { account: destination });
  const account = chosen.kind === 'selected' ? await readAccount(ledger, chosen.account.id) : null;
  if (!account) {
    return {
      kind: 'no_account',
      why: `"${destination}" is not one connected account of this workspace; connect it, then try again.`,
    };
  }
  const adapter = platforms.get(account.platform);
  if (!adapter?.pages) return { kind: 'not_a_blog' };
  const deadlineMs = performance.now() + WITHIN_MS;
  const keeper = {
    assertInTime: () => {
      if (performance.now() > deadlineMs) throw new StepUnanswered('reconcile', 'it took too long');
    },
    wait: async (ms: number) => {
      keeper.assertInTime();
      await sleep(ms);
    },
  };
  try {
    const grant = ledger.sealer.open(account.id, account.sealedGrant);
    const session = openAccountSession({ context, adapter, account, grant, keeper });
    const value = await ask(adapter.pages, session);
    return { kind: 'read', value, label: adapter.label, accountId: account.id };
  } catch (error) {
    if (error instanceof StepRefused) {
      const why = `${adapter.label} refused: ${error.cause.externalText || error.cause.code}`;
      return { kind: 'untold', why, refused: true };
    }
    if (!(error instanceof StepUnanswered)) throw error;
    log.info({ why: error.message, destination }, 'a destination could not be asked');
    return { kind: 'untold', why: `${adapter.label} could not be read (${error.message})`, refused: false };
  }
}
