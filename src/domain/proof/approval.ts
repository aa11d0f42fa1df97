// Who approved what the record is about, and why no approval holds where none does (law 7).

export const APPROVER_SOURCES = ['internal', 'external_self_declared'] as const;
export type ApproverSource = (typeof APPROVER_SOURCES)[number];

export const INVALIDATION_REASONS = ['expired', 'superseded'] as const;
export type InvalidationReason = (typeof INVALIDATION_REASONS)[number];

/** One decision on one version. */
export interface Decision {
  readonly verdict: 'approved' | 'rejected';
  readonly fingerprint: string;
  readonly decidedBy: { readonly label: string };
  readonly decidedAt: Date;
  /** It came through a review link, whose reviewer nobody has proven. */
  readonly external: boolean;
}

export interface ApprovalFacts {
  /** The version the record is about. */
  readonly fingerprint: string;
  /** The newest decision on that version. */
  readonly newest: Decision | null;
  /** The newest approval of any version. */
  readonly approval: Decision | null;
  /** A review link of that version ended without an answer. */
  readonly linkExpired: boolean;
}

export interface RecordedApproval {
  readonly approverIdentity: string | null;
  readonly approverSource: ApproverSource | null;
  readonly approvalTimestamp: string | null;
  readonly invalidationReason: InvalidationReason | null;
}

/** The four fields of the record. */
export function recordedApproval({ fingerprint, newest, approval, linkExpired }: ApprovalFacts): RecordedApproval {
  if (approval === null) {
    const invalidationReason = linkExpired ? 'expired' : null;
    return { approverIdentity: null, approverSource: null, approvalTimestamp: null, invalidationReason };
  }
  const holds = approval.fingerprint === fingerprint && newest?.verdict === 'approved';
  return {
    approverIdentity: approval.decidedBy.label,
    approverSource: approval.external ? 'external_self_declared' : 'internal',
    approvalTimestamp: approval.decidedAt.toISOString(),
    invalidationReason: holds ? null : 'superseded',
  };
}
