// The replay gate (DESIGN section 5): one pure function over loaded facts, asked by the API before it sends a replay
// and by the activity before it acts.

/** Reasons that block a replay, in the order in which one is named: safety, decisions, then what can be repaired. */
export const BLOCKED_REASONS = [
  'already-posted',
  'still-running',
  'canceled-not-replayable',
  'handoff-not-replayable',
  'target_repair_required',
  'review_not_approved',
  'not-connected',
  'x-media-capability-missing',
] as const;
export type BlockedReason = (typeof BLOCKED_REASONS)[number];

/** Facts of one schedule as the ledger holds them. Each says one thing that blocks when true. */
export interface GateFacts {
  /** The ledger holds a post for this schedule. */
  readonly posted: boolean;
  /** An attempt or a wait is under way, or an unknown outcome has not reached its horizon. */
  readonly running: boolean;
  readonly canceled: boolean;
  readonly handoff: boolean;
  /** The stored account is missing, deleted, of another workspace or of another platform. */
  readonly targetBroken: boolean;
  /** Approval is required and none holds for the present fingerprint. */
  readonly approvalMissing: boolean;
  readonly disconnected: boolean;
  /** The post has media, the destination is X, and the account cannot upload media. */
  readonly xMediaCapabilityMissing: boolean;
}

export type GateResult =
  | { readonly verdict: 'replayable' }
  | { readonly verdict: 'blocked'; readonly reason: BlockedReason; readonly reasons: readonly BlockedReason[] };

const HOLDS: Record<BlockedReason, (facts: GateFacts) => boolean> = {
  'already-posted': (facts) => facts.posted,
  'still-running': (facts) => facts.running,
  'canceled-not-replayable': (facts) => facts.canceled,
  'handoff-not-replayable': (facts) => facts.handoff,
  target_repair_required: (facts) => facts.targetBroken,
  review_not_approved: (facts) => facts.approvalMissing,
  'not-connected': (facts) => facts.disconnected,
  'x-media-capability-missing': (facts) => facts.xMediaCapabilityMissing,
};

/** Answers whether a publish may run: `replayable`, or the first blocking reason with all that hold. */
export function gate(facts: GateFacts): GateResult {
  const [reason, ...others] = BLOCKED_REASONS.filter((candidate) => HOLDS[candidate](facts));
  return reason === undefined
    ? { verdict: 'replayable' }
    : { verdict: 'blocked', reason, reasons: [reason, ...others] };
}

/** What each reason tells an operator, in one sentence. */
export const BLOCKED_TEXT: Record<BlockedReason, string> = {
  'already-posted': 'The post is already live; replaying would publish it twice.',
  'still-running': 'The publish is still running or waiting for the platform; it continues by itself.',
  'canceled-not-replayable': 'The schedule was canceled; make a new schedule to publish it after all.',
  'handoff-not-replayable': 'The schedule is handed to a person, who publishes it and records it as completed.',
  target_repair_required: 'The destination account is gone or no longer matches; choose the account again.',
  review_not_approved: 'The present version of the post is not approved; get it approved first.',
  'not-connected': 'The account is not connected; reconnect it, then replay.',
  'x-media-capability-missing': 'The X account cannot upload media; reconnect it with the media scope.',
};
