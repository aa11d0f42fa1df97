// Whether a worker of this machine can use its database: that answers, and its clock is this machine's.
import { clockSkewMs, isClockOff, toldSkew } from '../../src/ledger/database/clock-skew.ts';
import { connect } from '../../src/ledger/database/database.ts';
import { systemClock } from '../../src/runtime/clock.ts';

const ANSWERED_WITHIN_MS = 4_000;

/** Undefined when all is well, or where no database is named; else the sentence that says what is wrong. */
export async function databaseProblem(url: string | undefined): Promise<string | undefined> {
  if (url === undefined) return undefined;
  const { db } = connect(url, { maxConnections: 1 });
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), ANSWERED_WITHIN_MS).unref());
  const skewMs = await Promise.race([clockSkewMs({ db, clock: systemClock }).catch(() => null), late]);
  if (skewMs === null) return 'PostgreSQL does not answer this machine.';
  return isClockOff(skewMs) ? `${toldSkew(skewMs)}.` : undefined;
}
