// Very many posts due at one instant, by as many one-activity workflows that do nothing, in turn. `ratio` compares with
// no-ops that are started at once; `ratioDelayed` is stricter: their starts, as ours, were made before the instant.
import {
  type BenchStage,
  connectAccounts,
  onStage,
  quantile,
  rounded,
  start,
  startFloor,
  takeInText,
} from './stage.ts';

const ROUNDS = 3;
const POSTS = 1_000;
const ACCOUNTS = 100;
/** Time enough to take all of them in and to start their workflows. */
const AHEAD_MS = 60_000;

export function burst(): Promise<Record<string, number>> {
  return onStage({}, async (stage) => {
    await stage.startShippedWorker();
    const floor = await startFloor(stage);
    const accounts = (await connectAccounts(stage, ACCOUNTS)).map(({ name }) => name);
    const rounds: { ours: number; atOnce: number; delayed: number }[] = [];
    await publishBurst(stage, accounts, 'warm-up', 100);
    for (let round = 0; round < ROUNDS; round += 1) {
      const ours = await publishBurst(stage, accounts, `round ${round}`, POSTS);
      const atOnce = await noopBurst(floor.run, `at-once-${round}`);
      const delayed = await noopBurst(floor.run, `delayed-${round}`, AHEAD_MS);
      rounds.push({ ours, atOnce, delayed });
      console.error(JSON.stringify(rounds.at(-1)));
    }
    await floor.kill();
    const median = (read: (round: (typeof rounds)[number]) => number) => rounded(quantile(rounds.map(read), 0.5));
    return {
      ratio: median(({ ours, atOnce }) => ours / atOnce),
      ratioDelayed: median(({ ours, delayed }) => ours / delayed),
      seconds: median(({ ours }) => ours / 1000),
      noopSeconds: median(({ atOnce }) => atOnce / 1000),
    };
  });
}

/** From the due time to the last post's arrival at the platform, in ms. */
async function publishBurst(
  stage: BenchStage,
  accounts: readonly string[],
  label: string,
  posts: number,
): Promise<number> {
  const due = new Date(Date.now() + AHEAD_MS);
  const handles: { result(): Promise<unknown> }[] = [];
  for (let from = 0; from < posts; from += accounts.length) {
    const taken = await Promise.all(
      accounts.map((account, index) => takeInText(stage, account, `${label} post ${from + index}`, due)),
    );
    handles.push(...(await Promise.all(taken.map((one) => start(stage, one)))));
  }
  if (Date.now() >= due.getTime()) throw new TypeError('the posts were not all started before their time');
  await Promise.all(handles.map((handle) => handle.result()));
  const live = (await stage.sandbox.live({ platform: 'x' })).filter(({ text }) => text.startsWith(`${label} `));
  if (live.length !== posts) throw new TypeError(`${live.length} posts are live, not ${posts}`);
  return Math.max(...live.map(({ createdAtMs }) => createdAtMs)) - due.getTime();
}

/** From the first start, or from the instant until which all of them were delayed, to the last one's end, in ms. */
async function noopBurst(
  run: (id: string, startDelay?: number) => Promise<void>,
  label: string,
  aheadMs = 0,
): Promise<number> {
  const dueMs = Date.now() + aheadMs;
  const left = () => (aheadMs > 0 ? dueMs - Date.now() : undefined);
  await Promise.all(Array.from({ length: POSTS }, (_, index) => run(`${label}-${index}`, left())));
  return Date.now() - dueMs;
}
