// The ledger's share of a publish: everything it does on the happy path, over as many raw inserts as it writes rows. A raw
// insert is a bare INSERT into a plain table, committed by itself; the stricter figure puts them into three transactions.
import { sql } from 'drizzle-orm';
import { closeAttempt } from '../src/ledger/close-attempt.ts';
import { commitIntent } from '../src/ledger/commit-intent.ts';
import { openAttempt } from '../src/ledger/open-attempt.ts';
import { readResult } from '../src/ledger/result.ts';
import { decideOpening } from '../src/publishing/opening.ts';
import { type BenchStage, connectAccounts, onStage, quantile, rounded, takeInText } from './stage.ts';

const PER_ROUND = 200;
const ROUNDS = 5;
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
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(
        await timed(await takenIn(stage, account?.name ?? '', `round ${round}`), (id) => publishInLedger(stage, id)),
      );
      raw.push(await timed(Array.from({ length: PER_ROUND }, String), () => rawInserts(stage, rows)));
      grouped.push(await timed(Array.from({ length: PER_ROUND }, String), () => groupedInserts(stage, rows)));
    }
    const over = (floor: readonly number[]) =>
      rounded(
        quantile(
          ours.map((value, index) => value / (floor[index] ?? Number.NaN)),
          0.5,
        ),
      );
    return {
      ratio: over(raw),
      ratioInThreeTransactions: over(grouped),
      rowsPerPublish: rows,
      publishMs: rounded(quantile(ours, 0.5)),
      rawMs: rounded(quantile(raw, 0.5)),
    };
  });
}

/** Everything the happy path asks of the ledger, without Temporal and without a platform. */
async function publishInLedger({ context }: BenchStage, scheduleId: string): Promise<void> {
  const { ledger: store } = context;
  const opened = await openAttempt(store, { scheduleId, worker: 'bench', decide: decideOpening });
  if (opened.kind !== 'open') throw new TypeError(`schedule ${scheduleId} was not open`);
  const { attempt } = opened;
  const intent = await commitIntent(store, { scheduleId, attempt, sendWindowMs: 15_000, markers: { text: 'bench' } });
  const post = { platformPostId: scheduleId, url: `https://example.org/${scheduleId}`, evidence: 'answered' } as const;
  await closeAttempt(store, {
    scheduleId,
    attempt,
    intentId: intent.id,
    end: { kind: 'published', post },
    again: false,
  });
  await readResult(store, scheduleId);
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

async function takenIn(stage: BenchStage, account: string, label: string, count = PER_ROUND): Promise<string[]> {
  const taken = await Promise.all(
    Array.from({ length: count }, (_, index) => takeInText(stage, account, `${label} ${index}`)),
  );
  return taken.map(({ scheduleId }) => scheduleId);
}

/** Milliseconds per item, one after the other. */
async function timed(items: readonly string[], work: (item: string) => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  for (const item of items) await work(item);
  return (performance.now() - startedMs) / items.length;
}
