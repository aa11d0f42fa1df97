// Renews a grant at X's token endpoint, once: refresh tokens are used up by it, so nothing here tries again.
import * as oauth from 'oauth4webapi';
import { bodyJson, type HttpAnswer } from '../../transport/exchange.ts';
import { basicAuth } from '../client-auth.ts';
import type { RenewedGrant } from '../contract.ts';
import type { AccountSession, Grant } from '../sessions.ts';
import { AppFault, StepRefused, StepUnanswered } from '../step-errors.ts';
import { addressOf } from './calls.ts';
import { classifyAnswer, statedCause } from './problem.ts';

/**
 * Renews the grant; the answer carries a new refresh token, and the old one is dead.
 * @throws StepRefused when X says that the grant is dead, or throttles; AppFault when it refuses the client, which is our
 * app's; StepUnanswered on anything else.
 */
export async function renew(session: AccountSession): Promise<RenewedGrant> {
  const { refreshToken, clientId, clientSecret } = session.grant;
  if (refreshToken === undefined || clientId === undefined) throw notRenewable(session);
  const server = { issuer: session.account.apiBase, token_endpoint: addressOf(session, '/2/oauth2/token') };
  const client = { client_id: clientId };
  const clientAuth = clientSecret === undefined ? oauth.None() : basicAuth(clientSecret);
  const response = await oauth.refreshTokenGrantRequest(server, client, clientAuth, refreshToken, {
    [oauth.customFetch]: (url, { headers, body }) => exchangeToken(session, url, headers, String(body)),
    // A sandbox or proxy of the operator's may stand on plain HTTP; X's own address never does.
    [oauth.allowInsecureRequests]: session.account.apiBase.startsWith('http:'),
  });
  const tokens = await readTokens(server, client, response);
  return renewed(session, tokens);
}

/** Sends the renewal; only a success comes back. */
async function exchangeToken(
  session: AccountSession,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Response> {
  const exchange = await session.call({ method: 'POST', url, headers, body });
  if (exchange.kind !== 'answer')
    throw new StepUnanswered('grant', `X did not answer the renewal (${exchange.detail})`);
  if (exchange.status !== 200) throw refusalOf(exchange, session);
  // X has been seen to leave the token's type out; it only ever is a bearer token.
  const tokens = bodyJson(exchange);
  const typed = typeof tokens === 'object' ? { token_type: 'bearer', ...tokens } : {};
  return Response.json(typed);
}

/**
 * Only OAuth's own word for a dead grant ends the connection, and a throttle says when to ask again; the rest ends this
 * attempt. A 401 that does not name the client was worn by an outage (2026-06-30).
 */
function refusalOf(answer: HttpAnswer, session: AccountSession): StepRefused | StepUnanswered {
  const { cause, app } = classifyAnswer(answer, 'grant', session);
  if (app) return new AppFault(cause);
  return cause.code === 'reconnect_required' || cause.code === 'rate_limited'
    ? new StepRefused(cause)
    : new StepUnanswered('grant', `X answered ${answer.status} to the renewal`);
}

async function readTokens(server: oauth.AuthorizationServer, client: oauth.Client, response: Response) {
  try {
    return await oauth.processRefreshTokenResponse(server, client, response);
  } catch {
    // The library's error holds the answer's body, and with it the new tokens: it goes no further.
    throw new StepUnanswered('grant', 'X answered the renewal with a body that cannot be read');
  }
}

function renewed(session: AccountSession, tokens: oauth.TokenEndpointResponse): RenewedGrant {
  const { access_token, refresh_token, expires_in, scope } = tokens;
  const grant: Grant = {
    ...session.grant,
    accessToken: access_token,
    refreshToken: refresh_token ?? session.grant.refreshToken,
  };
  const expiresAt = expires_in === undefined ? null : new Date(session.now().getTime() + expires_in * 1_000);
  return { grant, expiresAt, scopes: scope?.split(' ').filter((name) => name !== '') };
}

function notRenewable(session: AccountSession): StepRefused {
  const message = 'The X access token has ended and the account has no refresh token to renew it with; reconnect it.';
  return new StepRefused(statedCause({ stage: 'grant', httpStatus: 400, code: 'invalid_grant', message }, session));
}
