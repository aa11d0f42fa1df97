// After the publish: learns the post's public address. Best effort; it can never fail or repeat a publish.
import { keyOf } from '../../domain/schedules/schedule-key.ts';
import { readAccount } from '../../ledger/accounts/accounts.ts';
import { savePostUrl } from '../../ledger/posts/posts.ts';
import type { ScheduleRow } from '../../ledger/schedules/facts.ts';
import { readResult } from '../../ledger/schedules/result.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { PublishingContext } from '../context.ts';
import { storedCredentials } from '../grants/renew.ts';
import { openRemoteObjects, openSession } from '../session/session.ts';
import { unkept } from './keeper.ts';

/** Asks the platform for the address when its answer did not carry one. */
export async function linkPost(
  context: PublishingContext,
  adapter: PlatformAdapter,
  schedule: ScheduleRow,
): Promise<void> {
  if (!adapter.link) return;
  try {
    const { platformPostId, url } = await readResult(context.ledger, keyOf(schedule));
    if (platformPostId === null || url !== null) return;
    // The attempt may have renewed the grant.
    const account = await readAccount(context.ledger, schedule.accountId);
    if (!account) return;
    const remote = await openRemoteObjects(context, schedule, 0);
    const session = openSession({
      ...{ context, adapter, schedule, remote, firstCreate: null },
      ...storedCredentials(context, account),
      // The lease was given back with the save.
      keeper: unkept,
    });
    const found = await adapter.link(session, platformPostId);
    if (found) await savePostUrl(context.ledger, keyOf(schedule), found);
  } catch (error) {
    context.log.warn({ err: error, scheduleId: schedule.id }, 'the address of a live post could not be learned');
  }
}
