// Renews grants that would end before anything is published with them. Only for platforms that do not renew an expired
// one: an account that publishes seldom must not need a person because of that.
import type { RenewalReport } from '../../domain/temporal/sweep-report.ts';
import { markConnectionDead } from '../../ledger/accounts/account-health.ts';
import { beginRenewal, expiringGrants } from '../../ledger/accounts/expiring-grants.ts';
import { releaseLease } from '../../ledger/accounts/leases.ts';
import { isDatabaseDown } from '../../ledger/database/database.ts';
import type { AccountRow } from '../../ledger/schedules/facts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import { AppFault, StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import { newId } from '../../runtime/ids.ts';
import { keep } from '../attempt/keeper.ts';
import type { AttemptControl, PublishingContext } from '../context.ts';
import { renew, storedCredentials } from './renew.ts';

/** The sweep has other work: what is left, or would keep the next one waiting, is renewed by that. */
const MOST_AT_ONCE = 20;

type Outcome = 'renewed' | 'lost' | 'refused' | 'unanswered' | 'busy' | 'failed';

/** Renews what is due. A second one at the same time does no harm. */
export async function renewIdleGrants(context: PublishingContext, control: AttemptControl): Promise<RenewalReport> {
  const outcomes: Outcome[] = [];
  const startedMs = performance.now();
  const goesOn = () => !control.withdrawn.aborted && performance.now() - startedMs < context.settings.sweep.everyMs;
  for (const adapter of context.platforms.values()) {
    outcomes.push(...(await renewThoseOf(context, adapter, control, goesOn)));
  }
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  return { grantsRenewed: count('renewed'), connectionsLost: count('lost') };
}

async function renewThoseOf(
  context: PublishingContext,
  adapter: PlatformAdapter,
  control: AttemptControl,
  goesOn: () => boolean,
): Promise<Outcome[]> {
  const { platform, renewAheadMs: withinMs } = adapter;
  if (withinMs === undefined) return [];
  const outcomes: Outcome[] = [];
  for (const account of await expiringGrants(context.ledger, { platform, withinMs, limit: MOST_AT_ONCE })) {
    const outcome = await renewIdle(context, adapter, account, control);
    outcomes.push(outcome);
    // A platform that is not there now is not waited for once per account.
    if (outcome === 'unanswered' || !goesOn()) break;
  }
  return outcomes;
}

async function renewIdle(
  context: PublishingContext,
  adapter: PlatformAdapter,
  account: AccountRow,
  control: AttemptControl,
): Promise<Outcome> {
  const { ledger } = context;
  const accountId = account.id;
  const heldFromMs = performance.now();
  const fence = await beginRenewal(ledger, accountId);
  if (fence === null) return 'busy';
  const name = `the grant of account ${accountId}`;
  const keeper = keep(context, control, { name, accountId, fence, heldFromMs, prepareByMs: Number.POSITIVE_INFINITY });
  const subject = { id: accountId, traceId: newId() };
  try {
    await renew({ context, adapter, keeper, subject }, storedCredentials(context, account));
    return 'renewed';
  } catch (error) {
    if (isDatabaseDown(error)) throw error;
    return outcomeOf(context, account, subject.traceId, error);
  } finally {
    keeper.stop();
    await releaseLease(ledger.db, accountId, fence);
    await control.callNext(accountId);
  }
}

/** Only the platform's own word about this grant is marked on the account. */
async function outcomeOf(
  { ledger, log }: PublishingContext,
  account: AccountRow,
  traceId: string,
  error: unknown,
): Promise<Outcome> {
  if (error instanceof StepRefused && error.cause.code !== 'rate_limited') {
    return (await markConnectionDead(ledger, account, traceId)) ? 'lost' : 'refused';
  }
  if (error instanceof AppFault) {
    log.error({ err: error }, 'a platform refuses our app; no grant on it is renewed, and no account is disconnected');
    return 'unanswered';
  }
  const accountId = account.id;
  log.warn({ err: error, accountId }, 'a grant that is about to end could not be renewed; it is tried again');
  if (error instanceof StepRefused) return 'refused';
  return error instanceof StepUnanswered ? 'unanswered' : 'failed';
}
