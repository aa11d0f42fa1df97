// What a text post costs on Temporal: history events, and billable actions by the server's own counter.
import { actions } from './actions.ts';
import { type BenchStage, connectAccounts, onStage, quantile, start, takeInText } from './stage.ts';

const RUNS = 10;

export function cost(): Promise<{ events: number; actions: number }> {
  return onStage({}, async (stage) => {
    await stage.startShippedWorker();
    const [account] = await connectAccounts(stage, 1);
    const name = account?.name ?? '';
    await measure(stage, name, 'warm-up', 0);
    const immediate = await measure(stage, name, 'immediate', 0);
    const scheduled = await measure(stage, name, 'scheduled', 3_000);
    console.error(JSON.stringify({ immediate, scheduled }));
    return {
      events: Math.max(immediate.events, scheduled.events),
      actions: Math.max(immediate.actions, scheduled.actions),
    };
  });
}

async function measure(stage: BenchStage, account: string, label: string, aheadMs: number) {
  const before = await actions(stage);
  const events: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const publishAt = aheadMs > 0 ? new Date(Date.now() + aheadMs) : undefined;
    const handle = await start(stage, await takeInText(stage, account, `${label} ${run}`, publishAt));
    await handle.result();
    events.push((await handle.fetchHistory()).events?.length ?? Number.NaN);
  }
  return { events: quantile(events, 1), actions: ((await actions(stage)) - before) / RUNS };
}
