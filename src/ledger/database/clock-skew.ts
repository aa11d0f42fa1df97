// Instants in the ledger are written by many machines: one whose clock is wrong must not take part.
import { sql } from 'drizzle-orm';
import { StartRefused } from '../../runtime/start-refused.ts';
import type { Ledger } from '../ledger.ts';

const TOLERANCE_MS = 2_000;

/** @throws StartRefused when this machine's clock is further from the database's than two seconds */
export async function assertClockAgrees({ db, clock }: Ledger): Promise<void> {
  const before = clock.machineNow().getTime();
  const [row] = await db.execute<{ now_ms: string }>(
    sql`select extract(epoch from clock_timestamp()) * 1000 as now_ms`,
  );
  const after = clock.machineNow().getTime();
  const databaseMs = Number(row?.now_ms);
  const skewMs = databaseMs < before ? before - databaseMs : Math.max(0, databaseMs - after);
  if (skewMs <= TOLERANCE_MS) return;
  throw new StartRefused(
    `This machine's clock and the database's are ${Math.round(skewMs / 1000)} s apart; nothing was published; synchronise the clocks, then start again.`,
  );
}
