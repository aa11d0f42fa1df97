// What a crowd that waits for one account costs the others: the time of another account's publish while 150 wait, by the
// same without them, in turn. The crowd's account is held by a publish whose answer is slow to come.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import type { StageAccount } from '../test/harness/stage-on.ts';
import { until } from '../test/harness/until.ts';
import { openSlowDoor, type SlowDoor } from './slow-door.ts';
import { type BenchStage, connectAccounts, onStage, quantile, rounded, start, takeInText } from './stage.ts';

const ROUNDS = 3;
const CROWD = 150;
const SAMPLES = 100;
/** One publish of another account after the other, so many a second. */
const APART_MS = 150;
/** Publishes that may stand by in the worker instead of in the account's queue. */
const STANDING_BY = 2;

interface Waiting {
  readonly ms: readonly number[];
  readonly transactionsPerSecond: number;
  readonly workerCores: number;
}

export function crowd(): Promise<Record<string, number>> {
  return onStage({ 'timeouts.answer': '10m' }, async (stage) => {
    const worker = await stage.startShippedWorker();
    const pid = worker.child.pid ?? 0;
    const others = await connectAccounts(stage, 10);
    const door = await openSlowDoor(stage.sandboxUrl);
    const settings = { quota: 'unlimited' } as const;
    const popular = await stage.connectSandboxAccount({ platform: 'x', name: 'popular', settings }, door.url);
    const measured = (label: string) => measure(stage, pid, others, label);
    await measured('warm-up');
    const without: Waiting[] = [];
    const beside: Waiting[] = [];
    const drains: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      without.push(await measured(`quiet ${round}`));
      const gathered = await gather(stage, door, popular, round);
      await until('the crowd has come, and stands', () => crowdStands(stage), 600_000);
      beside.push(await measured(`crowded ${round}`));
      drains.push(await gathered.drained());
      console.error(JSON.stringify([without.at(-1), beside.at(-1)].map((one) => one && told(one))));
    }
    door.close();
    const all = (rounds: readonly Waiting[]) => rounds.flatMap(({ ms }) => ms);
    const median = (values: readonly number[]) => rounded(quantile(values, 0.5));
    return {
      ratio: rounded(quantile(all(beside), 0.99) / quantile(all(without), 0.99)),
      ratioP50: rounded(quantile(all(beside), 0.5) / quantile(all(without), 0.5)),
      p99Ms: rounded(quantile(all(beside), 0.99), 0),
      transactionsPerSecond: median(beside.map((one) => one.transactionsPerSecond)),
      transactionsPerSecondWithout: median(without.map((one) => one.transactionsPerSecond)),
      workerCores: median(beside.map((one) => one.workerCores)),
      workerCoresWithout: median(without.map((one) => one.workerCores)),
      drainSeconds: median(drains),
    };
  });
}

const told = ({ ms, ...rest }: Waiting) => ({ p50: quantile(ms, 0.5), p99: quantile(ms, 0.99), ...rest });

/** Has the account held, and so many publishes wait for it. `drained` answers how long they took once it was free. */
async function gather(stage: BenchStage, door: SlowDoor, { name, card }: StageAccount, round: number) {
  const { platform, id: account } = card;
  door.hold('/2/tweets');
  const before = (await stage.sandbox.live({ platform, account })).length;
  const holder = await start(stage, await takeInText(stage, name, `holder ${round}`));
  await until('the holder is at its call', async () => {
    return (await stage.sandbox.live({ platform, account })).length > before;
  });
  const taken = await Promise.all(
    Array.from({ length: CROWD }, (_, index) => takeInText(stage, name, `crowd ${round} ${index}`)),
  );
  const handles = await Promise.all(taken.map((one) => start(stage, one)));
  return {
    async drained() {
      const live = await stage.sandbox.live({ platform, account });
      if (live.length !== before + 1) throw new TypeError('the account was free before the samples were taken');
      const freeMs = performance.now();
      door.release();
      await holder.result();
      await Promise.all(handles.map((handle) => handle.result()));
      return (performance.now() - freeMs) / 1000;
    },
  };
}

async function crowdStands({ context }: BenchStage): Promise<boolean> {
  const [row] = await context.ledger.db.execute<{ waiting: number }>(
    sql`select count(*)::int as waiting from account_waiters`,
  );
  return (row?.waiting ?? 0) >= CROWD - STANDING_BY;
}

async function measure(
  stage: BenchStage,
  pid: number,
  accounts: readonly StageAccount[],
  label: string,
): Promise<Waiting> {
  const before = { transactions: await transactions(stage), cpu: cpuSeconds(pid), at: performance.now() };
  const samples: Promise<number>[] = [];
  for (let index = 0; index < SAMPLES; index += 1) {
    samples.push(timedPublish(stage, accounts[index % accounts.length]?.name ?? '', `${label} ${index}`));
    await pause(APART_MS);
  }
  const ms = await Promise.all(samples);
  const seconds = (performance.now() - before.at) / 1000;
  return {
    ms,
    transactionsPerSecond: ((await transactions(stage)) - before.transactions) / seconds,
    workerCores: (cpuSeconds(pid) - before.cpu) / seconds,
  };
}

async function timedPublish(stage: BenchStage, account: string, text: string): Promise<number> {
  const taken = await takeInText(stage, account, text);
  const startedMs = performance.now();
  await (await start(stage, taken)).result();
  return performance.now() - startedMs;
}

async function transactions({ context }: BenchStage): Promise<number> {
  const [row] = await context.ledger.db.execute<{ count: string }>(
    sql`select xact_commit + xact_rollback as count from pg_stat_database where datname = current_database()`,
  );
  return Number(row?.count);
}

/** User and system time of a process; the kernel counts in hundredths of a second. */
function cpuSeconds(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = after.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
