// A stage whose people sign in with a provider that says what a test wants.
import { randomUUID } from 'node:crypto';
import type { Role } from '../../src/domain/people/roles.ts';
import { invite } from '../../src/ledger/people/invitations.ts';
import type { RunningServer } from '../../src/web/server.ts';
import { freePort } from '../harness/free-port.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { type Seen, type Visitor, visitor } from '../pages/visitor.ts';
import { type LyingProvider, openLyingProvider, type Said } from './lying-provider.ts';
import { serveWithProvider } from './serve-with-provider.ts';

export const ADMIN = { type: 'USER', id: 'admin-1', label: 'Ada Admin' } as const;
export const START = '/sign-in/with-provider';

/** Somebody the provider knows, with an address of their own. */
export function somebody(changes: Readonly<Record<string, unknown>> = {}) {
  const sub = randomUUID();
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Grace', ...changes };
}

export interface Begun {
  readonly state: string;
  readonly nonce: string;
}

/** Goes to the provider, as far as its address. */
export async function begin(visit: Visitor, back?: string): Promise<Begun> {
  const { location } = await visit.get(back === undefined ? START : `${START}?back=${encodeURIComponent(back)}`);
  const query = new URL(location ?? '').searchParams;
  return { state: query.get('state') ?? '', nonce: query.get('nonce') ?? '' };
}

/** Comes back with a code. */
export const comeBack = (visit: Visitor, { state, nonce }: Begun): Promise<Seen> =>
  visit.get(`/sign-in/callback?${new URLSearchParams({ state, code: nonce })}`);

export interface IdentityPlace {
  readonly stage: Stage;
  readonly provider: LyingProvider;
  readonly server: RunningServer;
  /** Another server, which has not asked the provider yet. */
  serve(changes?: {
    readonly issuer?: string;
    readonly env?: Readonly<Record<string, string>>;
  }): Promise<RunningServer>;
  /** Invites an address, and answers the invitation's id. */
  invited(email: string, role?: Role, workspaceId?: string): Promise<string>;
  /** The whole way, in a browser of its own unless one is given. */
  signIn(said: Partial<Said>, visit?: Visitor): Promise<Seen>;
  /** An honest provider, and the right time. */
  reset(): void;
  close(): Promise<void>;
}

export async function openIdentityPlace(): Promise<IdentityPlace> {
  const stage = await openStage({ 'limits.sign_in_per_address_per_minute': 10_000 });
  const provider = await openLyingProvider();
  const serve: IdentityPlace['serve'] = async ({ issuer = provider.issuer, env = {} } = {}) =>
    serveWithProvider(stage, { port: await freePort(), issuer, env });
  const server = await serve();
  return {
    stage,
    provider,
    server,
    serve,
    async invited(email, role = 'operator', workspaceId = stage.workspaceId) {
      const made = await invite(stage.context.ledger, { workspaceId, email, role, actor: ADMIN });
      if (made.kind !== 'invited') throw new TypeError(`${email} belongs to the workspace already`);
      return made.invitation.id;
    },
    async signIn(said, visit = visitor(server.url)) {
      const begun = await begin(visit);
      provider.says(said);
      return comeBack(visit, begun);
    },
    reset() {
      provider.says({});
      shiftClock(stage.folder, 0);
    },
    async close() {
      await server.close();
      await provider.close();
      await stage.close();
    },
  };
}
