// What stands at the destination under the planned slug, before anything is made: a local record never outranks it.
import { setTimeout as sleep } from 'node:timers/promises';
import { selectTarget } from '../../domain/gate/target.ts';
import { accountsOf, readAccount } from '../../ledger/accounts/accounts.ts';
import { type StandingPage, StepRefused, StepUnanswered } from '../../platforms/contract.ts';
import { openAccountSession } from '../../publishing/session/account-session.ts';
import type { PipelineContext } from '../context.ts';

/** A look is short; what takes longer is asked again later. */
const WITHIN_MS = 60_000;

/**
 * - `read`: every page under the slug, or made from it because it was taken; none: there is conclusively none
 * - `untold`: it could not be read; that proves nothing, and it is asked again
 * - `no_account`: the destination is no connected account of the workspace
 * - `not_a_blog`: its posts have no slugs, or it has no tool that looks one up, so nobody can be asked
 */
export type Standing =
  | { readonly kind: 'read'; readonly pages: readonly StandingPage[]; readonly label: string }
  | { readonly kind: 'untold'; readonly why: string }
  | { readonly kind: 'no_account'; readonly why: string }
  | { readonly kind: 'not_a_blog' };

export interface StandingWanted {
  readonly workspaceId: string;
  /** The name of the connected account. */
  readonly destination: string;
  readonly slug: string;
}

export async function whatStands(context: PipelineContext, wanted: StandingWanted): Promise<Standing> {
  const { ledger, platforms, log } = context;
  const { workspaceId, destination, slug } = wanted;
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
    if (adapter.pages.canAsk?.(session) === false) return { kind: 'not_a_blog' };
    return { kind: 'read', pages: await adapter.pages.standingAt(session, slug), label: adapter.label };
  } catch (error) {
    if (error instanceof StepRefused)
      return { kind: 'untold', why: `${adapter.label} refused: ${error.cause.externalText || error.cause.code}` };
    if (!(error instanceof StepUnanswered)) throw error;
    log.info({ why: error.message, destination }, 'what stands at a destination could not be read');
    return { kind: 'untold', why: `${adapter.label} could not be read (${error.message})` };
  }
}
