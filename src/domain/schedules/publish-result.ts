// What one run of the publish activity tells the workflow: the ledger's state, and when it goes on by itself.
import type { CauseCode } from '../causes/causes.ts';
import type { BlockedReason } from '../gate/gate.ts';
import type { ScheduleState } from './states.ts';

export interface PublishResult {
  readonly scheduleId: string;
  readonly state: ScheduleState;
  readonly platform: string;
  readonly accountName: string;
  readonly workspaceId: string;
  readonly attempts: number;
  /** ISO instant at which the workflow goes on by itself; null while a person is waited for, and at the end. */
  readonly wakeAt: string | null;
  readonly cause: { readonly code: CauseCode; readonly text: string } | null;
  readonly blockedReason: BlockedReason | null;
  readonly platformPostId: string | null;
  readonly url: string | null;
  /** True while another publish holds its account: it is called when its turn comes, and asks at `wakeAt` at the latest. */
  readonly waitsForAccount?: boolean;
  /** True when nothing was done, because its media are large and the task queue was not the one for these. */
  readonly largeMedia?: boolean;
}
