// The session of an account: whose it is, and how it is renewed, with the refresh token or, when that is dead, by signing
// in again with the app password.
import { type Cause, cause } from '../../domain/causes/causes.ts';
import type { Destination, RenewedGrant } from '../contract.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused, StepUnanswered } from '../step-errors.ts';
import { PLATFORM } from './errors.ts';
import { ownerSchema, type Tokens, tokenClaimsSchema, tokensSchema } from './wire.ts';
import { ask, bearer, methodUrl } from './xrpc.ts';

/** The DID the session was opened for. @throws StepRefused | StepUnanswered */
export async function identify(session: AccountSession): Promise<string> {
  return (await askOwner(session)).did;
}

/** The one account of the session. @throws StepRefused | StepUnanswered */
export async function destinations(session: AccountSession): Promise<readonly Destination[]> {
  const { did, handle } = await askOwner(session);
  return [{ remoteId: did, name: handle ? `@${handle}` : did }];
}

function askOwner(session: AccountSession) {
  const url = methodUrl(session, 'com.atproto.server.getSession');
  const request = { method: 'GET', url, headers: bearer(session.grant.accessToken) } as const;
  return ask(session, { stage: 'grant', window: 'read', request, schema: ownerSchema });
}

/** Signs in with the app password, whoever's it is. @throws StepRefused | StepUnanswered, as `renew` */
export async function open(session: AccountSession): Promise<RenewedGrant> {
  const { identifier = '', password = '' } = session.grant;
  // People write a handle as they see it.
  const name = identifier.trim().replace(/^@/, '');
  const tokens = await signIn(session, name, password);
  const opened = { ...session, grant: { ...session.grant, identifier: name } };
  return toGrant({ ...opened, account: { ...session.account, remoteId: tokens.did } }, tokens);
}

/**
 * The account's new tokens.
 * @throws StepRefused when the PDS itself says that the connection is dead, or throttles; StepUnanswered on anything
 * else, a refusal by something in front of the PDS included: such a thing never disconnects an account
 */
export async function renew(session: AccountSession): Promise<RenewedGrant> {
  const { refreshToken, identifier, password } = session.grant;
  if (refreshToken !== undefined) {
    try {
      return toGrant(session, await refresh(session, refreshToken));
    } catch (error) {
      if (identifier === undefined || password === undefined || !isDeadToken(error)) throw error;
    }
  }
  if (identifier !== undefined && password !== undefined) {
    return toGrant(session, await signIn(session, identifier, password));
  }
  throw new StepRefused(
    grantCause('reconnect_required', 'The connection holds nothing to renew it with; connect it again.'),
  );
}

function refresh(session: AccountSession, refreshToken: string): Promise<Tokens> {
  const url = methodUrl(session, 'com.atproto.server.refreshSession');
  return askGrant(session, { method: 'POST', url, headers: bearer(refreshToken) });
}

function signIn(session: AccountSession, identifier: string, password: string): Promise<Tokens> {
  const url = methodUrl(session, 'com.atproto.server.createSession');
  const headers = { 'content-type': 'application/json' };
  return askGrant(session, { method: 'POST', url, headers, body: JSON.stringify({ identifier, password }) });
}

async function askGrant(session: AccountSession, request: Parameters<AccountSession['call']>[0]): Promise<Tokens> {
  try {
    return await ask(session, { stage: 'grant', request, schema: tokensSchema });
  } catch (error) {
    if (!(error instanceof StepRefused) || isSpoken(error.cause)) throw error;
    throw new StepUnanswered('grant', `Bluesky did not renew the session: ${error.cause.externalText}`);
  }
}

/** Whether the refusal is one the PDS itself gives, in its own words, or a throttle. */
function isSpoken({ source, code }: Cause): boolean {
  return code === 'rate_limited' || (source === 'raw_error_signature' && code !== 'unknown');
}

function isDeadToken(error: unknown): boolean {
  return error instanceof StepRefused && error.cause.code !== 'rate_limited';
}

function toGrant(session: AccountSession, tokens: Tokens): RenewedGrant {
  if (tokens.did !== session.account.remoteId) {
    throw new StepRefused(
      grantCause('auth_failed', 'The sign-in belongs to another Bluesky account; connect this one again.'),
    );
  }
  if (!tokens.active) {
    const status = tokens.status ?? 'inactive';
    throw new StepRefused(
      grantCause('reconnect_required', `Bluesky says the account is ${status}; activate it, then connect it again.`),
    );
  }
  return {
    grant: { ...session.grant, accessToken: tokens.accessJwt, refreshToken: tokens.refreshJwt },
    expiresAt: expiryOf(tokens.accessJwt),
  };
}

/** The token's own end; null when it cannot be read, and then the PDS says so when the time has come. */
function expiryOf(accessJwt: string): Date | null {
  try {
    const payload = Buffer.from(accessJwt.split('.')[1] ?? '', 'base64url').toString('utf8');
    return new Date(tokenClaimsSchema.parse(JSON.parse(payload)).exp * 1_000);
  } catch {
    return null;
  }
}

function grantCause(code: Cause['code'], externalText: string): Cause {
  return cause({
    code,
    source: 'status_only',
    platform: PLATFORM,
    stage: 'grant',
    externalText,
    rawText: externalText,
  });
}
