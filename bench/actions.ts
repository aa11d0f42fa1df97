// Billable actions, by the Temporal server's own counter.
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchStage } from './stage.ts';

/** All that were counted so far. The server publishes its counter once a second or so. */
export async function actions(stage: BenchStage): Promise<number> {
  for (let before = Number.NaN, steady = 0; ; ) {
    const now = await counted(stage);
    steady = now === before ? steady + 1 : 0;
    if (steady === 3) return now;
    before = now;
    await pause(1_000);
  }
}

/** The frontend's counter of billable actions, over all types. */
async function counted({ servers }: BenchStage): Promise<number> {
  const text = await (await fetch(servers.temporalMetricsUrl)).text();
  return text
    .split('\n')
    .filter((line) => /^action(_total)?\{/.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
