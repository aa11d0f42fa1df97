// Passes of the protocol in the test's own process, over the real ledger, transport and sandbox: two passes of one
// publish can be made to meet at any named point, as two workers would.
import { randomUUID } from 'node:crypto';
import { eq, type SQL } from 'drizzle-orm';
import type { MessageVerdict } from '../../src/domain/messages/messages.ts';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import { UnknownSchedule } from '../../src/ledger/attempts/open-attempt.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { readRecord } from '../../src/ledger/schedules/schedule-record.ts';
import { leases } from '../../src/ledger/schema/accounts.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import type { CrashPoints } from '../../src/publishing/attempt/points.ts';
import { runPublish } from '../../src/publishing/attempt/run-publish.ts';
import type { AttemptControl, PublishingContext } from '../../src/publishing/context.ts';
import { takeIn } from '../../src/publishing/intake/intake.ts';
import { answer } from '../../src/publishing/messages/answer.ts';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { OLGA, type Shop, someText } from '../workflow/shop.ts';

/** Takes a post in, due at once; answers its id. */
export async function taken(
  stage: Stage,
  shop: Pick<Shop, 'name'>,
  post: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { ledger, platforms, media, store } = stage.context;
  const intake = { ledger, platforms, media, store, workspaceId: stage.workspaceId, actor: OLGA };
  const { scheduleId } = await takeIn(intake, { account: shop.name, text: someText(), ...post });
  return scheduleId;
}

export const UNDISTURBED: AttemptControl = {
  heartbeat: () => {},
  callNext: async () => {},
  withdrawn: new AbortController().signal,
};

/** One run of the publish activity, as far as it gets. */
export function pass(
  stage: Stage,
  scheduleId: string,
  changes: Partial<PublishingContext> = {},
  control: AttemptControl = UNDISTURBED,
): Promise<PublishResult> {
  return runPublish({ ...stage.context, ...changes }, stage.keyOf(scheduleId), control);
}

/** A message as it comes from Temporal. */
export function say(stage: Stage, scheduleId: string, name: string, body: unknown = {}): Promise<MessageVerdict> {
  return answer(stage.context.ledger, { schedule: stage.keyOf(scheduleId), messageId: randomUUID(), name, body });
}

/** Gives a publish a time that is near; said again where this machine was so slow that it had passed meanwhile. */
export function rescheduleSoon(stage: Stage, scheduleId: string): Promise<true> {
  return until('it has another time', async () => {
    const publishAt = new Date(stage.context.ledger.clock.now().getTime() + 300).toISOString();
    return (await say(stage, scheduleId, 'reschedule', { publishAt })).accepted;
  });
}

/** A point at which the pass that has these `points` stands until it is let go. */
export interface Stop {
  readonly points: CrashPoints;
  readonly reached: Promise<void>;
  release(): void;
}

export function stopAt(point: string): Stop {
  const arrival = Promise.withResolvers<void>();
  const departure = Promise.withResolvers<void>();
  return {
    points: {
      async reach(reached) {
        if (reached !== point) return;
        arrival.resolve();
        await departure.promise;
      },
    },
    reached: arrival.promise,
    release: departure.resolve,
  };
}

/** A ledger whose database carries out one step, and then goes away before it can say so. */
export function losingLedger({ context }: Stage): { readonly ledger: Ledger; loseNextAnswer(): void } {
  let losing = false;
  const step =
    <Args extends unknown[], Answer>(take: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      const answered = await take(...args);
      if (!losing) return answered;
      losing = false;
      throw Object.assign(new TypeError('the connection is gone'), { code: 'CONNECTION_CLOSED' });
    };
  const { db } = context.ledger;
  const lossy = new Proxy(db, {
    get: (target, name) => {
      if (name === 'transaction') return step(db.transaction.bind(db));
      if (name === 'execute') return step(async (query: SQL) => db.execute(query));
      return Reflect.get(target, name);
    },
  });
  return {
    ledger: { ...context.ledger, db: lossy },
    loseNextAnswer() {
      losing = true;
    },
  };
}

/** Lets the lease of an account run out, as when its holder stands still for long. */
export async function expireLease({ context }: Stage, accountId: string): Promise<void> {
  const { db } = context.ledger;
  await db
    .update(leases)
    .set({ expiresAt: new Date(0) })
    .where(eq(leases.accountId, accountId));
}

/** What the ledger has on a schedule: its attempts, its permissions to create, its audit trail, oldest first. */
export async function recordOf({ context }: Stage, scheduleId: string) {
  const { ledger } = context;
  const [schedule] = await ledger.db.select().from(schedules).where(eq(schedules.id, scheduleId));
  if (!schedule) throw new UnknownSchedule(scheduleId);
  const { attempts, intents, events } = await readRecord(ledger, schedule);
  return {
    attempts: attempts.map(({ outcome }) => outcome),
    intents: intents.map(({ state }) => state),
    audit: events.map(({ type }) => type),
  };
}

/** The schedule that holds the account, or nothing. */
export async function holderOf({ context }: Stage, accountId: string): Promise<string | undefined> {
  const [lease] = await context.ledger.db.select().from(leases).where(eq(leases.accountId, accountId));
  return lease?.holder;
}
