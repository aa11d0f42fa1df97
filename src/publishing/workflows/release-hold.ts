// Releases a hold: the ledger lets go what is late, at the pace wanted, and the runs are told in the background.
import type { Caller } from '../../domain/people/caller.ts';
import type { Pace } from '../../domain/schedules/pace.ts';
import { type Released, releaseHold } from '../../ledger/holds/holds.ts';
import type { SendDeps } from '../messages/send-message.ts';
import { startTelling } from './tell-run.ts';

export interface ReleaseCall {
  readonly caller: Caller;
  readonly holdId: string;
  readonly pace: Pace;
  readonly notOlderThan: Date | null;
}

/** Null when the caller's workspace has no active hold of that id. */
export async function release(deps: SendDeps, { caller, ...wanted }: ReleaseCall): Promise<Released | null> {
  const { workspaceId, actor } = caller;
  const released = await releaseHold(deps.ledger, { ...wanted, workspaceId, actor });
  if (released) await startTelling(deps, deps.client);
  return released;
}
