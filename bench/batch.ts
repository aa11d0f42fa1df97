// What a batch adds to the publishes it replays: 1,000 failed publishes of 20 accounts replayed together, by 1,000 fresh ones of
// the same accounts.
import { sql } from 'drizzle-orm';
import type { KeyCaller } from '../src/domain/people/caller.ts';
import { startBatch } from '../src/publishing/batches/start-batch.ts';
import { startPublish } from '../src/publishing/workflows/start-workflow.ts';
import { until } from '../test/harness/until.ts';
import { type BenchStage, connectAccounts, onStage, rounded, takeInText } from './stage.ts';

const ACCOUNTS = 20;
const PER_ACCOUNT = 50;
const WITHIN_MS = 600_000;
const REFUSED = { kind: 'refuse_before', preset: 'cashtags' } as const;

export function batch(): Promise<Record<string, number>> {
  return onStage({}, async (stage) => {
    await stage.startShippedWorker();
    const accounts = await connectAccounts(stage, ACCOUNTS);
    for (const { card } of accounts) {
      const judge = { platform: 'x', account: card.id };
      await stage.sandbox.addFault({ ...judge, call: 'create_post', fault: REFUSED, times: PER_ACCOUNT });
    }
    const names = accounts.map(({ name }) => name);
    await publishAll(stage, names, 'failed');
    const freshMs = await timed(async () => {
      await publishAll(stage, names, 'published');
    });
    const replayedMs = await timed(async () => {
      const caller = callerOf(stage);
      const request = { cause: 'publish_failed', pace: { kind: 'at_once' } } as const;
      const deps = { ...stage.context, client: stage.temporal };
      await Promise.all(names.map((account) => startBatch(deps, caller, { ...request, account })));
      await reaches(stage, 'published', 2 * ACCOUNTS * PER_ACCOUNT);
    });
    return { ratio: rounded(replayedMs / freshMs), freshMs: Math.round(freshMs), replayedMs: Math.round(replayedMs) };
  });
}

async function publishAll(stage: BenchStage, names: readonly string[], state: 'failed' | 'published'): Promise<void> {
  const posts = names.flatMap((name) => Array.from({ length: PER_ACCOUNT }, (_, index) => ({ name, index })));
  await Promise.all(
    posts.map(async ({ name, index }) => {
      const taken = await takeInText(stage, name, `${state} post ${index}`);
      await startPublish(stage.temporal, stage.context, taken);
    }),
  );
  await reaches(stage, state, ACCOUNTS * PER_ACCOUNT);
}

async function reaches({ context }: BenchStage, state: string, wanted: number): Promise<void> {
  const count = async () => {
    const [row] = await context.ledger.db.execute<{ count: number }>(
      sql`select count(*)::int as count from schedules where state = ${state}`,
    );
    return row?.count === wanted;
  };
  await until(`${wanted} are ${state}`, count, WITHIN_MS);
}

function callerOf({ workspaceId }: BenchStage): KeyCaller {
  const actor = { type: 'API_KEY', id: 'bench', label: 'bench' } as const;
  return { kind: 'key', workspaceId, workspaceName: 'sandbox', scopes: ['replay'], actor };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
