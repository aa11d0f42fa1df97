// Who has lost the ledger does not hold a publish: no heartbeat without a renewed lease, and no call once it has run out.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { beginRenewal } from '../../src/ledger/accounts/expiring-grants.ts';
import { connect } from '../../src/ledger/database/database.ts';
import { AttemptStopped, keep } from '../../src/publishing/attempt/keeper.ts';
import { startDatabaseWire } from '../harness/database-wire.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('heartbeats only while its lease is renewed, and stops before its call when the ledger is gone for a lease', async () => {
  const wire = await startDatabaseWire(stage.databaseUrl);
  const connection = connect(wire.databaseUrl, { maxConnections: 2 });
  const ledger = { ...stage.context.ledger, db: connection.db };
  const { id: accountId } = await stage.connectSandboxAccount({ platform: 'x', name: 'keeper-x' });
  const heldFromMs = performance.now();
  const fence = (await beginRenewal(ledger, accountId)) ?? Number.NaN;
  const beats: number[] = [];
  const control = {
    heartbeat: () => beats.push(performance.now()),
    callNext: async () => {},
    withdrawn: new AbortController().signal,
  };
  const kept = { name: 'a test', accountId, fence, heldFromMs, prepareByMs: Number.POSITIVE_INFINITY };
  const keeper = keep({ ...stage.context, ledger }, control, kept);
  try {
    await until('it has outlived its first lease', () => performance.now() - heldFromMs > 2_500);
    expect(beats.length).toBeGreaterThanOrEqual(2);
    expect(keeper.assertKept()).toBeUndefined();
    expect(keeper.lost()).toBe(false);

    wire.goDead('both');
    const deadMs = performance.now();
    await until('it is over', () => keeper.ended.aborted);
    // The lease of these settings is 2 s; an answer that was on its way when the wire went dead may have been the last.
    expect(performance.now() - deadMs).toBeLessThan(3_500);
    expect(() => keeper.assertKept()).toThrow(AttemptStopped);
    expect(() => keeper.assertKept()).toThrow('Its lease ran out while the ledger did not answer: a test.');
    expect(keeper.lost()).toBe(true);
    expect(beats.filter((ms) => ms > deadMs + 100)).toEqual([]);

    // A ledger that is back does not revive it: another attempt may hold the account.
    wire.recover();
    await until('the ledger is back', () => connection.db.execute('select 1').then(() => true));
    expect(keeper.lost()).toBe(true);
    expect(beats.filter((ms) => ms > deadMs + 100)).toEqual([]);
  } finally {
    keeper.stop();
    await connection.close();
    await wire.close();
  }
});
