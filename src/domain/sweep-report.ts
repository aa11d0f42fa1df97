// What one sweep found and did.

export interface SweepReport {
  /** Schedules that were looked at: late, never started, or ended in Temporal a short while ago. */
  readonly looked: number;
  readonly started: number;
  readonly lost: number;
  /** Schedules that could not be settled; the log says why, and the next sweep looks again. */
  readonly failed: number;
}
