// The call that makes a post live, what its answer means, and what a look for it has seen.
import type { Cause } from '../domain/causes/causes.ts';
import type { SeenByLook } from '../domain/reconcile/absence.ts';
import type { HttpRequest, ToolCall } from '../transport/exchange.ts';
import type { Json } from './sessions.ts';

/**
 * How well a platform can be asked whether a post is live (DESIGN section 3).
 * - `idempotent`: a key or record key of ours makes a repeated create harmless
 * - `authoritative`: status by an id we hold
 * - `searchable`: list the account's posts and match a strong marker
 * - `blind`: it cannot be asked; an unknown outcome goes to a person
 */
export type Askability = 'idempotent' | 'authoritative' | 'searchable' | 'blind';

/** The one call that makes the post live, built and not sent: a request, or a call of a tool. */
export type CreateCall = HttpCreate | ToolCreate;

/** A request that makes the post live. It must have a body. */
export interface HttpCreate extends Marked {
  readonly request: HttpRequest & { readonly body: Uint8Array | string };
}

/** A call of a tool that makes the post live. */
export interface ToolCreate extends Marked {
  readonly toolCall: ToolCall;
}

interface Marked {
  /** What a later look needs to recognise the post: media keys, container id, text. Saved with the intent. */
  readonly markers: Readonly<Record<string, Json>>;
}

/**
 * What an answer to the create means.
 * - `live`: the post exists under this id
 * - `refused`: an explicit refusal; nothing is live. `forget` names saved remote objects the platform will not take
 *   again; they are dropped with the refusal, so that a later attempt makes them anew
 * - `unclear`: it may be live; reconcile first. `ifAbsent` is the failure to record should it prove absent; without
 *   it the publish goes on after a conclusive absence, and after the last try in a row `lastly` is the failure
 */
export type CreateReading =
  | { readonly kind: 'live'; readonly platformPostId: string; readonly url?: string | undefined }
  | {
      readonly kind: 'refused';
      readonly cause: Cause;
      readonly forget?: readonly string[];
      /** Our app is refused, not this account: tried again later, and alarmed. */
      readonly app?: true;
    }
  | {
      readonly kind: 'unclear';
      readonly cause: Cause;
      readonly ifAbsent?: Cause | undefined;
      readonly lastly?: Cause | undefined;
      /**
       * The platform says that an equal post is live already. After an earlier create of unknown outcome this contradicts
       * "absent": the publish ends as unconfirmed, with this as evidence, whatever later looks miss.
       */
      readonly duplicate?: true;
    };

/** A create that may have left, as the ledger holds it. */
export interface SentIntent {
  /** When the first create of this post may have left: a post thought absent may turn up late. */
  readonly sentAt: Date;
  readonly sendDeadline: Date;
  readonly markers: Readonly<Record<string, Json>>;
  /** Platform post ids the ledger already gives to other schedules of this account: never adopt one of them. */
  readonly takenPostIds: ReadonlySet<string>;
}

/**
 * What a look that found nothing has seen: the evidence without which nothing is called absent (law 4).
 * - `by_key`: the one place where the post would be, under an id or a key that we hold
 * - `back_to`: the account's posts from the newest down to one of this instant, without a gap; it counts when that lies
 *   two minutes before the first create may have left
 * - `whole_list`: every post of the account
 */
export type Coverage = SeenByLook;

/**
 * One look at the platform. A look that could not be read throws; it is never `missing` (law 4), and neither is one that
 * saw a likeness which may be ours. The protocol checks the coverage; a list that merely ended covers nothing.
 */
export type Look =
  | { readonly kind: 'live'; readonly platformPostId: string; readonly url?: string | undefined }
  | { readonly kind: 'missing'; readonly coverage: Coverage };
