// What the steps of one attempt work on, and how it can end.
import type { Cause } from '../../domain/causes/causes.ts';
import type { CallAnswer } from '../../domain/schedules/create-record.ts';
import type { AttemptEnd } from '../../ledger/attempts/attempt-end.ts';
import type { Attempt } from '../../ledger/attempts/open-attempt.ts';
import type { AccountRow, IntentRow, ScheduleRow } from '../../ledger/schedules/facts.ts';
import type { PlatformAdapter } from '../../platforms/contract.ts';
import type { PostToPublish, RemoteObjects } from '../../platforms/sessions.ts';
import type { PublishingContext } from '../context.ts';
import type { Keeper } from './keeper.ts';

export interface AttemptWork {
  readonly context: PublishingContext;
  readonly adapter: PlatformAdapter;
  readonly schedule: ScheduleRow;
  readonly account: AccountRow;
  readonly openIntent: IntentRow | null;
  readonly attempt: Attempt;
  readonly keeper: Keeper;
  readonly remote: RemoteObjects;
  readonly firstCreate: PostToPublish['firstCreate'];
  /** What attempts of this run were already repeated for, the last one first. */
  readonly repeatedFor: readonly Repeat[];
  /** Null: the publish goes on. Else its run is gone, in these words: what may be live is asked about, and nothing created. */
  readonly lost: string | null;
}

/** Why a refused create is followed by another attempt at once, each once in a run: the platform wants it made anew. */
export type Repeat = 'grant' | 'media';

/** How the attempt ended, and for which intent. */
export interface Ended {
  readonly end: AttemptEnd;
  readonly intentId: string | null;
  readonly ifAbsent?: Cause | undefined;
  /** The platform called the create a duplicate of a post that is live. */
  readonly duplicate?: true | undefined;
  /** What came back on the attempt's own create; a look at an earlier one answers nothing of the kind. */
  readonly answer?: CallAnswer | undefined;
  /** The create was refused for something that a new attempt makes anew at once: nothing is live. Null: it ends here. */
  readonly again: Repeat | null;
}
