// A machine whose clock goes astray while its worker runs takes no part until it is right again, and says so.
import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { activityFailures } from '../../src/boot/activity-failures.ts';
import { watchClock } from '../../src/boot/clock-watch.ts';
import { connect } from '../../src/ledger/database/database.ts';
import { clientOfNobody, openApi } from '../api/open-api.ts';
import { startDatabaseWire } from '../harness/database-wire.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

const ASTRAY =
  "This machine's clock and the database's are 60 s apart; this process takes no part until they agree again; synchronise the clocks.";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** This machine with a clock that can be moved, and a log that can be read. */
function machine() {
  const said: string[] = [];
  const log = pino({}, { write: (line: string) => void said.push(JSON.parse(line).msg) });
  let aheadMs = 0;
  const clock = { ...stage.context.ledger.clock, machineNow: () => new Date(Date.now() + aheadMs) };
  const move = (ms: number) => {
    aheadMs = ms;
  };
  return { ledger: { ...stage.context.ledger, clock }, log, said, move };
}

it('is told once when it goes astray and once when it is right again, and begins nothing between', async () => {
  const { ledger, log, said, move } = machine();
  const watch = watchClock({ ledger, log }, 50);
  const [interceptors] = [activityFailures(log, watch)()];
  const begin = () =>
    new MockActivityEnvironment().run(async () =>
      interceptors.inbound?.execute?.({ args: [], headers: {} }, async () => 'done'),
    );
  expect(await begin()).toBe('done');
  move(60_000);
  await until('it has noticed', () => watch.problem() !== null);
  expect(watch.problem()).toBe(ASTRAY);
  await expect(begin()).rejects.toMatchObject({ type: 'ClockAstray', message: ASTRAY, nonRetryable: false });
  const noticedMs = performance.now();
  await until('it has looked again', () => performance.now() - noticedMs > 300);
  move(-1_000);
  await until('it is right again', () => watch.problem() === null);
  expect(await begin()).toBe('done');
  expect(said).toEqual([ASTRAY, "This machine's clock and the database's agree again"]);
  watch.stop();
});

it('is not said to be right by a database that does not answer', async () => {
  const wire = await startDatabaseWire(stage.databaseUrl);
  const connection = connect(wire.databaseUrl, { maxConnections: 1 });
  const { ledger, log, said, move } = machine();
  move(60_000);
  const watch = watchClock({ ledger: { ...ledger, db: connection.db }, log }, 50);
  await until('it has noticed', () => watch.problem() !== null);
  await wire.close();
  move(0);
  const closedMs = performance.now();
  await until('it has asked in vain', () => performance.now() - closedMs > 500);
  expect(watch.problem()).toBe(ASTRAY);
  expect(said).toEqual([ASTRAY]);
  watch.stop();
  await connection.close();
});

it('makes the server unhealthy, in words', async () => {
  const { ledger, move } = machine();
  move(60_000);
  const api = await openApi(stage, { context: { ledger }, client: clientOfNobody() });
  expect(await api.ask('GET', '/health', { key: null })).toMatchObject({
    status: 503,
    body: {
      database: 'ok',
      clock: 'failing',
      temporal: 'failing',
      says: "Temporal does not answer for our namespace; This machine's clock and the database's are 60 s apart; what is stored is safe.",
    },
  });
  await api.close();
});
