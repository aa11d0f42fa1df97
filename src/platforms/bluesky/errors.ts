// What a PDS's refusal means. One row per error the protocol documents or a real PDS was seen to give.
import { STATUS_CODES } from 'node:http';
import type { CauseCode, RateWindow, Stage } from '../../domain/causes/causes.ts';
import { type Classified, causeOfStage, classify, type Signature } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { PlatformSession } from '../sessions.ts';
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
  // The PDS's own body reader names its error as its class is called; hosting in front of some says BlobTooLarge.
  { status: [413], code: ['PayloadTooLarge', 'PayloadTooLargeError'], cause: 'media_invalid' },
  { status: [400, 413], code: ['BlobTooLarge'], cause: 'media_invalid' },
  // A record stands under our key. It may be the one we wrote.
  { status: [400], code: ['InvalidSwap'], cause: 'publish_failed', lies: true },
  { status: [429], code: ['RateLimitExceeded'], cause: 'rate_limited' },
  // The server does not know the method at all: no PDS is found at this address now, for whichever account.
  { status: [404], code: ['XRPCNotSupported'], cause: causeOfStage, app: true },
  { status: [500], code: ['InternalServerError'], cause: 'unknown' },
  { status: [501], code: ['MethodNotImplemented'], cause: 'unknown' },
  { status: [502], code: ['UpstreamFailure'], cause: 'unknown' },
  { status: [503], code: ['NotEnoughResources'], cause: 'unknown' },
  { status: [504], code: ['UpstreamTimeout'], cause: 'unknown' },
];

type Context = Pick<PlatformSession, 'grant' | 'now'>;

/** The XRPC error's name, or undefined when the body is not an XRPC error. */
export function errorName(answer: HttpAnswer): string | undefined {
  return errorSchema.safeParse(bodyJson(answer)).data?.error;
}

/** The challenge that the protocol asks for beside a 401: of its own two kinds, not a gateway's password prompt. */
const CHALLENGE = /^(?:Bearer|DPoP)\b/i;

/**
 * Whether a refusal is the PDS's own word. Any other may come from whatever stands in between, a body limit of nginx for
 * one; but a throttle is one, whoever throttles.
 */
export function isWorded(answer: HttpAnswer): boolean {
  if (answer.status === 401 && CHALLENGE.test(answer.headers['www-authenticate'] ?? '')) return true;
  const name = errorName(answer);
  return answer.status === 429 || (name !== undefined && !isStatusAlone(answer.status, name));
}

/** What the protocol itself calls by the words of its status. */
const NAMED_AS_THEIR_STATUS: readonly string[] = ['Forbidden', 'PayloadTooLarge', 'UnsupportedMediaType'];

/** A name that is nothing but the words of its status, for example `Unauthorized`: the JSON of any gateway. */
function isStatusAlone(status: number, name: string): boolean {
  const letters = (text: string) => text.replace(/[^a-z]/gi, '').toLowerCase();
  return !NAMED_AS_THEIR_STATUS.includes(name) && letters(name) === letters(STATUS_CODES[status] ?? '');
}

/** A name that says no more than its status does: a firewall's JSON may read the same. Repeated before it is believed. */
export function isDoubted(answer: HttpAnswer): boolean {
  return answer.status === 403 && errorName(answer) === 'Forbidden';
}

/**
 * Classifies a refusal. Texts are redacted; a throttled answer carries when to ask again, and `window`, the kind of call
 * that was throttled where the stage alone would tell another. Never throws.
 */
export function classifyAnswer(answer: HttpAnswer, stage: Stage, session: Context, window?: RateWindow): Classified {
  const error = errorSchema.safeParse(bodyJson(answer)).data;
  const sentence = error ? inWords(error) : `Bluesky answered ${answer.status} without a reason`;
  return classify(
    {
      platform: PLATFORM,
      stage,
      httpStatus: answer.status,
      code: error?.error,
      message: redact(sentence, session.grant),
      raw: redact(`HTTP ${answer.status} ${bodyText(answer)}`, session.grant),
      resumeAt: answer.status === 429 ? resumeAt(answer.headers, session.now()) : undefined,
      window,
    },
    SIGNATURES,
  );
}

const TOO_BIG = /blob too big \(maximum (\d+), got (\d+)\)/;

/** The PDS's own sentence; a limit in it, which differs between versions of PDS, is told in words. */
function inWords({ error, message }: { readonly error: string; readonly message: string }): string {
  const said = message === '' ? error : `${error}: ${message}`;
  const [, most, actual] = TOO_BIG.exec(message) ?? [];
  if (most === undefined || actual === undefined) return said;
  const bytes = (digits: string) => Number(digits).toLocaleString('en');
  return `This server takes at most ${bytes(most)} bytes for it, and it has ${bytes(actual)}: make it smaller. ${said}`;
}
