// The causes a publish can stop for (DESIGN section 4): one table; types, checks and page labels come from it.
import { z } from 'zod';
import { toPlainText } from '../text/plain-text.ts';

interface CauseDefinition {
  /** The bucket the code counts under; a bucket is its own. */
  readonly bucket: string;
  /** What an operator does next when nothing else takes precedence (see `nextAction`). */
  readonly action: string;
  /** One sentence in plain words, shown to operators. */
  readonly means: string;
}

export const CAUSES = {
  permissions_missing: {
    bucket: 'permissions_missing',
    action: 'reconnect_account',
    means: 'A scope, account permission or page link is not on the grant.',
  },
  reconnect_required: {
    bucket: 'reconnect_required',
    action: 'reconnect_account',
    means: 'The platform says the connection itself is dead.',
  },
  auth_failed: {
    bucket: 'auth_failed',
    action: 'reconnect_account',
    means: 'The platform refused the credentials, neither for expiry nor for a missing scope.',
  },
  auth_expired: { bucket: 'auth_expired', action: 'reconnect_account', means: 'The grant has expired.' },
  media_invalid: {
    bucket: 'media_invalid',
    action: 'review_media',
    means: 'The media is malformed, unsupported, or out of policy for this destination.',
  },
  rate_limited: {
    bucket: 'rate_limited',
    action: 'retry_later',
    means: 'The platform throttled the account; the publish resumes by itself.',
  },
  publish_failed: {
    bucket: 'publish_failed',
    action: 'replay_publish',
    means: 'The platform refused the post and gave no finer reason.',
  },
  child_create_failed: {
    bucket: 'child_create_failed',
    action: 'review_media',
    means: 'One item of the bundle failed before the post itself existed.',
  },
  child_processing_timeout: {
    bucket: 'child_processing_timeout',
    action: 'replay_publish',
    means: 'One item of the bundle was not ready in time.',
  },
  parent_create_failed: {
    bucket: 'parent_create_failed',
    action: 'replay_publish',
    means: 'The bundle failed after its items were ready.',
  },
  unknown: {
    bucket: 'unknown',
    action: 'replay_publish',
    means: 'Nothing the platform said matches a known failure.',
  },
  tiktok_private_account_required: {
    bucket: 'publish_failed',
    action: 'none',
    means: 'The TikTok client is not audited: the destination account must be private.',
  },
  pinterest_forbidden: {
    bucket: 'permissions_missing',
    action: 'reconnect_account',
    means: 'Pinterest answered 403.',
  },
  x_media_capability_missing: {
    bucket: 'permissions_missing',
    action: 'reconnect_account',
    means: 'The X account has no media upload capability.',
  },
  x_media_upload_scope_missing: {
    bucket: 'permissions_missing',
    action: 'reconnect_account',
    means: 'X answered 403 to the media upload: the grant lacks the media scope.',
  },
} as const satisfies Record<string, CauseDefinition>;

export type CauseCode = keyof typeof CAUSES;

/** Causes that are about the media of a post, and not about the grant or the account. */
export const ABOUT_MEDIA: ReadonlySet<CauseCode> = new Set([
  'media_invalid',
  'child_create_failed',
  'child_processing_timeout',
  'parent_create_failed',
]);

/** How a cause was found: a platform's own code, a normalised bucket, or states alone. */
export const CAUSE_SOURCES = ['raw_error_signature', 'normalized_bucket', 'status_only'] as const;
export type CauseSource = (typeof CAUSE_SOURCES)[number];

/** Where in the publish an error was met. */
export const STAGES = ['gate', 'grant', 'media', 'child', 'parent', 'create', 'reconcile'] as const;
export type Stage = (typeof STAGES)[number];

/**
 * The rate-limit windows of an account: each kind of call has its own (DESIGN section 3, step 1). A throttled read holds up
 * no create, and a create's daily cap no look.
 */
export const RATE_WINDOWS = ['create', 'read', 'upload', 'token'] as const;
export type RateWindow = (typeof RATE_WINDOWS)[number];

export const CAUSE_CODES = z.enum(Object.keys(CAUSES).filter((code): code is CauseCode => Object.hasOwn(CAUSES, code)));

/** A typed failure. `externalText` may be shown to anyone; `rawText` is for engineers and is already redacted. */
export const causeSchema = z.strictObject({
  code: CAUSE_CODES,
  bucket: z.string(),
  source: z.enum(CAUSE_SOURCES),
  platform: z.string(),
  stage: z.enum(STAGES),
  externalText: z.string(),
  rawText: z.string(),
  httpStatus: z.int().optional(),
  /** ISO instant at which the platform says it may be asked again. */
  resumeAt: z.iso.datetime().optional(),
  /** Which of the post's media it is about, from 0, where that is known. */
  mediaItem: z.int().nonnegative().optional(),
  /** Of `rate_limited`: which kind of call is throttled. Causes of earlier versions name none. */
  window: z.enum(RATE_WINDOWS).optional(),
});
export type Cause = z.infer<typeof causeSchema>;

/** Builds a cause; the bucket follows from the code. A platform's words are mended where they could not be stored. */
export function cause(facts: Omit<Cause, 'bucket'>): Cause {
  const { externalText, rawText } = facts;
  return {
    ...facts,
    bucket: CAUSES[facts.code].bucket,
    externalText: toPlainText(externalText),
    rawText: toPlainText(rawText),
  };
}
