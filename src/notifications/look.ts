// What one firing of the schedule does: look through the trail of every workspace that has channels, and wake the deliveries
// for which something is due. Nothing is sent here, so no receiver can keep the next look waiting.
import type { Client } from '@temporalio/client';
import { channelsWithDue } from '../ledger/notifications/deliveries.ts';
import { workspaceIdOf } from '../ledger/workspaces/workspaces.ts';
import type { NotifyingContext } from './context.ts';
import { followWorkspace } from './follow.ts';
import { wakeDelivery } from './wake-deliveries.ts';

export interface LookControl {
  readonly client: Client;
  beat(): void;
  readonly withdrawn: AbortSignal;
}

/** Looks once. A workspace that cannot be looked through keeps no other waiting. */
export async function lookForNews(context: NotifyingContext, { client, beat, withdrawn }: LookControl): Promise<void> {
  const { ledger, channels, log } = context;
  const goesOn = () => {
    beat();
    return !withdrawn.aborted;
  };
  for (const [workspace, own] of channels) {
    if (!goesOn()) return;
    try {
      const workspaceId = await workspaceIdOf(ledger, workspace);
      if (workspaceId !== null) await followWorkspace(context, { workspaceId, channels: own }, goesOn);
    } catch (error) {
      log.warn(
        { err: error, workspace },
        'the audit trail could not be looked through for news; the next look goes on from there',
      );
    }
  }
  for (const target of await channelsWithDue(ledger)) {
    if (!goesOn()) return;
    await wakeDelivery(context, client, target);
  }
}
