// The one door to the time. Everything that compares an instant with "now" asks here, so that a test can move it.

export interface Clock {
  now(): Date;
  /** The machine's own time, which is what may disagree with the database's; a test's shift is not in it. */
  machineNow(): Date;
}

export const systemClock: Clock = {
  now: () => new Date(),
  machineNow: () => new Date(),
};
