// What a PDS's refusal means. One row per error the protocol documents or a real PDS was seen to give.
import type { Cause, CauseCode, Stage } from '../../domain/causes/causes.ts';
import { type Classified, causeOfStage, classify, type Signature } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { PlatformSession } from '../contract.ts';
import { resumeAt } from './rate-limit.ts';
import { errorSchema } from './wire.ts';

export const PLATFORM = 'bluesky';

/** While renewing, a dead token is the end of the connection; elsewhere it only asks for a renewal. */
const deadToken = (stage: Stage): CauseCode => (stage === 'grant' ? 'reconnect_required' : 'auth_expired');

/** Names are XRPC error names (AT Protocol, "Error responses"; the PDS's own source where it adds one). */
export const SIGNATURES: readonly Signature[] = [
  // 400 from a PDS; 401 from services that stand in front of some.
  { status: [400, 401], code: ['ExpiredToken'], cause: deadToken },
  { status: [400, 401], code: ['InvalidToken'], cause: 'auth_failed' },
  { status: [401], code: ['AuthMissing', 'AuthenticationRequired'], cause: 'auth_failed' },
  { status: [401], code: ['AccountTakedown', 'AccountDeactivated'], cause: 'reconnect_required' },
  // The repo is not, or no longer, on this PDS.
  { status: [403], code: ['AccountNotFound'], cause: 'reconnect_required' },
  {
    status: [400],
    code: ['InvalidRequest'],
    stage: ['grant'],
    message: 'could not find user info',
    cause: 'reconnect_required',
  },
  { status: [403], code: ['ScopeMissingError'], cause: 'permissions_missing' },
  // The PDS names the path it stumbled over: "... at $.record.embed.images[0].image".
  { status: [400], code: ['InvalidRequest'], stage: ['create'], message: 'at $.record.embed', cause: 'media_invalid' },
  { status: [400], code: ['InvalidRequest'], stage: ['create'], cause: 'publish_failed' },
  // An upload carries nothing but the blob, for example one that moderators took down.
  { status: [400], code: ['InvalidRequest'], stage: ['media'], cause: 'media_invalid' },
  { status: [400], code: ['InvalidRequest'], cause: causeOfStage },
  { status: [400], code: ['BlobNotFound'], cause: 'child_create_failed' },
  { status: [400], code: ['InvalidMimeType', 'InvalidSize'], cause: 'media_invalid' },
  { status: [413], code: ['PayloadTooLarge'], cause: 'media_invalid' },
  // A record stands under our key. It may be the one we wrote.
  { status: [400], code: ['InvalidSwap'], cause: 'publish_failed', lies: true },
  { status: [429], code: ['RateLimitExceeded'], cause: 'rate_limited' },
  { status: [500], code: ['InternalServerError'], cause: 'unknown' },
  { status: [502], code: ['UpstreamFailure'], cause: 'unknown' },
  { status: [503], code: ['NotEnoughResources'], cause: 'unknown' },
];

type Context = Pick<PlatformSession, 'grant' | 'now'>;

/** The XRPC error's name, or undefined when the body is not an XRPC error. */
export function errorName(answer: HttpAnswer): string | undefined {
  return errorSchema.safeParse(bodyJson(answer)).data?.error;
}

/** Refusals by their status alone; a limiter in front of a PDS gives them too. */
const PLAIN_REFUSALS: readonly number[] = [401, 413, 429];

/** Whether a refusal is the PDS's own; any other may come from whatever stands in between. */
export function isWorded(answer: HttpAnswer): boolean {
  return PLAIN_REFUSALS.includes(answer.status) || errorName(answer) !== undefined;
}

/** Classifies a refusal. Texts are redacted; a throttled answer carries when to ask again. Never throws. */
export function classifyAnswer(answer: HttpAnswer, stage: Stage, session: Context): Classified {
  const error = errorSchema.safeParse(bodyJson(answer)).data;
  const sentence = error ? `${error.error}: ${error.message}` : `Bluesky answered ${answer.status} without a reason`;
  return classify(
    {
      platform: PLATFORM,
      stage,
      httpStatus: answer.status,
      code: error?.error,
      message: redact(sentence, session.grant),
      raw: redact(`HTTP ${answer.status} ${bodyText(answer)}`, session.grant),
      resumeAt: answer.status === 429 ? resumeAt(answer.headers, session.now()) : undefined,
    },
    SIGNATURES,
  );
}

/** The cause of a refusal. */
export function causeOf(answer: HttpAnswer, stage: Stage, session: Context): Cause {
  return classifyAnswer(answer, stage, session).cause;
}
