// What one sweep found and did.

/** Of the publishes that nobody drives any more. */
export interface UndrivenReport {
  /** Schedules that were looked at: late, never started, or ended in Temporal a short while ago. */
  readonly looked: number;
  readonly started: number;
  readonly lost: number;
  /** Schedules that could not be settled; the log says why, and the next sweep looks again. */
  readonly failed: number;
}

/** Of the grants that would end before anything is published with them. */
export interface RenewalReport {
  readonly grantsRenewed: number;
  /** Accounts that turned out to need a person to connect them again. */
  readonly connectionsLost: number;
}

export type SweepReport = UndrivenReport & RenewalReport;
