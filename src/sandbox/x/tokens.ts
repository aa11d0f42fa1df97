// X's OAuth 2.0 token endpoint: codes are used once, and so are refresh tokens, which rotate; the pair that was used before is dead.
import { type Answer, json } from '../answer.ts';
import { formOf, type SandboxRequest } from '../request.ts';
import { type Call, serveCall } from '../serve.ts';
import { account as accountForm } from './account-form.ts';
import { exchangeCode } from './authorize.ts';
import { deadRefreshToken, presets } from './problems.ts';
import { refusals } from './refusals.ts';
import type { XState } from './state.ts';

const unauthorizedClient = presets.token_unauthorized_client ?? deadRefreshToken;

/** Registers `POST /2/oauth2/token` and `POST /2/oauth2/revoke`. */
export function registerTokens(state: XState): void {
  const { rooms, app } = state;
  const side = (field: string) => ({
    platform: 'x',
    refusals,
    identify: (request: SandboxRequest) => rooms.accounts.token(formOf(request).get(field) ?? ''),
  });
  app.post(
    '/2/oauth2/token',
    serveCall(rooms, side('refresh_token'), {
      name: (request) => (isCode(request) ? 'token.code' : 'token'),
      answer: (call) =>
        isCode(call.request)
          ? exchangeCode(state, call, (id, secret) => refuseClient(call.request, id, secret))
          : refresh(state, call),
    }),
  );
  app.post(
    '/2/oauth2/revoke',
    serveCall(rooms, side('token'), { name: 'revoke', answer: (call) => revoke(state, call) }),
  );
}

const isCode = (request: SandboxRequest) => formOf(request).get('grant_type') === 'authorization_code';

function refresh(state: XState, { request, token, nowMs }: Call): Answer {
  const { accounts } = state.rooms;
  const form = formOf(request);
  if (form.get('grant_type') !== 'refresh_token') {
    return json(400, {
      error: 'unsupported_grant_type',
      error_description: 'Only authorization_code and refresh_token are supported.',
    });
  }
  const account = token && accounts.find(token.accountId);
  if (!account || token.kind !== 'refresh' || token.state !== 'valid' || token.expiresAtMs <= nowMs)
    return deadRefreshToken;
  const client = token.clientId === null ? account : state.rooms.apps.find('x', token.clientId);
  if (!client) return unauthorizedClient;
  const refused = refuseClient(request, client.clientId, client.clientSecret);
  if (refused) return refused;
  accounts.change(token, { state: 'used' });
  const issued = accounts.issue(account.id, {
    scopes: token.scopes,
    prefix: accountForm.tokenPrefix,
    issuedAtMs: nowMs,
    accessExpiresAtMs: nowMs + accountForm.accessLifetimeMs,
    refreshExpiresAtMs: nowMs + accountForm.refreshLifetimeMs,
    clientId: token.clientId,
  });
  return json(200, {
    token_type: 'bearer',
    expires_in: accountForm.accessLifetimeMs / 1000,
    access_token: issued.access.token,
    scope: token.scopes.join(' '),
    refresh_token: issued.refresh?.token,
  });
}

/** A public client names itself in the form; a confidential one authenticates with HTTP Basic. */
function refuseClient(request: SandboxRequest, clientId: string, clientSecret: string | null): Answer | undefined {
  if (clientSecret === null) return formOf(request).get('client_id') === clientId ? undefined : deadRefreshToken;
  const expected = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString(
    'base64',
  );
  return request.header('authorization') === `Basic ${expected}` ? undefined : unauthorizedClient;
}

function revoke(state: XState, { token }: Call): Answer {
  if (token) state.rooms.accounts.change(token, { state: 'revoked' });
  return json(200, { revoked: true });
}
