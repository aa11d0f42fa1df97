// Exchanges the code that a person brought back for the grant, once: a code is used up by its first use.
import * as oauth from 'oauth4webapi';
import type { OpenedApp } from '../../ledger/connections/apps.ts';
import { basicAuth, formAuth } from '../../platforms/client-auth.ts';
import type { AccountSession } from '../../platforms/sessions.ts';
import { StepUnanswered } from '../../platforms/step-errors.ts';
import { asked, NotConnected } from '../../publishing/grants/not-connected.ts';
import { bodyJson } from '../../transport/exchange.ts';
import { type ConnectingContext, type OAuthAdapter, strangersSession } from '../connecting.ts';
import type { NewGrant } from '../new-grant.ts';

export interface Code {
  /** What the person's browser brought back. */
  readonly params: URLSearchParams;
  readonly redirectUri: string;
  readonly codeVerifier: string | null;
}

const AGAIN = { later: 'begin again, since the code is used up' };

/** @throws NotConnected, also when the person denied it */
export async function exchangeCode(
  context: ConnectingContext,
  adapter: OAuthAdapter,
  app: OpenedApp,
  code: Code,
): Promise<NewGrant> {
  const tokens = await askForTokens(context, adapter, app, code);
  const { scopes } = adapter.connect;
  const fresh: NewGrant = {
    grant: {
      accessToken: tokens.access_token,
      clientId: app.clientId,
      ...(tokens.refresh_token === undefined ? {} : { refreshToken: tokens.refresh_token }),
      ...(app.clientSecret === null ? {} : { clientSecret: app.clientSecret }),
    },
    // Where the answer does not say, all that was asked for was granted (RFC 6749, 5.1).
    scopes: tokens.scope?.split(/[ ,]+/).filter((name) => name !== '') ?? scopes,
    expiresAt: endOf(context, tokens.expires_in),
    apiBase: app.apiBase,
  };
  return completed(context, adapter, fresh);
}

function endOf({ ledger }: ConnectingContext, lifeSeconds: number | undefined): Date | null {
  return lifeSeconds === undefined ? null : new Date(ledger.clock.now().getTime() + lifeSeconds * 1_000);
}

async function completed(context: ConnectingContext, adapter: OAuthAdapter, fresh: NewGrant): Promise<NewGrant> {
  if (!adapter.connect.complete) return fresh;
  const completing = adapter.connect.complete(strangersSession(context, adapter, fresh));
  const { grant, expiresAt, scopes } = await asked(adapter, 'did not complete the grant', completing, AGAIN);
  return { ...fresh, grant, expiresAt, scopes: scopes ?? fresh.scopes };
}

async function askForTokens(
  context: ConnectingContext,
  adapter: OAuthAdapter,
  app: OpenedApp,
  { params, redirectUri, codeVerifier }: Code,
): Promise<oauth.TokenEndpointResponse> {
  const { connect, label } = adapter;
  const tokenUrl = connect.tokenUrl(app.apiBase);
  const server = { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl };
  const client = { client_id: app.clientId };
  const grant = { accessToken: '' };
  const session = strangersSession(context, adapter, { grant, scopes: [], apiBase: app.apiBase });
  const request = oauth.authorizationCodeGrantRequest(
    server,
    client,
    clientAuth(adapter, app),
    allowed(label, server, client, params),
    redirectUri,
    codeVerifier ?? oauth.nopkce,
    {
      [oauth.customFetch]: (url, { headers, body }) => post(session, adapter, { url, headers, body: String(body) }),
      // A sandbox of the operator's may stand on plain HTTP; a platform's own address never does.
      [oauth.allowInsecureRequests]: tokenUrl.startsWith('http:'),
    },
  );
  const response = await asked(adapter, 'did not exchange the code', request, AGAIN);
  try {
    return await oauth.processAuthorizationCodeResponse(server, client, response);
  } catch (error) {
    // The library's error may hold the answer's body, and with it tokens: nothing of it goes further but these two words.
    throw new NotConnected(refusalWords(label, error));
  }
}

function clientAuth({ connect }: OAuthAdapter, { clientSecret }: OpenedApp): oauth.ClientAuth {
  return connect.clientAuth === 'basic' && clientSecret !== null ? basicAuth(clientSecret) : formAuth(clientSecret);
}

/** What the browser brought back, when it is a code. @throws NotConnected */
function allowed(
  label: string,
  server: oauth.AuthorizationServer,
  client: oauth.Client,
  params: URLSearchParams,
): URLSearchParams {
  try {
    // The state was checked by finding the flow with it.
    return oauth.validateAuthResponse(server, client, params, oauth.skipStateCheck);
  } catch (error) {
    const denied = error instanceof oauth.AuthorizationResponseError && error.error === 'access_denied';
    throw new NotConnected(
      denied
        ? `You did not allow it at ${label}, so nothing was connected and nothing was changed; begin again when you want to.`
        : `${label} did not send a code back, so nothing was connected and nothing was changed; begin again.`,
    );
  }
}

async function post(
  session: AccountSession,
  { connect, label }: OAuthAdapter,
  { url, headers, body }: { url: string; headers: Readonly<Record<string, string>>; body: string },
): Promise<Response> {
  const exchange = await session.call({ method: 'POST', url, headers, body });
  if (exchange.kind !== 'answer') throw new StepUnanswered('grant', exchange.detail);
  const { status } = exchange;
  if (status >= 500 || status === 408 || status === 429) throw new StepUnanswered('grant', `it answered ${status}`);
  const tokens = bodyJson(exchange);
  if (tokens === undefined || status < 200) throw new StepUnanswered('grant', `${label} answered what nobody can read`);
  return Response.json(connect.inOAuthForm(tokens), { status });
}

function refusalWords(label: string, error: unknown): string {
  if (!(error instanceof oauth.ResponseBodyError)) {
    return `${label} answered the code with what nobody can read, so nothing was connected; begin again.`;
  }
  const said = error.error_description?.slice(0, 200).replace(/\.$/, '') ?? error.error;
  if (error.error === 'invalid_client' || error.error === 'unauthorized_client') {
    return `${label} refuses the app (${said}), so nothing was connected; an admin sets its client id and secret anew under Connections, Apps.`;
  }
  return `${label} does not take the code (${said}), so nothing was connected; begin again.`;
}
