// From what a platform said to a typed cause (DESIGN section 4). Pure: matches on parsed fields, never throws.

import { toPlainText } from '../text/plain-text.ts';
import { type Cause, type CauseCode, cause, type RateWindow, type Stage } from './causes.ts';

/** One refusal, parsed by the platform's adapter. Texts are already redacted. */
export interface ErrorFacts {
  readonly platform: string;
  readonly stage: Stage;
  readonly httpStatus?: number | undefined;
  /** The platform's own code and subcode, as text. */
  readonly code?: string | undefined;
  readonly subcode?: string | undefined;
  /** The platform's own sentence, from the field that holds it. */
  readonly message: string;
  /** The raw answer, for engineers. */
  readonly raw: string;
  /** ISO instant until which the platform asks us to wait. */
  readonly resumeAt?: string | undefined;
  /** The window that the call counts in; the one usual at the stage when it is not given. */
  readonly window?: RateWindow | undefined;
}

/** The window in which the calls of a stage usually count. */
const WINDOW_OF_STAGE = {
  gate: 'read',
  grant: 'token',
  media: 'upload',
  child: 'upload',
  parent: 'upload',
  create: 'create',
  reconcile: 'read',
} as const satisfies Record<Stage, RateWindow>;

/** One row of a platform's error table. Every condition that is given must hold; the first row that matches wins. */
export interface Signature {
  readonly status?: readonly number[];
  readonly code?: readonly string[];
  readonly subcode?: readonly string[];
  readonly stage?: readonly Stage[];
  /** Part of the platform's own sentence, compared without regard to case. */
  readonly message?: string;
  /** The code the row stands for; a function of the stage where the table says "by stage". */
  readonly cause: CauseCode | ((stage: Stage) => CauseCode);
  /** The platform is known to say this although the post is live: reconcile before believing it (law 3). */
  readonly lies?: true;
  /** It is our app that is refused, not this account: repeated later and alarmed, and nobody is disconnected. */
  readonly app?: true;
}

export interface Classified {
  readonly cause: Cause;
  readonly lies: boolean;
  /** Our app is refused, whichever account it speaks for. */
  readonly app: boolean;
}

/** Signatures first, then the normalised bucket of the HTTP status, then what the stage alone tells. */
export function classify(facts: ErrorFacts, signatures: readonly Signature[]): Classified {
  const row = signatures.find((signature) => matches(signature, facts));
  if (row) {
    const code = typeof row.cause === 'function' ? row.cause(facts.stage) : row.cause;
    return { cause: build(facts, code, 'raw_error_signature'), lies: row.lies === true, app: row.app === true };
  }
  const bucket = bucketOfStatus(facts.httpStatus);
  if (bucket) return { cause: build(facts, bucket, 'normalized_bucket'), lies: false, app: false };
  const code = facts.httpStatus === undefined ? 'unknown' : causeOfStage(facts.stage);
  return { cause: build(facts, code, 'status_only'), lies: false, app: false };
}

/** The cause of a failure of which nothing but its stage is known. */
export function causeOfStage(stage: Stage): CauseCode {
  if (stage === 'media' || stage === 'child') return 'child_create_failed';
  if (stage === 'parent') return 'parent_create_failed';
  return stage === 'create' ? 'publish_failed' : 'unknown';
}

function matches(signature: Signature, facts: ErrorFacts): boolean {
  return (
    among(signature.status, facts.httpStatus) &&
    among(signature.code, facts.code) &&
    among(signature.subcode, facts.subcode) &&
    among(signature.stage, facts.stage) &&
    (signature.message === undefined || facts.message.toLowerCase().includes(signature.message.toLowerCase()))
  );
}

function among<Value>(allowed: readonly Value[] | undefined, value: Value | undefined): boolean {
  return allowed === undefined || (value !== undefined && allowed.includes(value));
}

function bucketOfStatus(status: number | undefined): CauseCode | null {
  if (status === 401) return 'auth_failed';
  if (status === 403) return 'permissions_missing';
  if (status === 413 || status === 415) return 'media_invalid';
  return status === 429 ? 'rate_limited' : null;
}

function build(facts: ErrorFacts, code: CauseCode, source: Cause['source']): Cause {
  return cause({
    code,
    source,
    platform: facts.platform,
    stage: facts.stage,
    externalText: toPlainText(facts.message, 500),
    rawText: toPlainText(facts.raw, 4_000),
    ...(facts.httpStatus === undefined ? {} : { httpStatus: facts.httpStatus }),
    ...(facts.resumeAt === undefined ? {} : { resumeAt: facts.resumeAt }),
    ...(code === 'rate_limited' ? { window: facts.window ?? WINDOW_OF_STAGE[facts.stage] } : {}),
  });
}
