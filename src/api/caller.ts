// Who is calling: an API key as a Bearer token, bound to a workspace and to scopes.
import type { MiddlewareHandler } from 'hono';
import type { ApiScope } from '../domain/api/api-scopes.ts';
import type { Actor } from '../domain/people/actor.ts';
import { type ApiKey, findApiKey } from '../ledger/workspaces/api-keys.ts';
import { ApiRefused } from './api-refused.ts';
import type { ApiDeps, ApiEnv } from './deps.ts';

const BEARER = /^Bearer +([\w.~+/=-]{1,200}) *$/i;

/** Lets a request pass that carries a valid key with the scope. */
export function requireScope({ ledger }: Pick<ApiDeps, 'ledger'>, scope: ApiScope): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const presented = BEARER.exec(c.req.header('authorization') ?? '')?.[1];
    const caller = presented === undefined ? null : await findApiKey(ledger, presented);
    if (!caller) throw new ApiRefused('unauthenticated', { headers: { 'WWW-Authenticate': 'Bearer' } });
    if (!caller.scopes.includes(scope)) {
      const message = `The API key "${caller.name}" lacks the scope ${scope}; nothing was changed; use a key that has it.`;
      throw new ApiRefused('scope_missing', { message });
    }
    c.set('caller', caller);
    await next();
  };
}

/** The caller as the audit trail names it. */
export function actorOf(caller: ApiKey): Actor {
  return { type: 'API_KEY', id: caller.id, label: caller.name };
}
