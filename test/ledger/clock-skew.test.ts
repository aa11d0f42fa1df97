// A machine whose clock is not the database's takes no part: the instants in the ledger are written by many.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { assertClockAgrees } from '../../src/ledger/database/clock-skew.ts';
import { openStage, type Stage } from '../harness/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** This machine, with its clock so far from the database's. */
function machine(aheadMs: number) {
  const { ledger } = stage.context;
  const machineNow = () => new Date(Date.now() + aheadMs);
  return { ...ledger, clock: { ...ledger.clock, machineNow } };
}

it.each([-1_000, 0, 1_000])('%d ms from the database it takes part', async (aheadMs) => {
  expect(await assertClockAgrees(machine(aheadMs))).toBeUndefined();
});

it.each([
  [60_000, 60],
  [-3_600_000, 3_600],
])('%d ms from the database it refuses to start, and says why', async (aheadMs, seconds) => {
  await expect(assertClockAgrees(machine(aheadMs))).rejects.toThrow(
    `This machine's clock and the database's are ${seconds} s apart; nothing was published; synchronise the clocks, then start again.`,
  );
});
