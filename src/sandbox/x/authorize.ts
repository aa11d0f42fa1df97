// X's authorize page, and the exchange of its codes (docs.x.com, "OAuth 2.0 Authorization Code Flow with PKCE"). A code lives
// for 30 seconds; PKCE is not optional.
import { createHash } from 'node:crypto';
import { type Answer, json } from '../answer.ts';
import type { App } from '../apps.ts';
import { authorizePage, refusalPage, sendBack } from '../authorize-page.ts';
import { formOf, type SandboxRequest } from '../request.ts';
import { type Call, serveCall } from '../serve.ts';
import { account as accountForm } from './account-form.ts';
import { refusals } from './refusals.ts';
import type { XState } from './state.ts';

const CODE_MS = 30_000;
const SCOPES = ['tweet.read', 'tweet.write', 'users.read', 'media.write', 'offline.access'];

/** Registers `GET` and `POST /i/oauth2/authorize`. */
export function registerAuthorize(state: XState): void {
  const side = { platform: 'x', refusals, identify: () => undefined };
  state.app.get(
    '/i/oauth2/authorize',
    serveCall(state.rooms, side, { name: 'authorize', answer: (call) => show(state, call) }),
  );
  state.app.post(
    '/i/oauth2/authorize',
    serveCall(state.rooms, side, { name: 'authorize.decide', answer: (call) => decide(state, call) }),
  );
}

type Asked = { app: App; redirectUri: string; scopes: string[]; challenge: string; state: string };

function asked({ rooms }: XState, { url }: SandboxRequest): Asked | { refused: string } {
  const query = url.searchParams;
  const app = rooms.apps.find('x', query.get('client_id') ?? '');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app?.redirectUris.includes(redirectUri)) return { refused: 'You weren’t able to give access to the App.' };
  const scopes = (query.get('scope') ?? '').split(' ');
  const challenge = query.get('code_challenge') ?? '';
  const whole =
    query.get('response_type') === 'code' &&
    query.get('code_challenge_method') === 'S256' &&
    /^[\w-]{43}$/.test(challenge) &&
    (query.get('state') ?? '') !== '' &&
    scopes.every((scope) => SCOPES.includes(scope));
  return whole
    ? { app, redirectUri, scopes, challenge, state: query.get('state') ?? '' }
    : { refused: 'You weren’t able to give access to the App.' };
}

function show(state: XState, { request }: Call): Promise<Answer> {
  const wanted = asked(state, request);
  if ('refused' in wanted) return refusalPage('X', wanted.refused);
  const accounts = state.rooms.accounts.all().filter(({ platform }) => platform === 'x');
  const { clientId } = wanted.app;
  return authorizePage({ label: 'X', clientId, accounts, scopes: wanted.scopes, choosesScopes: false });
}

function decide(state: XState, { request, nowMs }: Call): Answer | Promise<Answer> {
  const wanted = asked(state, request);
  if ('refused' in wanted) return refusalPage('X', wanted.refused);
  const form = formOf(request);
  const { redirectUri, scopes, challenge, app } = wanted;
  if (form.get('verdict') !== 'allow') return sendBack(redirectUri, { error: 'access_denied', state: wanted.state });
  const account = state.rooms.accounts.find(form.get('account') ?? '');
  if (account?.platform !== 'x') return refusalPage('X', 'There is no such account.');
  const { code } = state.rooms.apps.giveCode({
    platform: 'x',
    clientId: app.clientId,
    accountId: account.id,
    redirectUri,
    scopes,
    challenge,
    expiresAtMs: nowMs + CODE_MS,
  });
  return sendBack(redirectUri, { state: wanted.state, code });
}

/** X's words for what is wrong with a code (as its clients have met them). */
const invalid = (what: string) =>
  json(400, { error: 'invalid_request', error_description: `Value passed for the ${what}` });

/** Exchanges a code; `refuseClient` says whether the caller is the app that it was given to. */
export function exchangeCode(
  state: XState,
  { request, nowMs }: Call,
  refuseClient: (clientId: string, clientSecret: string | null) => Answer | undefined,
): Answer {
  const { apps, accounts } = state.rooms;
  const form = formOf(request);
  const given = apps.peekCode('x', form.get('code') ?? '', nowMs);
  const app = given && apps.find('x', given.clientId);
  if (!given || !app) return invalid('authorization code was invalid.');
  const refused = refuseClient(app.clientId, app.clientSecret);
  if (refused) return refused;
  const code = apps.takeCode('x', given.code, nowMs);
  if (form.get('redirect_uri') !== given.redirectUri)
    return invalid('redirect uri did not match the uri of the authorization code.');
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  if (!code || challenge !== code.challenge) return invalid('code verifier did not match the code challenge.');
  const stays = code.scopes.includes('offline.access');
  const issued = accounts.issue(code.accountId, {
    scopes: code.scopes,
    prefix: accountForm.tokenPrefix,
    issuedAtMs: nowMs,
    accessExpiresAtMs: nowMs + accountForm.accessLifetimeMs,
    refreshExpiresAtMs: stays ? nowMs + accountForm.refreshLifetimeMs : null,
    clientId: app.clientId,
  });
  return json(200, {
    token_type: 'bearer',
    expires_in: accountForm.accessLifetimeMs / 1000,
    access_token: issued.access.token,
    scope: code.scopes.join(' '),
    ...(issued.refresh ? { refresh_token: issued.refresh.token } : {}),
  });
}
