// What Instagram's rooms share, and the guard every call passes: token, scopes, usage, and whose account it is.
import type { Hono } from 'hono';
import type { Account, Token } from '../accounts.ts';
import { type Answer, withHeaders } from '../answer.ts';
import type { Rooms } from '../contract.ts';
import type { SandboxEnv, SandboxRequest } from '../request.ts';
import { type Call, type ServingPlatform, serveCall } from '../serve.ts';
import type { Settings } from '../settings.ts';
import { type Containers, openContainers } from './containers.ts';
import { graphError, unknownField, unknownParameter } from './errors.ts';
import { accessTokenOf, fieldsOf, type Parameters, parametersOf } from './parameters.ts';
import { refusals } from './refusals.ts';
import type { InstagramSettings } from './settings.ts';
import { createUsage, type Usage } from './throttle.ts';
import { expiredToken, malformedToken, missingPermission, missingToken, revokedToken } from './token-errors.ts';

/** The Instagram stand-in at work. */
export type InstagramState = {
  app: Hono<SandboxEnv>;
  rooms: Rooms;
  settings: Settings<InstagramSettings>;
  containers: Containers;
  usage: Usage;
};

/** The start of an Instagram state. */
export function createInstagramState(
  app: Hono<SandboxEnv>,
  rooms: Rooms,
  settings: Settings<InstagramSettings>,
): InstagramState {
  return { app, rooms, settings, containers: openContainers(rooms.journal), usage: createUsage() };
}

/** A call whose token is good: its account, settings and parameters. */
export type InstagramCall = Call & {
  account: Account;
  token: Token;
  settings: InstagramSettings;
  parameters: Parameters;
};

/** One guarded route. */
export type InstagramRoute = {
  name: string | ((request: SandboxRequest) => string);
  scopes: string[];
  /** What it takes beside the token. Stricter than Meta, which lets many a misspelt parameter pass unsaid. */
  parameters: readonly string[];
  /** The fields that may be asked for, where it takes `fields`. */
  fields?: readonly string[];
  answer(call: InstagramCall): Answer | Promise<Answer>;
};

/** The scope of reads. */
export const readScope = 'instagram_business_basic';

/** The scope of everything that publishes. */
export const publishScope = 'instagram_business_content_publish';

/** What every route of the platform shares. */
export function servingSide(rooms: Rooms): ServingPlatform {
  return {
    platform: 'instagram',
    refusals,
    identify: (request) => rooms.accounts.token(accessTokenOf(request) ?? ''),
  };
}

/** Registers a guarded route; paths begin with a version such as `/v25.0`. */
export function route(state: InstagramState, method: 'GET' | 'POST', path: string, served: InstagramRoute): void {
  const guarded = (call: Call): Answer | Promise<Answer> => {
    const refused = refuseToken(call);
    const account = call.token && state.rooms.accounts.find(call.token.accountId);
    if (refused || !call.token || !account) return refused ?? malformedToken;
    const settings = state.settings.of(account.id);
    const standing = state.usage.count(account.id, settings.quota, call.nowMs);
    if (standing.refused) return withHeaders(standing.refused, standing.headers);
    const { scopes } = call.token;
    if (!served.scopes.every((scope) => scopes.includes(scope)))
      return withHeaders(missingPermission, standing.headers);
    const parameters = parametersOf(call.request);
    const unknown = refuseUnknown(served, parameters);
    if (unknown) return withHeaders(unknown, standing.headers);
    const answer = served.answer({ ...call, account, token: call.token, settings, parameters });
    return answer instanceof Promise
      ? answer.then((settled) => withHeaders(settled, standing.headers))
      : withHeaders(answer, standing.headers);
  };
  const versioned = `/:version{v[0-9]+\\.[0-9]+}${path}`;
  state.app.on(
    method,
    versioned,
    serveCall(state.rooms, servingSide(state.rooms), { name: served.name, answer: guarded }),
  );
}

/** The first parameter or field that the call does not have. */
export function refuseUnknown(
  { parameters: taken, fields }: Pick<InstagramRoute, 'parameters' | 'fields'>,
  parameters: Parameters,
): Answer | undefined {
  const parameter = [...parameters.keys()].find((name) => name !== 'access_token' && !taken.includes(name));
  if (parameter !== undefined) return unknownParameter(parameter);
  const field = fields && [...fieldsOf(parameters)].find((name) => !fields.includes(name));
  return field === undefined ? undefined : unknownField(field);
}

/** What is wrong with the token a call shows; undefined when nothing is. */
export function refuseToken({ request, token, nowMs }: Call): Answer | undefined {
  if (!token) return accessTokenOf(request) === undefined ? missingToken : malformedToken;
  if (token.state === 'revoked') return revokedToken(token.revokedDetail);
  if (token.expiresAtMs <= nowMs) return expiredToken(token.expiresAtMs, nowMs);
  return undefined;
}

/** Registers what is left: an address Instagram does not have. It is recorded like any call. */
export function registerUnknown(state: InstagramState): void {
  const answer = ({ request }: Call) =>
    graphError({ code: 2500, message: `Unknown path components: ${request.url.pathname.replace('/instagram', '')}` });
  state.app.all('*', serveCall(state.rooms, servingSide(state.rooms), { name: 'unknown', answer }));
}
