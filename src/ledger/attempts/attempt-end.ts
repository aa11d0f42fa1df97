// How an attempt can end, as the protocol says it and the ledger saves it.
import type { Cause, RateWindow } from '../../domain/causes/causes.ts';

export interface LivePost {
  readonly platformPostId: string;
  readonly url: string | null;
  readonly evidence: 'answered' | 'reconciled' | 'resolved_by_person';
}

/** How an attempt ended. An instant says when the publish goes on by itself. */
export type AttemptEnd =
  | { readonly kind: 'published'; readonly post: LivePost }
  | { readonly kind: 'refused'; readonly cause: Cause; readonly appFault?: true }
  | { readonly kind: 'rate_limited'; readonly cause: Cause; readonly resumeAt: Date }
  | {
      readonly kind: 'not_sent';
      readonly cause: Cause;
      readonly wakeAt: Date;
      /** The platform refused our app, not this account: alarmed, and nobody is disconnected. */
      readonly appFault?: true;
    }
  | {
      readonly kind: 'outcome_unknown';
      readonly cause: Cause;
      readonly wakeAt: Date;
      readonly look: LookRecord | null;
      /** The window in which the platform throttled the look: the account is not asked again before `wakeAt`. */
      readonly throttled: RateWindow | null;
    }
  | {
      readonly kind: 'unconfirmed';
      readonly cause: Cause;
      /** The platform could not be asked because it refuses the connection itself. */
      readonly connectionDead: boolean;
    };

/** What the looks at the platform add to the open intent. */
export interface LookRecord {
  readonly misses: number;
  readonly lastMissAt: Date | null;
  readonly unreadableSince: Date | null;
}
