// The ledger's share of a publish: everything it does on the happy path, over as many raw inserts as it writes rows. A raw
// insert is a bare INSERT into a plain table, committed by itself; the stricter figure puts them into three transactions.
import { sql } from 'drizzle-orm';
import { closeAttempt } from '../src/ledger/attempts/close-attempt.ts';
import { openAttempt } from '../src/ledger/attempts/open-attempt.ts';
import { commitIntent } from '../src/ledger/intents/commit-intent.ts';
import { readResult } from '../src/ledger/schedules/result.ts';
import { decideOpening } from '../src/publishing/attempt/opening.ts';
import { type BenchStage, connectAccounts, onStage, quantile, rounded, takeInText } from './stage.ts';

const PUBLISHES = 400;
const WARM_UP = 50;
const TRANSACTIONS = 3;

export function ledger(): Promise<Record<string, number>> {
  return onStage({}, async (stage) => {
    const { db } = stage.context.ledger;
    const [account] = await connectAccounts(stage, 1);
    await db.execute(
      sql`create table raw_inserts (id uuid primary key default gen_random_uuid(), at timestamptz not null, body jsonb not null)`,
    );
    const rows = await rowsPerPublish(stage, account?.name ?? '');
    const ours: number[] = [];
    const raw: number[] = [];
    const grouped: number[] = [];
    // One of each after the other, so that all three meet the same noise of the disk.
    for (const scheduleId of await takenIn(stage, account?.name ?? '', 'post', PUBLISHES + WARM_UP)) {
      ours.push(await timed(() => publishInLedger(stage, scheduleId)));
      raw.push(await timed(() => rawInserts(stage, rows)));
      grouped.push(await timed(() => groupedInserts(stage, rows)));
    }
    const medianMs = (values: readonly number[]) => quantile(values.slice(WARM_UP), 0.5);
    return {
      ratio: rounded(medianMs(ours) / medianMs(raw)),
      ratioInThreeTransactions: rounded(medianMs(ours) / medianMs(grouped)),
      rowsPerPublish: rows,
      publishMs: rounded(medianMs(ours)),
      rawMs: rounded(medianMs(raw)),
    };
  });
}

const SENT_CALL = {
  method: 'POST',
  target: 'https://api.x.com/2/tweets',
  sizeBytes: 16,
  sha256: '0'.repeat(64),
  excerpt: '{"text":"bench"}',
};

/** Everything the happy path asks of the ledger, without Temporal and without a platform. */
async function publishInLedger({ context, keyOf }: BenchStage, scheduleId: string): Promise<void> {
  const { ledger: store } = context;
  const schedule = keyOf(scheduleId);
  const opened = await openAttempt(store, { schedule, worker: 'bench', decide: decideOpening, queueForMs: null });
  if (opened.kind !== 'open') throw new TypeError(`schedule ${scheduleId} was not open`);
  const { attempt } = opened;
  const intent = await commitIntent(store, {
    schedule,
    attempt,
    sendWindowMs: 15_000,
    markers: { text: 'bench' },
    sentCall: SENT_CALL,
  });
  const post = { platformPostId: scheduleId, url: `https://example.org/${scheduleId}`, evidence: 'answered' } as const;
  await closeAttempt(store, {
    schedule,
    attempt,
    intentId: intent.id,
    end: { kind: 'published', post },
    again: false,
  });
  await readResult(store, schedule);
}

const rawInsert = sql`insert into raw_inserts (at, body) values (now(), ${'{"what": "a row of about the size of ours", "attempt": 1}'}::jsonb)`;

async function rawInserts({ context }: BenchStage, rows: number): Promise<void> {
  for (let row = 0; row < rows; row += 1) await context.ledger.db.execute(rawInsert);
}

async function groupedInserts({ context }: BenchStage, rows: number): Promise<void> {
  const perTransaction = Math.ceil(rows / TRANSACTIONS);
  for (let left = rows; left > 0; left -= perTransaction) {
    await context.ledger.db.transaction(async (tx) => {
      for (let row = 0; row < Math.min(left, perTransaction); row += 1) await tx.execute(rawInsert);
    });
  }
}

/** Rows inserted or updated by one publish, as the database counts them. */
async function rowsPerPublish(stage: BenchStage, account: string): Promise<number> {
  const [first] = await takenIn(stage, account, 'census', 1);
  const before = await rowsWritten(stage);
  await publishInLedger(stage, first ?? '');
  return (await rowsWritten(stage)) - before;
}

async function rowsWritten({ context }: BenchStage): Promise<number> {
  // The counters of this session are flushed at most once a second.
  await context.ledger.db.execute(sql`select pg_stat_force_next_flush()`);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const rows = await context.ledger.db.execute<{ written: string }>(
    sql`select sum(n_tup_ins + n_tup_upd) as written from pg_stat_user_tables`,
  );
  return Number(rows[0]?.written);
}

async function takenIn(stage: BenchStage, account: string, label: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    ids.push((await takeInText(stage, account, `${label} ${index}`)).scheduleId);
  }
  return ids;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}
