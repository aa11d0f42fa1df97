// What one sweep found and did.

export interface SweepReport {
  /** Schedules that were late when the sweep looked. */
  readonly late: number;
  readonly started: number;
  readonly lost: number;
}
