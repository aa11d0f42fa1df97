// What the client can ask of connected accounts.
import {
  type Connection as ConnectedAccount,
  type ConnectionStory as ConnectedAccountStory,
  connectionSchema,
  connectionStorySchema,
  connectionsSchema,
} from '../domain/connections/connection.ts';
import { type Connected, type ConnectRequest, connectedSchema } from '../domain/connections/secrets-request.ts';
import { type Connection, call } from './call.ts';
import type { Signaled } from './recovery-calls.ts';

export interface AccountCalls {
  /** The connected accounts: what each can do, until when, and the one thing to do about it. */
  accounts(options?: Signaled): Promise<readonly ConnectedAccount[]>;
  /** One of them, with what happened to it. */
  account(accountId: string, options?: Signaled): Promise<ConnectedAccountStory>;
  /** Connects an account with its secrets, where the platform takes them; one that is there is reconnected. */
  connect(request: ConnectRequest, options?: Signaled): Promise<Connected>;
  /** Disconnects an account; what is queued for it stops until it is connected again. */
  disconnect(accountId: string, options?: Signaled): Promise<ConnectedAccount>;
}

/** The calls over a connection. */
export function accountCalls(connection: Connection): AccountCalls {
  const path = '/api/accounts';
  const of = (accountId: string) => `${path}/${encodeURIComponent(accountId)}`;
  return {
    accounts: async ({ signal } = {}) => {
      const answer = connectionsSchema;
      return (await call(connection, { method: 'GET', path, answer, signal })).accounts;
    },
    account: async (accountId, { signal } = {}) =>
      call(connection, { method: 'GET', path: of(accountId), answer: connectionStorySchema, signal }),
    // Twice is as once: the second time reconnects the same account.
    connect: async (request, { signal } = {}) =>
      call(connection, { method: 'POST', path, body: request, answer: connectedSchema, signal }),
    // Twice is as once, so that it may be sent again.
    disconnect: async (accountId, { signal } = {}) =>
      call(connection, { method: 'DELETE', path: of(accountId), answer: connectionSchema, signal }),
  };
}
