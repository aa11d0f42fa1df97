// What X's rooms share, and the guard every call passes: token, scopes, rate window.
import type { Hono } from 'hono';
import type { Account, Token } from '../accounts.ts';
import { type Answer, withHeaders } from '../answer.ts';
import type { Rooms } from '../contract.ts';
import { bearerOf, type SandboxEnv, type SandboxRequest } from '../request.ts';
import { type Call, type ServingPlatform, serveCall } from '../serve.ts';
import type { Settings } from '../settings.ts';
import { forbidden, noSuchPage, unauthorized } from './problems.ts';
import { refusals } from './refusals.ts';
import type { XSettings } from './settings.ts';
import { createWindows, tooManyRequests, type Windows } from './throttle.ts';
import { openUploads, type Uploads } from './uploads.ts';
import { openVersions, type Versions } from './versions.ts';

/** The X stand-in at work. */
export type XState = {
  app: Hono<SandboxEnv>;
  rooms: Rooms;
  settings: Settings<XSettings>;
  windows: Windows;
  uploads: Uploads;
  versions: Versions;
};

/** The start of an X state. */
export function createXState(app: Hono<SandboxEnv>, rooms: Rooms, settings: Settings<XSettings>): XState {
  const { journal } = rooms;
  const windows = createWindows();
  return { app, rooms, settings, windows, uploads: openUploads(journal), versions: openVersions(journal) };
}

/** A call whose token is good: the account it acts for, and that account's settings. */
export type XCall = Call & { account: Account; token: Token; settings: XSettings };

/** One guarded route. */
export type XRoute = {
  name: string | ((request: SandboxRequest) => string);
  scopes: string[];
  answer(call: XCall): Answer | Promise<Answer>;
};

function servingSide(rooms: Rooms): ServingPlatform {
  return { platform: 'x', refusals, identify: (request) => rooms.accounts.token(bearerOf(request) ?? '') };
}

/** Registers a guarded route: 401 without a valid access token, 429 beyond the window, 403 without the scopes. */
export function route(state: XState, method: 'GET' | 'POST' | 'DELETE', path: string, served: XRoute): void {
  const { rooms } = state;
  const guarded = (call: Call): Answer | Promise<Answer> => {
    const { token, nowMs } = call;
    const account = token && rooms.accounts.find(token.accountId);
    if (!account || token.kind !== 'access' || token.state !== 'valid' || token.expiresAtMs <= nowMs)
      return unauthorized;
    const settings = state.settings.of(account.id);
    const standing = state.windows.count(account.id, call.name, settings.quota, nowMs);
    if (standing.exceeded) return tooManyRequests(standing);
    if (!served.scopes.every((scope) => token.scopes.includes(scope))) return withHeaders(forbidden, standing.headers);
    const answer = served.answer({ ...call, account, token, settings });
    return answer instanceof Promise
      ? answer.then((settled) => withHeaders(settled, standing.headers))
      : withHeaders(answer, standing.headers);
  };
  state.app.on(method, path, serveCall(rooms, servingSide(rooms), { name: served.name, answer: guarded }));
}

/** Registers what is left: an address X does not have. It is recorded like any call. */
export function registerUnknown(state: XState): void {
  const { rooms } = state;
  state.app.all('*', serveCall(rooms, servingSide(rooms), { name: 'unknown', answer: () => noSuchPage }));
}
