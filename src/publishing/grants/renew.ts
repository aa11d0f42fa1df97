// Renews a grant under the account's lease (steps 1 and 3). Only the platform's own word disconnects an account; a
// failed renewal never does.
import { cause } from '../../domain/causes/causes.ts';
import { throttle } from '../../domain/gate/rate-limits.ts';
import { readAccount, saveGrant } from '../../ledger/accounts/accounts.ts';
import type { AccountRow, ScheduleRow } from '../../ledger/schedules/facts.ts';
import type { PlatformAdapter, RenewedGrant } from '../../platforms/contract.ts';
import type { Grant } from '../../platforms/sessions.ts';
import { StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import type { Keeper } from '../attempt/keeper.ts';
import { untilSaved } from '../attempt/persist.ts';
import type { PublishingContext } from '../context.ts';
import { openAccountSession } from '../session/account-session.ts';

/** A grant that expires within this is renewed first, so that it lives through the attempt. */
const SOON_MS = 60_000;

/** How long a renewal that was refused waits for another attempt to save the grant it got. */
const ECHO_MS = 1_000;

export interface Credentials {
  readonly account: AccountRow;
  readonly grant: Grant;
}

export interface RenewalFacts {
  readonly context: PublishingContext;
  readonly adapter: PlatformAdapter;
  readonly keeper: Keeper;
  /** What the grant is renewed for: a schedule, or the account itself. */
  readonly subject: Pick<ScheduleRow, 'id' | 'traceId'>;
}

/** Opens the account's grant, renewing it first when it is about to expire. @throws StepRefused | StepUnanswered */
export async function openCredentials(facts: RenewalFacts, account: AccountRow): Promise<Credentials> {
  const credentials = storedCredentials(facts.context, account);
  if (!account.grantExpiresAt) return credentials;
  const leftMs = account.grantExpiresAt.getTime() - facts.context.ledger.clock.now().getTime();
  if (leftMs <= SOON_MS) return renew(facts, credentials);
  return leftMs <= (facts.adapter.renewAheadMs ?? 0) ? renewIfAnswered(facts, credentials) : credentials;
}

/** The grant still lives: a platform that does not renew it just now holds nobody up. */
async function renewIfAnswered(facts: RenewalFacts, current: Credentials): Promise<Credentials> {
  try {
    return await renew(facts, current);
  } catch (error) {
    if (!(error instanceof StepUnanswered || error instanceof StepRefused)) throw error;
    facts.context.log.warn(
      { accountId: current.account.id },
      'a grant that still lives could not be renewed ahead of its expiry',
    );
    return current;
  }
}

/**
 * Asks the platform for a new grant and saves it before it is used; a grant that another publish renewed meanwhile is
 * taken as it is. @throws StepRefused | StepUnanswered
 */
export async function renew(facts: RenewalFacts, current: Credentials): Promise<Credentials> {
  const { context, subject } = facts;
  const newest = (await readAccount(context.ledger, current.account.id)) ?? current.account;
  if (newest.grantVersion !== current.account.grantVersion) return storedCredentials(context, newest);
  refuseWhileThrottled(facts, newest);
  const renewed = await askForGrant(facts, current);
  if (renewed === 'elsewhere') return renew(facts, current);
  await context.points.reach('grant_renewed_unsaved', subject.id);
  const saved = await untilSaved(context, () =>
    saveGrant(context.ledger, { account: newest, ...renewed, traceId: subject.traceId }),
  );
  await context.points.reach('grant_saved', subject.id);
  return storedCredentials(context, saved ?? (await readAccount(context.ledger, newest.id)) ?? newest);
}

/** Renewals have a window of their own; until it opens the platform is not asked. @throws StepRefused */
function refuseWhileThrottled({ context, adapter }: RenewalFacts, { rateLimits }: AccountRow): void {
  const throttled = throttle(rateLimits, ['token'], context.ledger.clock.now());
  if (!throttled) return;
  throw new StepRefused(
    cause({
      code: 'rate_limited',
      source: 'status_only',
      platform: adapter.platform,
      stage: 'grant',
      externalText: `${adapter.label} throttles renewals of this account's grant until its reset; it was not asked.`,
      rawText: '',
      resumeAt: throttled.until.toISOString(),
      window: throttled.window,
    }),
  );
}

/**
 * A refresh token is used once: a refusal may be the echo of a renewal that an overtaken attempt has under way. It gets a
 * moment to save what it was given. @throws StepRefused | StepUnanswered
 */
async function askForGrant(facts: RenewalFacts, current: Credentials): Promise<RenewedGrant | 'elsewhere'> {
  const { context, adapter, keeper } = facts;
  try {
    return await adapter.renew(openAccountSession({ ...facts, ...current }));
  } catch (error) {
    if (!(error instanceof StepRefused)) throw error;
    await keeper.wait(ECHO_MS);
    const later = await readAccount(context.ledger, current.account.id);
    if (later && later.grantVersion !== current.account.grantVersion) return 'elsewhere';
    throw error;
  }
}

/** The account's grant as it is stored, whether or not it is still good. @throws GrantUnreadable */
export function storedCredentials({ ledger }: PublishingContext, account: AccountRow): Credentials {
  return { account, grant: ledger.sealer.open(account.id, account.sealedGrant) };
}
