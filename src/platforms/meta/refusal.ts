// From a Meta platform's explicit refusal to a typed cause: the platform's own rows first, then the base table.
import type { Cause, Stage } from '../../domain/causes/causes.ts';
import { classify, type Signature } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import { type AccountSession, StepRefused } from '../contract.ts';
import { type Pause, resumeInstant } from './back-off.ts';
import { graphErrorIn } from './graph-error.ts';

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
  readonly code?: string | undefined;
  readonly subcode?: string | undefined;
}

/** Classifies a complete answer that is no success. Never throws. */
export function refusalIn(
  dialect: MetaDialect,
  answer: HttpAnswer,
  stage: Stage,
  session: Pick<AccountSession, 'grant' | 'now'>,
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
    },
    dialect.signatures,
  );
  const resume =
    cause.code === 'rate_limited' ? { resumeAt: resumeInstant(answer, error, session.now(), dialect.pauses) } : {};
  return {
    cause: { ...cause, ...resume },
    lies,
    app,
    worded: error !== null,
    code: error?.code,
    subcode: error?.subcode,
  };
}

/** A step that a Meta platform refused, with the codes by which a caller may know better than to give up. */
export class GraphRefused extends StepRefused {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.cause);
    this.refusal = refusal;
  }
}
