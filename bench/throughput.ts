// Publishes per second over no-op workflows per second: one worker each, one server, alternating in one run.

import { publishStartOptions } from '../src/publishing/workflows/start-workflow.ts';
import { type BenchStage, connectAccounts, onStage, quantile, rounded, startFloor, takeInText } from './stage.ts';

const ACCOUNTS = 25;
const PER_ROUND = 150;
const ROUNDS = 5;
const AT_ONCE = 25;

export function throughput(): Promise<{ ratio: number; publishesPerSecond: number; noopsPerSecond: number }> {
  return onStage({}, async (stage) => {
    await stage.startShippedWorker();
    const floor = await startFloor(stage);
    const accounts = (await connectAccounts(stage, ACCOUNTS)).map(({ name }) => name);
    const ratios: number[] = [];
    const publishes: number[] = [];
    const noops: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const ours = await publishRound(stage, accounts, round);
      const theirs = await noopRound(floor.run, round);
      // The first round warms up.
      if (round === 0) continue;
      publishes.push(ours);
      noops.push(theirs);
      ratios.push(ours / theirs);
    }
    await floor.kill();
    return {
      ratio: rounded(quantile(ratios, 0.5)),
      publishesPerSecond: rounded(quantile(publishes, 0.5), 1),
      noopsPerSecond: rounded(quantile(noops, 0.5), 1),
    };
  });
}

async function publishRound(stage: BenchStage, accounts: readonly string[], round: number): Promise<number> {
  const taken = await Promise.all(
    Array.from({ length: PER_ROUND }, (_, index) =>
      takeInText(stage, accounts[index % accounts.length] ?? '', `round ${round} post ${index}`),
    ),
  );
  return perSecond(taken, async (one) => {
    const options = publishStartOptions(stage.context, one);
    await stage.temporal.workflow.execute('publish', options);
  });
}

function noopRound(run: (id: string) => Promise<void>, round: number): Promise<number> {
  const ids = Array.from({ length: PER_ROUND }, (_, index) => `noop-${round}-${index}`);
  return perSecond(ids, (id) => run(id));
}

/** Runs the work for each item, so many at once, and answers items per second. */
async function perSecond<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<number> {
  const queue = [...items];
  const startedMs = performance.now();
  const lane = async () => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return items.length / ((performance.now() - startedMs) / 1000);
}
