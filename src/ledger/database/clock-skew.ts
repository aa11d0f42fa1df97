// Instants in the ledger are written by many machines: one whose clock is wrong must not take part.
import { sql } from 'drizzle-orm';
import { StartRefused } from '../../runtime/start-refused.ts';
import type { Ledger } from '../ledger.ts';

/** How far a machine's clock may be from the database's, in ms. */
const TOLERANCE_MS = 2_000;

/** How far this machine's clock is from the database's at least, in ms: what the question itself took is not counted. */
export async function clockSkewMs({ db, clock }: Pick<Ledger, 'db' | 'clock'>): Promise<number> {
  const before = clock.machineNow().getTime();
  const [row] = await db.execute<{ now_ms: string }>(
    sql`select extract(epoch from clock_timestamp()) * 1000 as now_ms`,
  );
  const after = clock.machineNow().getTime();
  const databaseMs = Number(row?.now_ms);
  return databaseMs < before ? before - databaseMs : Math.max(0, databaseMs - after);
}

/** Whether a machine that is so far from the database's clock must not take part. */
export function isClockOff(skewMs: number): boolean {
  return skewMs > TOLERANCE_MS;
}

/** How far apart the clocks are, as the beginning of a sentence. */
export function toldSkew(skewMs: number): string {
  return `This machine's clock and the database's are ${Math.round(skewMs / 1000)} s apart`;
}

/** @throws StartRefused when this machine's clock is further from the database's than two seconds */
export async function assertClockAgrees(ledger: Pick<Ledger, 'db' | 'clock'>): Promise<void> {
  const skewMs = await clockSkewMs(ledger);
  if (!isClockOff(skewMs)) return;
  throw new StartRefused(`${toldSkew(skewMs)}; nothing was published; synchronise the clocks, then start again.`);
}
