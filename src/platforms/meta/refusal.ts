// From a Meta platform's explicit refusal to a typed cause: the platform's own rows first, then the base table.
import type { Cause, RateWindow, Stage } from '../../domain/causes/causes.ts';
import { classify, type Signature } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { AccountSession } from '../sessions.ts';
import { StepRefused } from '../step-errors.ts';
import { knownPause, type Pause, resumeInstant } from './back-off.ts';
import { graphErrorIn, isWorded } from './graph-error.ts';

/** What one Meta platform adds to the common ground. */
export interface MetaDialect {
  readonly platform: string;
  /** The platform's rows and the base table, in the order in which they are tried. */
  readonly signatures: readonly Signature[];
  /** Refusals of this platform that ask for longer pauses. */
  readonly pauses: readonly Pause[];
}

/** One refusal, classified. Texts are redacted. */
export interface Refusal {
  readonly cause: Cause;
  /** Known to be said although the post is live. */
  readonly lies: boolean;
  /** Our app is refused, not this account. */
  readonly app: boolean;
  /** Said in the platform's own envelope; otherwise only the HTTP status speaks, perhaps some proxy's. */
  readonly worded: boolean;
  /** The platform says itself that it passes. */
  readonly transient: boolean;
  readonly code?: string | undefined;
  readonly subcode?: string | undefined;
}

/**
 * Classifies a complete answer that is no success. Never throws. `window`: the kind of call that was refused, where the
 * stage does not tell it.
 */
export function refusalIn(
  dialect: MetaDialect,
  answer: HttpAnswer,
  stage: Stage,
  session: Pick<AccountSession, 'grant' | 'now'>,
  window?: RateWindow,
): Refusal {
  const error = graphErrorIn(answer);
  const { cause, lies, app } = classify(
    {
      platform: dialect.platform,
      stage,
      httpStatus: answer.status,
      code: error?.code,
      subcode: error?.subcode,
      message: redact(error?.message ?? `The platform answered ${answer.status} without a reason.`, session.grant),
      raw: redact(bodyText(answer), session.grant),
      window,
    },
    dialect.signatures,
  );
  const resumeAt = () => resumeInstant(answer, error, session.now(), dialect.pauses);
  return {
    cause: cause.code === 'rate_limited' ? { ...throttled(cause, error, dialect), resumeAt: resumeAt() } : cause,
    lies,
    app,
    worded: isWorded(answer),
    transient: error?.transient === true,
    code: error?.code,
    subcode: error?.subcode,
  };
}

/** A throttle under the window that it is about: that of its own, or that of the call which met it. */
export function throttled(cause: Cause, error: Pick<Refusal, 'code' | 'subcode'> | null, dialect: MetaDialect): Cause {
  const window = knownPause(error, dialect.pauses)?.window ?? cause.window;
  return window === undefined ? cause : { ...cause, window };
}

/** A step that a Meta platform refused, with the codes by which a caller may know better than to give up. */
export class GraphRefused extends StepRefused {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.cause);
    this.refusal = refusal;
  }
}
