// What connecting an account works with, and who speaks for an account before it is one.
import type { Actor } from '../domain/people/actor.ts';
import type { OAuthConnect, PlatformAdapter, SecretsConnect } from '../platforms/contract.ts';
import type { AccountSession, Grant } from '../platforms/sessions.ts';
import { unkept } from '../publishing/attempt/keeper.ts';
import type { PublishingContext } from '../publishing/context.ts';
import { NotConnected } from '../publishing/grants/not-connected.ts';
import { openAccountSession } from '../publishing/session/account-session.ts';

export type ConnectingContext = Pick<PublishingContext, 'ledger' | 'platforms' | 'transport' | 'mcp' | 'settings'>;

/** In which workspace somebody connects an account. */
export interface Connector {
  readonly workspaceId: string;
  readonly actor: Actor;
}

export type OAuthAdapter = PlatformAdapter & { readonly connect: OAuthConnect };
export type SecretsAdapter = PlatformAdapter & { readonly connect: SecretsConnect };

/** How its accounts are connected; the compiler cannot see it from the outside. */
export const asksOnItsPages = (adapter: PlatformAdapter): adapter is OAuthAdapter => adapter.connect.kind === 'oauth2';
export const asksForSecrets = (adapter: PlatformAdapter): adapter is SecretsAdapter =>
  adapter.connect.kind === 'secrets';

/** @throws NotConnected where there is no such platform */
export function adapterOf({ platforms }: Pick<ConnectingContext, 'platforms'>, platform: string): PlatformAdapter {
  const adapter = platforms.get(platform);
  if (adapter) return adapter;
  const known = [...platforms.keys()].join(', ');
  throw new NotConnected(`There is no platform "${platform}", so nothing was connected; known are ${known}.`);
}

/** A session with a grant of which nobody knows yet whose it is. */
export function strangersSession(
  context: ConnectingContext,
  adapter: PlatformAdapter,
  { grant, scopes, apiBase }: { grant: Grant; scopes: readonly string[]; apiBase: string | null },
): AccountSession {
  const account = { id: '', name: '', remoteId: '', apiBase, scopes, grantSavedAt: context.ledger.clock.now() };
  return openAccountSession({ context, adapter, account, grant, keeper: unkept });
}
