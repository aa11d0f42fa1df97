// The named points of the protocol at which a worker may die. In production reaching one does nothing; the crash sweep
// kills the process there.

/** The protocol's own points, in order. The preparation's points are the adapters'. */
export const PROTOCOL_POINTS = [
  'attempt_opened',
  'grant_renewed_unsaved',
  'grant_saved',
  'prepared',
  'before_intent',
  'after_intent',
  'request_sent',
  'answered_unsaved',
  'saved_unacknowledged',
  'reconcile_looked',
] as const;

export interface CrashPoints {
  /** `subjectId`: the schedule that is published, the account whose grant is renewed, a run, or a stage of one (`<run>.<stage>`). */
  reach(point: string, subjectId: string): Promise<void>;
}

export const noCrashPoints: CrashPoints = { reach: async () => {} };
