// Renews the grant of an Instagram Login (platform reference 2.1): a long-lived token that has not expired is exchanged
// for one of 60 days. There is no refresh token.
import type { HttpRequest } from '../../transport/exchange.ts';
import type { RenewedGrant } from '../contract.ts';
import { askGraph } from '../meta/graph-call.ts';
import { GraphRefused, type Refusal } from '../meta/refusal.ts';
import type { AccountSession } from '../sessions.ts';
import { StepUnanswered } from '../step-errors.ts';
import { INSTAGRAM } from './errors.ts';
import { renewedSchema } from './wire.ts';

/**
 * Refusals that say the grant itself is dead; anything else is weather. What a token younger than 24 hours is told is
 * not documented, so a refusal for permissions is not believed here: if it is true, the next call says so.
 */
const DEAD: ReadonlySet<string> = new Set(['auth_expired', 'auth_failed', 'reconnect_required']);

/** @throws StepRefused when Instagram calls the grant dead; StepUnanswered on anything else. */
export async function renew(session: AccountSession): Promise<RenewedGrant> {
  const { access_token: accessToken, expires_in: lifeSeconds } = await askForToken(session);
  return {
    grant: { ...session.grant, accessToken },
    expiresAt: new Date(session.now().getTime() + lifeSeconds * 1_000),
  };
}

async function askForToken(session: AccountSession) {
  try {
    return await askGraph(session, INSTAGRAM, renewal(session), 'grant', renewedSchema);
  } catch (error) {
    if (!(error instanceof GraphRefused) || saysDead(error.refusal)) throw error;
    throw new StepUnanswered('grant', `Instagram did not renew the token now: ${error.cause.externalText}`);
  }
}

/** Only Instagram's own words count: some proxy's 403 must not disconnect an account. */
function saysDead({ worded, cause }: Refusal): boolean {
  return worded && DEAD.has(cause.bucket);
}

/**
 * This one call is documented only with the token in its address, and a renewal that a platform misreads would
 * disconnect the account. The address is in no log: the transport names failures by their codes alone.
 */
function renewal(session: AccountSession): HttpRequest {
  const query = new URLSearchParams({ grant_type: 'ig_refresh_token', access_token: session.grant.accessToken });
  return { method: 'GET', url: `${unversioned(session.account.apiBase)}/refresh_access_token?${query}` };
}

/** The API's address without its version: the renewal has none. */
export function unversioned(apiBase: string): string {
  return apiBase.replace(/\/v\d+\.\d+$/, '');
}
