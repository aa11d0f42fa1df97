// Instagram's authorize page, and the exchange of its codes for a token of an hour (Meta, "Business Login for Instagram"). A
// code lives for an hour. Unlike X, Instagram lets a person allow some scopes and not others.
import { type Answer, json } from '../answer.ts';
import type { App } from '../apps.ts';
import { authorizePage, refusalPage, sendBack } from '../authorize-page.ts';
import { formOf, type SandboxRequest } from '../request.ts';
import { type Call, serveCall } from '../serve.ts';
import { account as accountForm } from './account-form.ts';
import { refusals } from './refusals.ts';
import { type InstagramState, readScope } from './state.ts';

const HOUR_MS = 3_600_000;

/** Registers `GET` and `POST /oauth/authorize`, and `POST /oauth/access_token`. */
export function registerAuthorize(state: InstagramState): void {
  const { app, rooms } = state;
  const side = { platform: 'instagram', refusals, identify: () => undefined };
  app.get('/oauth/authorize', serveCall(rooms, side, { name: 'authorize', answer: (call) => show(state, call) }));
  app.post(
    '/oauth/authorize',
    serveCall(rooms, side, { name: 'authorize.decide', answer: (call) => decide(state, call) }),
  );
  app.post(
    '/oauth/access_token',
    serveCall(rooms, side, { name: 'code_token', answer: (call) => exchangeCode(state, call) }),
  );
}

type Asked = { app: App; redirectUri: string; scopes: string[]; state: string | null };

function asked({ rooms }: InstagramState, { url }: SandboxRequest): Asked | { refused: string } {
  const query = url.searchParams;
  const app = rooms.apps.find('instagram', query.get('client_id') ?? '');
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!app) return { refused: 'Invalid platform app' };
  if (!app.redirectUris.includes(redirectUri)) return { refused: 'Invalid redirect_uri' };
  const scopes = (query.get('scope') ?? '').split(/[, ]/);
  if (query.get('response_type') !== 'code') return { refused: 'Invalid response_type' };
  if (!scopes.every((scope) => accountForm.scopes.includes(scope))) return { refused: 'Invalid scope' };
  return { app, redirectUri, scopes, state: query.get('state') };
}

function show(state: InstagramState, { request }: Call): Promise<Answer> {
  const wanted = asked(state, request);
  if ('refused' in wanted) return refusalPage('Instagram', wanted.refused);
  const accounts = state.rooms.accounts.all().filter(({ platform }) => platform === 'instagram');
  const { clientId } = wanted.app;
  return authorizePage({ label: 'Instagram', clientId, accounts, scopes: wanted.scopes, choosesScopes: true });
}

function decide(state: InstagramState, { request, nowMs }: Call): Answer | Promise<Answer> {
  const wanted = asked(state, request);
  if ('refused' in wanted) return refusalPage('Instagram', wanted.refused);
  const form = formOf(request);
  const { app, redirectUri } = wanted;
  const back = wanted.state === null ? {} : { state: wanted.state };
  if (form.get('verdict') !== 'allow') {
    const denied = {
      error: 'access_denied',
      error_reason: 'user_denied',
      error_description: 'The user denied your request',
    };
    return sendBack(redirectUri, { ...denied, ...back });
  }
  const account = state.rooms.accounts.find(form.get('account') ?? '');
  if (account?.platform !== 'instagram') return refusalPage('Instagram', 'There is no such account.');
  const { code } = state.rooms.apps.giveCode({
    platform: 'instagram',
    clientId: app.clientId,
    accountId: account.id,
    redirectUri,
    scopes: wanted.scopes.filter((scope) => scope === readScope || form.getAll('scope').includes(scope)),
    challenge: null,
    expiresAtMs: nowMs + HOUR_MS,
  });
  // The `#_` is Instagram's own, and no part of the code.
  return sendBack(redirectUri, { code, ...back }, '#_');
}

const refusal = (error_message: string) => json(400, { error_type: 'OAuthException', code: 400, error_message });

function exchangeCode(state: InstagramState, { request, nowMs }: Call): Answer {
  const { apps, accounts } = state.rooms;
  const form = formOf(request);
  const app = apps.find('instagram', form.get('client_id') ?? '');
  if (!app) return refusal('Invalid platform app');
  if (app.clientSecret !== form.get('client_secret')) return refusal('Invalid Client Secret');
  if (form.get('grant_type') !== 'authorization_code') return refusal('Invalid grant_type');
  const given = apps.peekCode('instagram', form.get('code') ?? '', nowMs);
  if (!given || given.clientId !== app.clientId) return refusal('Matching code was not found or was already used');
  if (form.get('redirect_uri') !== given.redirectUri) {
    return refusal(
      'Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request',
    );
  }
  apps.takeCode('instagram', given.code, nowMs);
  const issued = accounts.issue(given.accountId, {
    scopes: given.scopes,
    prefix: accountForm.tokenPrefix,
    issuedAtMs: nowMs,
    accessExpiresAtMs: nowMs + HOUR_MS,
    refreshExpiresAtMs: null,
    clientId: app.clientId,
  });
  const tokens = { access_token: issued.access.token, user_id: given.accountId, permissions: given.scopes.join(',') };
  return json(200, { data: [tokens] });
}
