// What WordPress's refusals mean. One row per error of its REST API that a real site was seen to give, or its source names.
import type { RateWindow, Stage } from '../../domain/causes/causes.ts';
import { type Classified, classify, type Signature } from '../../domain/causes/classify.ts';
import { redact } from '../../domain/text/redact.ts';
import { bodyJson, bodyText, type HttpAnswer } from '../../transport/exchange.ts';
import type { PlatformSession } from '../sessions.ts';
import { resumeAt } from './rate-limit.ts';
import { errorSchema } from './wire.ts';

export const PLATFORM = 'wordpress';

const STRANGERS_STATUS = 'rest_forbidden_status';

/** A wrong or revoked password makes a call anonymous; it is then refused as a stranger's is (platform reference 8.1). */
export const SIGNATURES: readonly Signature[] = [
  {
    status: [401],
    code: [
      'rest_not_logged_in',
      'rest_cannot_create',
      'rest_cannot_edit',
      'rest_cannot_publish',
      'rest_cannot_delete',
      'rest_forbidden',
      'rest_forbidden_context',
      'incorrect_password',
      'invalid_username',
      'invalid_email',
      'application_passwords_disabled',
      'application_passwords_disabled_for_user',
    ],
    cause: 'auth_failed',
  },
  // A stranger asks for more than what is published.
  { status: [400], code: ['rest_invalid_param'], subcode: [STRANGERS_STATUS], cause: 'auth_failed' },
  {
    status: [403],
    code: [
      'rest_cannot_publish',
      'rest_cannot_create',
      'rest_cannot_edit',
      'rest_cannot_delete',
      'rest_cannot_assign_term',
      'rest_forbidden',
      'rest_forbidden_context',
    ],
    cause: 'permissions_missing',
  },
  {
    status: [400],
    code: ['rest_upload_no_content_disposition', 'rest_upload_invalid_disposition', 'rest_upload_no_content_type'],
    cause: 'child_create_failed',
  },
  { status: [400], code: ['rest_upload_no_data', 'rest_upload_limited_space'], cause: 'child_create_failed' },
  { status: [412], code: ['rest_upload_hash_mismatch'], cause: 'child_create_failed' },
  { status: [400, 413], code: ['rest_upload_file_too_big'], cause: 'media_invalid' },
  // Whoever stands in front may have the smaller limit; nothing was uploaded.
  { status: [413], cause: 'media_invalid' },
  // Definitive in spite of its status (`isDefinitive`).
  {
    status: [500],
    code: ['rest_upload_sideload_error'],
    message: 'not allowed to upload this file type',
    cause: 'media_invalid',
  },
  { status: [500], code: ['rest_upload_sideload_error'], cause: 'child_create_failed' },
  { status: [500], code: ['rest_upload_unknown_error'], cause: 'child_create_failed' },
  {
    status: [400],
    code: ['rest_invalid_param', 'rest_missing_callback_param', 'rest_invalid_json', 'rest_post_exists'],
    cause: 'publish_failed',
  },
  { status: [400], code: ['empty_content', 'rest_term_invalid', 'rest_post_invalid_id'], cause: 'publish_failed' },
  { status: [404], code: ['rest_post_invalid_id'], cause: 'publish_failed' },
  // REST is switched off, or another thing answers under the address.
  {
    status: [404],
    code: ['rest_no_route'],
    cause: (stage) => (stage === 'grant' ? 'auth_failed' : 'publish_failed'),
  },
  { status: [410], code: ['rest_already_trashed'], cause: 'publish_failed' },
  { status: [429], cause: 'rate_limited' },
  // PHP ended in the middle, or the database did: what was asked for may have been done.
  { status: [500], code: ['internal_server_error'], cause: 'unknown' },
  { status: [500], code: ['db_insert_error', 'db_update_error'], cause: 'unknown' },
];

type Context = Pick<PlatformSession, 'grant' | 'now'>;

/** The error in WordPress's own form; undefined when it is a page, another program's JSON, or cut off. */
export function errorOf(answer: HttpAnswer) {
  const error = errorSchema.safeParse(bodyJson(answer)).data;
  return error?.data.status === answer.status ? error : undefined;
}

/**
 * Whether a refusal is WordPress's own word. A firewall's or a host's page is no answer; but a throttle is one, whoever
 * throttles, and so is a body that is too large for whoever stands in front.
 */
export function isWorded(answer: HttpAnswer): boolean {
  return answer.status === 429 || answer.status === 413 || errorOf(answer) !== undefined;
}

/** A file that WordPress will not take: told under 500, and nothing was made (platform reference 8.5). */
export function isDefinitive(answer: HttpAnswer): boolean {
  return answer.status === 500 && errorOf(answer)?.code === 'rest_upload_sideload_error';
}

/** Classifies a refusal. Texts are redacted; a throttled answer carries when to ask again. Never throws. */
export function classifyAnswer(answer: HttpAnswer, stage: Stage, session: Context, window?: RateWindow): Classified {
  const error = errorOf(answer);
  const subcode = subcodeOf(error);
  return classify(
    {
      platform: PLATFORM,
      stage,
      httpStatus: answer.status,
      code: error?.code,
      subcode,
      message: redact(error ? inWords(error) : withoutReason(answer.status), session.grant),
      raw: redact(`HTTP ${answer.status} ${bodyText(answer)}`, session.grant),
      resumeAt: answer.status === 429 ? resumeAt(answer.headers, session.now()) : undefined,
      window,
    },
    SIGNATURES,
  );
}

const withoutReason = (status: number) =>
  `The site answered ${status} without a reason of WordPress's own; a firewall, a plugin or the host may have answered in its place`;

/** What WordPress says to a stranger sounds like a missing right; what is wrong is the sign-in. */
function inWords(error: NonNullable<ReturnType<typeof errorOf>>): string {
  const said = `${error.code}: ${error.message}`;
  if (error.data.status !== 401 && subcodeOf(error) !== STRANGERS_STATUS) return said;
  return `WordPress does not know this sign-in: the application password is wrong or was taken back, or the host drops the Authorization header. ${said}`;
}

/** The code of the first parameter that was refused. */
function subcodeOf(error: ReturnType<typeof errorOf>): string | undefined {
  return Object.values(error?.data.details ?? {})[0]?.code;
}
