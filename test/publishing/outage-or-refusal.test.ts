// Which errors of the database are an outage, after which the same step is tried again, and which are a refusal.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connect, isDatabaseDown } from '../../src/ledger/database/database.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const errorOf = async (step: Promise<unknown>): Promise<unknown> =>
  step.then(() => null).catch((error: unknown) => error);

it.each([
  ['08006', 'connection_failure', true],
  ['40001', 'serialization_failure', true],
  ['40P01', 'deadlock_detected', true],
  ['53200', 'out_of_memory', true],
  ['53300', 'too_many_connections', true],
  ['57014', 'query_canceled', true],
  ['57P01', 'admin_shutdown', true],
  ['57P04', 'database_dropped', true],
  ['57P05', 'idle_session_timeout', true],
  ['58030', 'io_error', true],
  ['25006', 'read_only_sql_transaction', true],
  ['25P03', 'idle_in_transaction_session_timeout', true],
  ['55P03', 'lock_not_available', true],
  ['23505', 'unique_violation', false],
  ['23514', 'check_violation', false],
  ['22P05', 'untranslatable_character', false],
  ['42P01', 'undefined_table', false],
  ['42501', 'insufficient_privilege', false],
  ['P0001', 'raise_exception', false],
])('%s, %s: an outage is %s', async (code, _name, down) => {
  const raise = sql.raw(`do $$ begin raise exception 'for a test' using errcode = '${code}'; end $$`);
  expect(isDatabaseDown(await errorOf(stage.context.ledger.db.execute(raise)))).toBe(down);
});

it('a connection that its server ends is an outage, inside a transaction too, and the next step finds another', async () => {
  const { db } = stage.context.ledger;
  const ended = db.transaction(async (tx) => {
    await tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`);
    await tx.execute(sql`select 1`);
  });
  expect(isDatabaseDown(await errorOf(ended))).toBe(true);
  expect(await db.transaction(async (tx) => (await tx.execute(sql`select 1`)).length)).toBe(1);
});

it('connections that are cut under load end no process, and none of them stays hung', async () => {
  const { db } = stage.context.ledger;
  const cuts = connect(stage.databaseUrl, { maxConnections: 1 });
  const steps = Array.from({ length: 200 }, (_, at) =>
    errorOf(
      db.transaction(async (tx) => {
        await Promise.all([tx.execute(sql`select 1`), tx.execute(sql`select pg_sleep(${(at % 7) / 100})`)]);
        await tx.execute(sql`select 1`);
      }),
    ),
  );
  for (let cut = 0; cut < 10; cut += 1) {
    await cuts.db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`);
    await cuts.db.execute(sql`select pg_sleep(0.03)`);
  }
  await cuts.close();
  const errors = (await Promise.all(steps)).filter((error) => error !== null);
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.filter((error) => !isDatabaseDown(error))).toEqual([]);
  await until('the ledger answers again', async () => (await db.execute(sql`select 1`)).length === 1);
});

it('a server that is not there is an outage', async () => {
  const connection = connect('postgres://nobody@127.0.0.1:1/nothing', { maxConnections: 1 });
  expect(isDatabaseDown(await errorOf(connection.db.execute(sql`select 1`)))).toBe(true);
  await connection.close();
});
