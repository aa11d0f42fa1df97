// Instagram's token calls, which carry no version: the long-lived token is exchanged for a fresh one while it lives.
import type { Token } from '../accounts.ts';
import { type Answer, json } from '../answer.ts';
import type { Call } from '../serve.ts';
import { serveCall } from '../serve.ts';
import { account as accountForm } from './account-form.ts';
import { graphError, invalidParameter } from './errors.ts';
import { parametersOf } from './parameters.ts';
import { type InstagramState, refuseToken, refuseUnknown, servingSide } from './state.ts';
import { malformedToken } from './token-errors.ts';

const youngestRefreshMs = 24 * 60 * 60_000;

/** Instagram documents that a token must be a day old, not what it says to a younger one. */
const tooYoung = graphError({
  code: 10,
  message: '(#10) The access token must be at least 24 hours old to be refreshed',
});

/** Registers refreshing, and the exchange of a short-lived token. */
export function registerTokens(state: InstagramState): void {
  const side = servingSide(state.rooms);
  const refreshing = { name: 'refresh_token', answer: (call: Call) => refresh(state, call) };
  const exchanging = { name: 'exchange_token', answer: (call: Call) => exchange(state, call) };
  state.app.get('/refresh_access_token', serveCall(state.rooms, side, refreshing));
  for (const path of ['/access_token', '/oauth/access_token', '/:version{v[0-9]+\\.[0-9]+}/oauth/access_token']) {
    state.app.get(path, serveCall(state.rooms, side, exchanging));
  }
}

function refresh(state: InstagramState, call: Call): Answer {
  const unknown = refuseUnknown({ parameters: ['grant_type'] }, parametersOf(call.request));
  if (unknown) return unknown;
  if (parametersOf(call.request).get('grant_type') !== 'ig_refresh_token') {
    return invalidParameter('grant_type must be ig_refresh_token');
  }
  const refused = refuseToken(call);
  if (refused) return refused;
  if (call.token && call.nowMs - call.token.issuedAtMs < youngestRefreshMs) return tooYoung;
  return longLived(state, call);
}

function exchange(state: InstagramState, call: Call): Answer {
  const parameters = parametersOf(call.request);
  const unknown = refuseUnknown({ parameters: ['grant_type', 'client_secret'] }, parameters);
  if (unknown) return unknown;
  if (!/^(ig|fb)_exchange_token$/.test(parameters.get('grant_type') ?? '')) {
    return invalidParameter('grant_type must be ig_exchange_token');
  }
  const refused = refuseToken(call);
  if (refused) return refused;
  const secret = call.token && clientOf(state, call.token)?.clientSecret;
  if (typeof secret === 'string' && parameters.get('client_secret') !== secret) {
    return graphError({ code: 1, message: 'Error validating client secret.' });
  }
  return longLived(state, call);
}

function clientOf({ rooms }: InstagramState, { clientId, accountId }: Token) {
  return clientId === null ? rooms.accounts.find(accountId) : rooms.apps.find('instagram', clientId);
}

/** The old token stays as it is: it lives on until its own end. */
function longLived(state: InstagramState, { token, nowMs }: Call): Answer {
  if (!token) return malformedToken;
  const issued = state.rooms.accounts.issue(token.accountId, {
    scopes: token.scopes,
    prefix: accountForm.tokenPrefix,
    issuedAtMs: nowMs,
    accessExpiresAtMs: nowMs + accountForm.accessLifetimeMs,
    refreshExpiresAtMs: null,
    clientId: token.clientId,
  });
  return json(200, {
    access_token: issued.access.token,
    token_type: 'bearer',
    expires_in: accountForm.accessLifetimeMs / 1000,
    permissions: token.scopes.join(','),
  });
}
