// Who is calling: an API key as a Bearer token, bound to a workspace and to scopes.
import type { MiddlewareHandler } from 'hono';
import { type KeyCaller, may } from '../domain/people/caller.ts';
import { OPERATIONS, type Operation } from '../domain/people/operations.ts';
import { type ApiKey, findApiKey } from '../ledger/workspaces/api-keys.ts';
import { ApiRefused } from './api-refused.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';
import { API_KEY_SECURITY } from './responses.ts';

const BEARER = /^Bearer +([\w.~+/=-]{1,200}) *$/i;

/** Lets a request pass that carries a valid key which may do it. */
export function allowed({ ledger }: Pick<ApiDeps, 'ledger'>, operation: Operation): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const presented = BEARER.exec(c.req.header('authorization') ?? '')?.[1];
    const key = presented === undefined ? null : await findApiKey(ledger, presented);
    if (!key) throw new ApiRefused('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
    const caller = callerOf(key);
    assertMay(caller, operation);
    c.set('caller', caller);
    await next();
  };
}

/** For what only some uses of an operation need. @throws ApiRefused where the caller may not do it */
export function assertMay(caller: KeyCaller, operation: Operation): void {
  if (may(caller, operation)) return;
  const { scope } = OPERATIONS[operation];
  const name = caller.actor.label;
  const message =
    scope === null
      ? `No API key may do this, only a person who is signed in; nothing was changed by the key "${name}"; use the page.`
      : `The API key "${name}" lacks the scope ${scope}; nothing was changed; use a key that has it.`;
  throw new ApiRefused('scope_missing', { message });
}

function callerOf({ id, name, workspaceId, workspaceName, scopes }: ApiKey): KeyCaller {
  return { kind: 'key', workspaceId, workspaceName, scopes, actor: { type: 'API_KEY', id, label: name } };
}

/** What an operation's document says of who may call it. */
export function securityOf(operation: Operation): { [API_KEY_SECURITY]: string[] }[] {
  const { scope } = OPERATIONS[operation];
  return [{ [API_KEY_SECURITY]: scope === null ? [] : [scope] }];
}
