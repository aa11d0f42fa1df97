// From the SIGKILL of a worker to another one asking the platform: with the shipped heartbeat and lease.
import { until } from '../test/harness/until.ts';
import { type BenchStage, onStage, quantile, rounded, start, takeInText } from './stage.ts';

const KILLS = 4;
const PER_KILL = 5;

export function failover(): Promise<{ p50Seconds: number; worstSeconds: number }> {
  return onStage({}, async (stage) => {
    const seconds: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) seconds.push(...(await killOnce(stage, kill)));
    return { p50Seconds: rounded(quantile(seconds, 0.5)), worstSeconds: rounded(quantile(seconds, 1)) };
  });
}

async function killOnce(stage: BenchStage, kill: number): Promise<number[]> {
  const doomed = await stage.startWorker();
  const accounts = await Promise.all(
    Array.from({ length: PER_KILL }, (_, index) =>
      stage.connectSandboxAccount({ platform: 'x', name: `failover-${kill}-${index}` }),
    ),
  );
  for (const { card } of accounts) {
    await stage.sandbox.addFault({
      platform: 'x',
      account: card.id,
      call: 'create_post',
      fault: { kind: 'commit_then_hang' },
    });
  }
  for (const { name } of accounts) await start(stage, await takeInText(stage, name, `failover ${kill} ${name}`));
  await until('all posts are live and unanswered', async () => {
    const live = await Promise.all(accounts.map(({ card }) => stage.sandbox.live({ platform: 'x', account: card.id })));
    return live.every((posts) => posts.length === 1);
  });
  const heir = await stage.startWorker();
  await doomed.kill('SIGKILL');
  const killedMs = Date.now();
  const seconds = await Promise.all(
    accounts.map(async ({ card }) => {
      const [first] = await until(
        'another worker asks the platform',
        async () => {
          const calls = await stage.sandbox.calls({ platform: 'x', account: card.id, call: 'timeline' });
          return calls.length > 0 && calls;
        },
        60_000,
      );
      return ((first?.atMs ?? Number.NaN) - killedMs) / 1000;
    }),
  );
  await heir.kill('SIGKILL');
  return seconds;
}
