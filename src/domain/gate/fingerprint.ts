// The version of a post (DESIGN section 6): canonical JSON over content and delivery settings. Approval binds to its
// SHA-256, and so does every intent and post.
import canonicalize from 'canonicalize';
import type { Delivery, GivenContent } from '../schedules/post.ts';

export interface FingerprintedPost {
  readonly platform: string;
  readonly accountId: string;
  /** With the facts of its media, or as it was given. */
  readonly content: GivenContent;
  readonly delivery: Delivery;
}

/**
 * The canonical text (RFC 8785) whose SHA-256, in lower-case hex, is the fingerprint. Instants are compared as
 * instants: `09:00+00:00` and `09:00Z` are one version.
 */
export function fingerprintText(post: FingerprintedPost): string {
  const { publishAt, publishBefore } = post.delivery;
  const text = canonicalize({
    platform: post.platform,
    accountId: post.accountId,
    content: post.content,
    delivery: {
      ...post.delivery,
      publishAt: publishAt === null ? null : new Date(publishAt).toISOString(),
      ...(publishBefore === undefined ? {} : { publishBefore: new Date(publishBefore).toISOString() }),
    },
  });
  // Only `undefined` has no canonical form, and an object is given.
  return text ?? '';
}

/** Whether an approval still holds: it was given, and for exactly this version (law 7). */
export function approvalHolds(
  approval: { readonly verdict: 'approved' | 'rejected'; readonly fingerprint: string } | null,
  fingerprint: string,
): boolean {
  return approval !== null && approval.verdict === 'approved' && approval.fingerprint === fingerprint;
}
