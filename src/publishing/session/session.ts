// Builds what an adapter may use during one attempt, over the ledger, the transport and the keeper.

import { keyOf } from '../../domain/schedules/schedule-key.ts';
import { dropRemoteObject, readRemoteObjects, saveRemoteObject } from '../../ledger/posts/remote-objects.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { mediaOf } from '../../mediastore/workspace-media.ts';
import type { Json, PlatformSession, PostToPublish, RemoteObjects } from '../../platforms/sessions.ts';
import type { Keeper } from '../attempt/keeper.ts';
import type { PublishingContext } from '../context.ts';
import { type AccountFacts, openAccountSession } from './account-session.ts';
import { leasedMedia } from './media.ts';

export interface SessionFacts extends AccountFacts {
  readonly context: PublishingContext;
  readonly schedule: ScheduleRow;
  readonly keeper: Keeper;
  readonly remote: RemoteObjects;
  /** The first create of the schedule that may have left. */
  readonly firstCreate: PostToPublish['firstCreate'];
}

/** The session of one attempt with one grant; a renewed grant needs a new session. */
export function openSession(facts: SessionFacts): PlatformSession {
  const { context, adapter, schedule, keeper, remote } = facts;
  return {
    ...openAccountSession(facts),
    post: {
      workspaceId: schedule.workspaceId,
      scheduleId: schedule.id,
      fingerprint: schedule.fingerprint,
      content: schedule.content,
      options: schedule.delivery.options,
      takenInAt: schedule.createdAt,
      firstCreate: facts.firstCreate,
    },
    remote,
    media: leasedMedia(mediaOf(context, schedule.workspaceId), keeper, adapter.platform, context.settings.media),
    mediaProcessingMs: context.settings.timeouts.mediaProcessingMs,
    reach: (point) => context.points.reach(point, schedule.id),
  };
}

/**
 * The saved remote ids of a schedule; text posts have none, and are spared the query. `fence`: of the attempt that writes.
 */
export async function openRemoteObjects(
  { ledger }: PublishingContext,
  schedule: ScheduleRow,
  fence: number,
): Promise<RemoteObjects> {
  const owner = { schedule: keyOf(schedule), fence };
  const mayHaveSome = schedule.attemptsMade > 0 || schedule.content.media.length > 0;
  const saved = mayHaveSome ? await readRemoteObjects(ledger, owner.schedule) : new Map<string, unknown>();
  return {
    // What stands in the ledger is JSON that an adapter put there.
    get: (key) => saved.get(key) as Json | undefined,
    async save(key, value) {
      await saveRemoteObject(ledger, owner, key, value);
      saved.set(key, value);
    },
    async drop(key) {
      await dropRemoteObject(ledger, owner, key);
      saved.delete(key);
    },
  };
}
