// The grid's ground on the sandbox's stand-ins: X and Instagram.
import { eq } from 'drizzle-orm';
import { connectAccount } from '../../../src/ledger/accounts/accounts.ts';
import { connectedAccounts } from '../../../src/ledger/schema/accounts.ts';
import type { ReceivedCall } from '../../../src/sandbox/calls.ts';
import type { AccountCard, NewAccount, NewFault } from '../../../src/sandbox/control.ts';
import type { Stage } from '../../harness/stage.ts';
import type { Cell, PostKind } from './cell.ts';
import type { Field, Ground } from './ground.ts';
import { type MediaHost, startMediaHost } from './media-host.ts';

export type SandboxFault = NewFault['fault'];
export type SandboxCell = Cell<SandboxFault>;

/** How a platform of the sandbox is played on. */
export interface SandboxPlatform {
  readonly platform: 'x' | 'instagram';
  readonly createCall: string;
  /** The read that ends a look, and the one before it, whose refusal is an answer too. */
  readonly look: { readonly last: string; readonly first?: string };
  readonly account: Partial<NewAccount>;
  /** `mediaUrl` is the address under which the samples are served. */
  post(kind: PostKind, mediaUrl: string): Readonly<Record<string, unknown>>;
}

/** What a cell's `account` may say beside what the sandbox's accounts are made of. */
interface ConnectionFacts {
  /** It is connected at an address where nobody listens, until it is reconnected. */
  readonly nowhere?: boolean;
  /** The ledger takes the grant for one that ends in so many ms. */
  readonly endsInMs?: number;
}

function factsOf({ account }: SandboxCell): ConnectionFacts & Partial<NewAccount> {
  return account ?? {};
}

/** The call of a cell whose media stands on a host of its own, which then meets the fault. */
const MEDIA_HOST = 'media_host';

/** Opens the ground on one platform of the stage's sandbox. */
export async function openSandboxGround(stage: Stage, platform: SandboxPlatform): Promise<Ground<SandboxFault>> {
  const mediaHost = await startMediaHost();
  return {
    async open(cell, name) {
      const { nowhere, endsInMs, ...account } = { ...platform.account, ...factsOf(cell) };
      const card = await stage.sandbox.createAccount({ ...account, platform: platform.platform, name });
      const accessExpiresAtMs = endsInMs === undefined ? card.accessExpiresAtMs : Date.now() + endsInMs;
      const url = nowhere ? 'http://127.0.0.1:9' : stage.sandboxUrl;
      const accountId = await connect(stage, { ...card, accessExpiresAtMs }, url);
      return fieldOf(stage, platform, { cell, card, accountId, name, mediaHost });
    },
    shiftClock: (shiftMs) => stage.sandbox.shiftClock(shiftMs),
    close: () => mediaHost.close(),
  };
}

interface Opened {
  readonly cell: SandboxCell;
  readonly card: AccountCard;
  readonly accountId: string;
  readonly name: string;
  readonly mediaHost: MediaHost;
}

function fieldOf(stage: Stage, on: SandboxPlatform, { cell, card, accountId, name, mediaHost }: Opened): Field {
  const { sandbox } = stage;
  const filter = { platform: on.platform, account: card.id };
  const live = () => sandbox.live(filter);
  const hasHost = cell.meets.some(({ call }) => call === MEDIA_HOST);
  const mediaUrl = hasHost ? `${mediaHost.url}/${name}` : `${stage.sandboxUrl}/media`;
  return {
    post: { account: accountId, text: `Post of ${name}`, ...on.post(cell.post, mediaUrl) },
    async arm() {
      for (const met of cell.meets) {
        const { call, fault, times = 1, skip = 0 } = met;
        if (call === MEDIA_HOST) mediaHost.arm(name, met);
        else await sandbox.addFault({ ...filter, call, fault, times, skip });
      }
    },
    async met() {
      const scheduled = (await sandbox.faults(card.id)).map(({ fired }) => fired);
      return cell.meets.map(({ call }) => (call === MEDIA_HOST ? mediaHost.met(name) : (scheduled.shift() ?? 0)));
    },
    async mend() {
      mediaHost.mend(name);
      await sandbox.clearFaults(card.id);
    },
    async reconnect() {
      await connect(stage, await sandbox.reconnect(card.id), stage.sandboxUrl);
    },
    async show() {
      for (const { id } of await live()) await sandbox.unhide(on.platform, id);
    },
    creates: async () => (await sandbox.calls({ ...filter, call: on.createCall })).length,
    live: async () => (await live()).length,
    livePostId: async () => (await live())[0]?.id ?? '',
    async looks() {
      const { first, last } = on.look;
      const ended = (await sandbox.calls({ ...filter, call: last })).filter(isReadable);
      if (first === undefined) return ended.map(({ atMs }) => atMs);
      const begun = await sandbox.calls({ ...filter, call: first });
      return ended.map(({ atMs }) => atMs).filter((atMs) => isAnswered(begun.findLast((call) => call.atMs <= atMs)));
    },
  };
}

/** Faults that leave an answer as it is. */
const HARMLESS: ReadonlySet<string> = new Set(['commit_then_slow', 'commit_later']);

function isReadable({ committed, fault }: ReceivedCall): boolean {
  return committed && (fault === null || HARMLESS.has(fault));
}

function isAnswered(call: ReceivedCall | undefined): boolean {
  return call !== undefined && (isReadable(call) || call.fault === 'refuse_before');
}

const PATHS = { x: '/x', instagram: '/instagram/v25.0' } as const;

/** How long ago the grant was saved: refusals of one that is seconds old are not believed at once. */
const GRANT_AGE_MS = 3_600_000;

async function connect({ context, workspaceId }: Stage, card: AccountCard, url: string): Promise<string> {
  const platform = card.platform === 'x' ? 'x' : 'instagram';
  const id = await connectAccount(context.ledger, {
    workspaceId,
    platform,
    name: card.name,
    remoteId: card.userId,
    apiBase: `${url}${PATHS[platform]}`,
    scopes: card.scopes,
    grant: {
      accessToken: card.accessToken,
      ...(card.refreshToken === null ? {} : { refreshToken: card.refreshToken }),
      clientId: card.clientId,
      ...(card.clientSecret === null ? {} : { clientSecret: card.clientSecret }),
    },
    grantExpiresAt: new Date(card.accessExpiresAtMs),
    actor: { type: 'USER', id: 'operator-1', label: 'Olga Operator' },
  });
  const grantSavedAt = new Date(Date.now() - GRANT_AGE_MS);
  await context.ledger.db.update(connectedAccounts).set({ grantSavedAt }).where(eq(connectedAccounts.id, id));
  return id;
}
