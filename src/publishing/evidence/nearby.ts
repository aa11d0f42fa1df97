// Shows a person what an account's own list holds around an instant. Read-only and on demand: it takes no lease, renews no
// grant, and asks nobody while the platform throttles reads. It decides nothing.
import { setTimeout as sleep } from 'node:timers/promises';
import { throttle } from '../../domain/gate/rate-limits.ts';
import type { ScheduleView } from '../../domain/schedules/schedule-view.ts';
import { readAccount } from '../../ledger/accounts/accounts.ts';
import type { AccountRow } from '../../ledger/schedules/facts.ts';
import { NEARBY_MS, type NearbyPost, type PlatformAdapter } from '../../platforms/contract.ts';
import { StepRefused, StepUnanswered } from '../../platforms/step-errors.ts';
import type { PublishingContext } from '../context.ts';
import { openAccountSession } from '../session/account-session.ts';

/** A person waits for it. */
const WITHIN_MS = 20_000;
const MOST_SHOWN = 30;

export interface NearbyWanted {
  readonly workspaceId: string;
  readonly accountId: string;
  readonly around: Date;
}

/** `unread`: it could not be read, and why, in one sentence; that proves nothing. */
export type Nearby =
  | { readonly kind: 'read'; readonly posts: readonly NearbyPost[] }
  | { readonly kind: 'unread'; readonly why: string };

type Context = Pick<PublishingContext, 'ledger' | 'transport' | 'mcp' | 'settings' | 'platforms' | 'log'>;

/** The posts of an account around an instant, nearest first, as the platform lists them now. */
export async function nearbyPosts(context: Context, { workspaceId, accountId, around }: NearbyWanted): Promise<Nearby> {
  const account = await readAccount(context.ledger, accountId);
  if (!account || account.workspaceId !== workspaceId || account.deletedAt !== null) {
    return unread('The account is not there any more, so its posts cannot be listed');
  }
  const adapter = context.platforms.get(account.platform);
  if (!adapter?.nearby) return unread(`${adapter?.label ?? account.platform} cannot be asked for a list`);
  const throttled = throttle(account.rateLimits, ['read'], context.ledger.clock.now());
  if (throttled)
    return unread(
      `${adapter.label} throttles reads of this account until ${throttled.until.toISOString()}, so it was not asked`,
    );
  return read(context, { adapter, nearby: adapter.nearby, account, around });
}

/** The same for a post as people see it: around its last create, or else around the time it was due. */
export async function nearbyOf(
  context: Context,
  workspaceId: string,
  { schedule, intents }: ScheduleView,
): Promise<{ readonly around: Date; readonly found: Nearby }> {
  const around = new Date(intents.at(-1)?.sentAt ?? schedule.publishAt);
  return { around, found: await nearbyPosts(context, { workspaceId, accountId: schedule.account.id, around }) };
}

interface Reading {
  readonly adapter: PlatformAdapter;
  readonly nearby: NonNullable<PlatformAdapter['nearby']>;
  readonly account: AccountRow;
  readonly around: Date;
}

async function read(context: Context, { adapter, nearby, account, around }: Reading): Promise<Nearby> {
  const { ledger, log } = context;
  const deadlineMs = ledger.clock.machineNow().getTime() + WITHIN_MS;
  const keeper = {
    assertInTime: () => {
      if (ledger.clock.machineNow().getTime() > deadlineMs) throw new StepUnanswered('reconcile', 'it took too long');
    },
    wait: async (ms: number) => {
      keeper.assertInTime();
      await sleep(Math.min(ms, Math.max(0, deadlineMs - ledger.clock.machineNow().getTime())));
      keeper.assertInTime();
    },
  };
  try {
    const grant = ledger.sealer.open(account.id, account.sealedGrant);
    const posts = await nearby(openAccountSession({ context, adapter, account, grant, keeper }), { around });
    const far = ({ at }: NearbyPost) =>
      at === null ? Number.POSITIVE_INFINITY : Math.abs(at.getTime() - around.getTime());
    const near = posts.filter((post) => post.at === null || far(post) <= NEARBY_MS);
    return { kind: 'read', posts: near.toSorted((a, b) => far(a) - far(b)).slice(0, MOST_SHOWN) };
  } catch (error) {
    if (error instanceof StepRefused)
      return unread(`${adapter.label} refused: ${error.cause.externalText || error.cause.code}`);
    if (!(error instanceof StepUnanswered)) throw error;
    log.info({ accountId: account.id, why: error.message }, 'what an account lists could not be read for a person');
    return unread(`${adapter.label} could not be read just now (${error.message})`);
  }
}

const unread = (why: string): Nearby => ({ kind: 'unread', why: `${why}; that says nothing about the post.` });
