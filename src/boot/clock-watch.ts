// Asks again and again, while a process runs, whether its machine's clock still is the database's.
import type { Logger } from 'pino';
import { clockSkewMs, isClockOff, toldSkew } from '../ledger/database/clock-skew.ts';
import type { Ledger } from '../ledger/ledger.ts';

export interface ClockWatch {
  /** What is wrong with the clock, as a sentence; null while it agrees. */
  problem(): string | null;
  stop(): void;
}

const EVERY_MS = 15_000;

/** Starts the watch; it tells in the log when the clock goes astray, and when it is right again. */
export function watchClock(
  { ledger, log }: { readonly ledger: Pick<Ledger, 'db' | 'clock'>; readonly log: Logger },
  everyMs: number = EVERY_MS,
): ClockWatch {
  let problem: string | null = null;
  const look = async () => {
    const skewMs = await clockSkewMs(ledger).catch(() => null);
    // A database that is away says nothing of the clock.
    if (skewMs === null) return;
    const found = isClockOff(skewMs)
      ? `${toldSkew(skewMs)}; this process takes no part until they agree again; synchronise the clocks.`
      : null;
    if (found !== null && problem === null) log.error(found);
    if (found === null && problem !== null) log.error("This machine's clock and the database's agree again");
    problem = found;
  };
  const timer = setInterval(() => void look(), everyMs).unref();
  return { problem: () => problem, stop: () => clearInterval(timer) };
}
