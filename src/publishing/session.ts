// Builds what an adapter may use during one attempt, over the ledger, the transport and the keeper.
import type { AccountRow, ScheduleRow } from '../ledger/facts.ts';
import { dropRemoteObject, readRemoteObjects, saveRemoteObject } from '../ledger/remote-objects.ts';
import type { Grant, Json, PlatformAdapter, PlatformSession, RemoteObjects } from '../platforms/contract.ts';
import type { PublishingContext } from './context.ts';
import type { Keeper } from './keeper.ts';
import { leasedMedia } from './media.ts';

export interface SessionFacts {
  readonly context: PublishingContext;
  readonly adapter: PlatformAdapter;
  readonly schedule: ScheduleRow;
  readonly account: AccountRow;
  readonly grant: Grant;
  readonly keeper: Keeper;
  readonly remote: RemoteObjects;
}

/** The session of one attempt with one grant; a renewed grant needs a new session. */
export function openSession({
  context,
  adapter,
  schedule,
  account,
  grant,
  keeper,
  remote,
}: SessionFacts): PlatformSession {
  const { settings, transport, points } = context;
  return {
    account: {
      id: account.id,
      name: account.name,
      remoteId: account.remoteId,
      apiBase: account.apiBase ?? adapter.publicApiBase,
      scopes: account.scopes,
    },
    post: {
      scheduleId: schedule.id,
      fingerprint: schedule.fingerprint,
      content: schedule.content,
      options: schedule.delivery.options,
      intendedAt: schedule.publishAt,
    },
    grant,
    remote,
    media: leasedMedia(context.media, keeper, adapter.platform),
    mediaProcessingMs: settings.timeouts.mediaProcessingMs,
    now: () => context.ledger.clock.now(),
    call: (request) => {
      keeper.assertInTime('gate');
      return transport.send(request, { timeoutMs: settings.timeouts.answerMs });
    },
    wait: (ms) => keeper.wait(ms),
    reach: (point) => points.reach(point, schedule.id),
  };
}

/** The saved remote ids of a schedule; text posts have none, and are spared the query. */
export async function openRemoteObjects({ ledger }: PublishingContext, schedule: ScheduleRow): Promise<RemoteObjects> {
  const mayHaveSome = schedule.attemptsMade > 0 || schedule.content.media.length > 0;
  const saved = mayHaveSome ? await readRemoteObjects(ledger, schedule.id) : new Map<string, unknown>();
  return {
    // What stands in the ledger is JSON that an adapter put there.
    get: (key) => saved.get(key) as Json | undefined,
    async save(key, value) {
      await saveRemoteObject(ledger, schedule.id, key, value);
      saved.set(key, value);
    },
    async drop(key) {
      await dropRemoteObject(ledger, schedule.id, key);
      saved.delete(key);
    },
  };
}
