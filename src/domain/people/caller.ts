// Who asks for an operation, proven by one of our doors: a person who is signed in, or a machine's key.
import type { ApiScope } from '../api/api-scopes.ts';
import type { Actor } from './actor.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { type Role, roleReaches } from './roles.ts';

interface InWorkspace {
  readonly workspaceId: string;
  readonly workspaceName: string;
  readonly actor: Actor;
}

export interface PersonCaller extends InWorkspace {
  readonly kind: 'person';
  readonly userId: string;
  readonly role: Role;
}

export interface KeyCaller extends InWorkspace {
  readonly kind: 'key';
  readonly scopes: readonly ApiScope[];
}

export type Caller = PersonCaller | KeyCaller;

/** Whether the caller may do it. */
export function may(
  caller: Pick<PersonCaller, 'kind' | 'role'> | Pick<KeyCaller, 'kind' | 'scopes'>,
  operation: Operation,
): boolean {
  const { role, scope } = OPERATIONS[operation];
  if (caller.kind === 'person') return roleReaches(caller.role, role);
  return scope !== null && caller.scopes.includes(scope);
}
