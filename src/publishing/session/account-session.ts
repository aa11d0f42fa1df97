// Builds what an adapter may use to speak for an account, whatever it speaks about.

import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { AccountSession, AccountView, Grant, McpServers } from '../../platforms/sessions.ts';
import type { HttpRequest } from '../../transport/exchange.ts';
import type { Keeper } from '../attempt/keeper.ts';
import type { PublishingContext } from '../context.ts';

export interface AccountFacts {
  readonly context: Pick<PublishingContext, 'ledger' | 'transport' | 'mcp' | 'settings'>;
  readonly adapter: PlatformAdapter;
  /** `apiBase` null: the platform's public address. */
  readonly account: Omit<AccountView, 'apiBase'> & {
    readonly apiBase: string | null;
    readonly grantSavedAt: Date;
  };
  readonly grant: Grant;
  readonly keeper: Pick<Keeper, 'assertInTime' | 'wait'>;
}

/** What a connection must at least carry: a large upload is given the time that it takes then. */
const SLOWEST_BYTES_PER_MS = 250;

function uploadMs({ body = '' }: HttpRequest): number {
  return Math.ceil(body.length / SLOWEST_BYTES_PER_MS);
}

/** The session of one account with one grant; a renewed grant needs a new session. */
export function openAccountSession({ context, adapter, account, grant, keeper }: AccountFacts): AccountSession {
  const { ledger, transport, settings } = context;
  return {
    account: {
      id: account.id,
      name: account.name,
      remoteId: account.remoteId,
      apiBase: account.apiBase ?? adapter.publicApiBase,
      scopes: account.scopes,
    },
    grant,
    grantSavedAt: account.grantSavedAt,
    now: () => ledger.clock.now(),
    call: (request) => {
      keeper.assertInTime('gate');
      return transport.send(request, { timeoutMs: settings.timeouts.answerMs + uploadMs(request) });
    },
    mcp: leasedServers({ context, keeper }),
    wait: (ms) => keeper.wait(ms),
  };
}

/** The MCP servers while the account is kept. */
function leasedServers({ context: { mcp, settings }, keeper }: Pick<AccountFacts, 'context' | 'keeper'>): McpServers {
  const limits = { openMs: settings.timeouts.answerMs, answerMs: settings.timeouts.answerMs };
  return {
    named: (server) => mcp.named(server),
    tools: (server) => {
      keeper.assertInTime('gate');
      return mcp.tools(server, limits);
    },
    call: (call) => {
      keeper.assertInTime('gate');
      return mcp.call(call, limits);
    },
  };
}
