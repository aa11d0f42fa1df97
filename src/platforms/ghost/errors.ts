// What Ghost's refusals mean. One row per error that Ghost 6.65 was seen to give or has in its sources (reference 7.5).
import type { RateWindow, Stage } from '../../domain/causes/causes.ts';
import { type Classified, causeOfStage, classify, type Signature } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { PlatformSession } from '../sessions.ts';
import { resumeAt } from './rate-limit.ts';
import { errorSchema } from './wire.ts';

export const PLATFORM = 'ghost';

/** `code` is Ghost's type of error, `subcode` its code. */
export const SIGNATURES: readonly Signature[] = [
  // The integration was deleted, or its key made anew.
  { status: [401], subcode: ['UNKNOWN_ADMIN_API_KEY'], cause: 'reconnect_required' },
  { status: [400, 401], subcode: ['INVALID_JWT'], cause: 'auth_failed' },
  { status: [401], subcode: ['INVALID_AUTH_HEADER', 'INVALID_API_KEY_TYPE'], cause: 'auth_failed' },
  { status: [400], subcode: ['MISSING_ADMIN_API_KID'], cause: 'auth_failed' },
  // Something on the way took the header out.
  {
    status: [403],
    code: ['NoPermissionError'],
    message: 'unable to determine the authenticated user',
    cause: 'auth_failed',
  },
  { status: [403], code: ['NoPermissionError'], cause: 'permissions_missing' },
  { status: [403], code: ['HostLimitError'], cause: 'permissions_missing' },
  { status: [404], code: ['NotFoundError'], cause: causeOfStage },
  // The post was changed since we saw it, and may have been published: it is read before anything is believed.
  { status: [409], subcode: ['UPDATE_COLLISION'], cause: 'publish_failed', lies: true },
  { status: [413], code: ['RequestEntityTooLargeError'], cause: 'media_invalid' },
  { status: [415], code: ['UnsupportedMediaTypeError'], cause: 'media_invalid' },
  { status: [422], code: ['ValidationError'], stage: ['media'], cause: 'media_invalid' },
  { status: [422], code: ['ValidationError'], cause: 'publish_failed' },
  { status: [429], code: ['TooManyRequestsError'], cause: 'rate_limited' },
  { status: [500], code: ['InternalServerError'], cause: 'unknown' },
  { status: [503], code: ['MaintenanceError'], cause: 'unknown' },
];

type Context = Pick<PlatformSession, 'grant' | 'now'>;

/** Whether a refusal is Ghost's own word; a throttle is one, whoever throttles. */
export function isWorded(answer: HttpAnswer): boolean {
  return answer.status === 429 || errorSchema.safeParse(bodyJson(answer)).success;
}

/** Ghost read our token and found it too old: its clock and ours differ, or the request lay about. */
export function isExpired(answer: HttpAnswer): boolean {
  const error = errorSchema.safeParse(bodyJson(answer)).data;
  return answer.status === 401 && error?.code === 'INVALID_JWT' && error.message.includes('jwt expired');
}

/** The thing that was asked for is not there, in Ghost's own words. */
export function isNotFound(answer: HttpAnswer): boolean {
  return answer.status === 404 && errorSchema.safeParse(bodyJson(answer)).data?.type === 'NotFoundError';
}

/**
 * Classifies a refusal. Texts are redacted; a throttled answer carries when to ask again, and `window`, the kind of call
 * that was throttled where the stage alone would tell another. Never throws.
 */
export function classifyAnswer(answer: HttpAnswer, stage: Stage, session: Context, window?: RateWindow): Classified {
  const error = errorSchema.safeParse(bodyJson(answer)).data;
  const sentence = error ? inWords(error) : `Ghost answered ${answer.status} without a reason`;
  return classify(
    {
      platform: PLATFORM,
      stage,
      httpStatus: answer.status,
      code: error?.type,
      subcode: error?.code ?? undefined,
      message: redact(sentence, session.grant),
      raw: redact(`HTTP ${answer.status} ${bodyText(answer)}`, session.grant),
      resumeAt: answer.status === 429 ? resumeAt(answer.headers, session.now()) : undefined,
      window,
    },
    SIGNATURES,
  );
}

/** Ghost's own sentence; the context says more, or the same once more. */
function inWords({ message, context }: { readonly message: string; readonly context?: string | null | undefined }) {
  return context && context !== message ? `${message} ${context}` : message;
}
