// How a step of an adapter ends other than well: thrown by adapters, caught by the protocol.
import type { Cause, Stage } from '../domain/causes/causes.ts';

/** A step ended with an explicit refusal: the attempt ends with this cause. Thrown by adapters, caught by the protocol. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused';
  override readonly cause: Cause;
  constructor(cause: Cause) {
    super(`${cause.platform} refused at ${cause.stage}: ${cause.code}`);
    this.cause = cause;
  }
}

/**
 * The platform holds a post of this schedule that was thought absent: another create would make a second one, so the
 * publish stops as unconfirmed and a person looks.
 */
export class AlreadyLive extends Error {
  override readonly name = 'AlreadyLive';
  override readonly cause: Cause;
  constructor(cause: Cause) {
    super(`${cause.platform} says at ${cause.stage} that the post is live already`);
    this.cause = cause;
  }
}

/** A repeatable step got no usable answer after its tries. Nothing is live because of it; it is tried again later. */
export class StepUnanswered extends Error {
  override readonly name: string = 'StepUnanswered';
  readonly stage: Stage;
  constructor(stage: Stage, detail: string) {
    super(detail);
    this.stage = stage;
  }
}

/**
 * The platform refuses our app, whichever account it speaks for: wrong app credentials, an app out of credit, an app's own
 * system error. It is tried again later and alarmed, and nobody is disconnected. `cause` is the failure to record when the
 * tries are used up.
 */
export class AppFault extends StepUnanswered {
  override readonly name = 'AppFault';
  override readonly cause: Cause;
  constructor(cause: Cause) {
    super(cause.stage, `${cause.platform} refuses the app: ${cause.externalText}`);
    this.cause = cause;
  }
}

/** A look was told that the post is live, and could not find which post it is. */
export class LiveUnnamed extends StepUnanswered {
  override readonly name = 'LiveUnnamed';
}
