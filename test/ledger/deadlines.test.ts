// Every statement has its time, the wait for a free connection included: a database that vanished without a word is an
// outage within seconds, and served again as soon as it is back.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Connection, connect, isDatabaseDown } from '../../src/ledger/database/database.ts';
import { type DatabaseWire, startDatabaseWire } from '../harness/database-wire.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const settingsOf = async ({ db }: Pick<Connection, 'db'>) => {
  const names = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'synchronous_commit'];
  const rows = await db.execute(sql`select name, setting from pg_settings where name in ${names} order by name`);
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
};

it('every session asks the server to end what takes too long, and to lose no commit, whatever its default is', async () => {
  const name = new URL(stage.databaseUrl).pathname.slice(1);
  await stage.context.ledger.db.execute(sql.raw(`alter database ${name} set synchronous_commit = off`));
  const connection = connect(stage.databaseUrl, { maxConnections: 1 });
  expect(await settingsOf(connection)).toEqual({
    statement_timeout: '15000',
    lock_timeout: '10000',
    idle_in_transaction_session_timeout: '10000',
    synchronous_commit: 'on',
  });
  await connection.close();
});

describe('a wire to the database that goes dead', () => {
  let wire: DatabaseWire;
  let connection: Connection;
  beforeAll(async () => {
    wire = await startDatabaseWire(stage.databaseUrl);
    connection = connect(wire.databaseUrl, { maxConnections: 3 });
  });
  afterAll(async () => {
    await connection.close();
    await wire.close();
  });

  /** What came of a step, and after how many seconds. */
  const endOf = async (step: () => Promise<unknown>) => {
    const startedMs = performance.now();
    const error = await step().then(
      () => null,
      (caught: unknown) => caught,
    );
    return { down: isDatabaseDown(error), seconds: (performance.now() - startedMs) / 1_000 };
  };

  it('under all of the pool: whoever asks or waits is told within the deadline, and all is well when it is back', async () => {
    const { db } = connection;
    // Each of the three holds a connection, and stands inside its transaction while the wire goes dead.
    const inside = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
    const gone = Promise.withResolvers<void>();
    const transactions = inside.map(({ resolve }) =>
      endOf(() =>
        db.transaction(async (tx) => {
          await tx.execute(sql`select 1`);
          resolve();
          await gone.promise;
          await tx.execute(sql`select 2`);
        }),
      ),
    );
    for (const { promise } of inside) await promise;
    wire.goDead('both');
    gone.resolve();
    const waiting = Array.from({ length: 5 }, () => endOf(() => db.execute(sql`select 3`)));
    const waitingToBegin = endOf(() => db.transaction((tx) => tx.execute(sql`select 4`)));
    const ends = await Promise.all([...transactions, ...waiting, waitingToBegin]);
    for (const { down, seconds } of ends) {
      expect(down).toBe(true);
      expect(seconds).toBeLessThan(25);
    }
    wire.recover();
    const startedMs = performance.now();
    await until('it is served again', () => db.execute(sql`select 5`).then(() => true));
    expect(performance.now() - startedMs).toBeLessThan(6_000);
    expect(await db.transaction((tx) => tx.execute(sql`select 6 as six`))).toEqual([{ six: 6 }]);
  });

  it('under a commit: nobody knows whether it took effect, and it is told as an outage', async () => {
    const { db } = connection;
    const end = await endOf(() =>
      db.transaction(async (tx) => {
        await tx.execute(sql`select 1`);
        wire.goDead('answers');
      }),
    );
    wire.recover();
    expect(end.down).toBe(true);
    expect(end.seconds).toBeLessThan(25);
    await until('it is served again', () => db.execute(sql`select 5`).then(() => true));
  });
});
