// Who finds its account held by another publish: it goes into the account's queue, is called in its order, and takes what
// nobody else gets meanwhile.
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dropFromQueue, nextInQueue, standingQueues } from '../../src/ledger/accounts/account-queue.ts';
import { leases } from '../../src/ledger/schema/accounts.ts';
import { createTurnstile } from '../../src/publishing/attempt/turnstile.ts';
import type { AttemptControl } from '../../src/publishing/context.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { attemptsOf, openShop } from '../workflow/shop.ts';
import { expireLease, pass, recordOf, say, stopAt, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ 'timeouts.account_wait': '5m' });
});
afterAll(() => stage.close());

/** A worker in which nobody stands by: every publish is in a process of its own. */
const alone = () => ({ turnstile: createTurnstile({ perAccount: 0, inAll: 0 }) });

/** A publish that holds the account until it is let go; `calls` are the accounts it gave to the next. */
async function holder(shop: Awaited<ReturnType<typeof openShop>>, changes = alone()) {
  const calls: string[] = [];
  const control: AttemptControl = {
    heartbeat: () => {},
    callNext: async (accountId) => void calls.push(accountId),
    withdrawn: new AbortController().signal,
  };
  const { points, reached, release } = stopAt('prepared');
  const ended = pass(stage, await taken(stage, shop), { ...changes, points }, control);
  await reached;
  return { release, ended, calls };
}

it('a publish that finds it held waits in the queue, without an attempt, and says so', async () => {
  const shop = await openShop(stage);
  const { release, ended, calls } = await holder(shop);
  const waiting = await taken(stage, shop);
  const result = await pass(stage, waiting, alone());
  expect(result).toMatchObject({ state: 'queued', waitsForAccount: true, attempts: 0, cause: null });
  expect(Date.parse(result.wakeAt ?? '')).toBeGreaterThan(Date.now() + 60_000);
  expect(await attemptsOf(stage, waiting)).toEqual([]);
  release();
  expect(await ended).toMatchObject({ state: 'published' });
  expect(calls).toEqual([shop.id]);
});

it('they are called as they were due, and whoever comes later does not overtake them', async () => {
  const shop = await openShop(stage);
  const first = await holder(shop);
  const sooner = await taken(stage, shop);
  const later = await taken(stage, shop);
  for (const id of [later, sooner]) expect(await pass(stage, id, alone())).toMatchObject({ waitsForAccount: true });
  first.release();
  await first.ended;
  const newcomer = await taken(stage, shop);
  expect(await pass(stage, newcomer, alone())).toMatchObject({ waitsForAccount: true });
  const { ledger } = stage.context;
  expect(await nextInQueue(ledger, shop.id)).toMatchObject({ scheduleId: sooner });
  // Its turn is nobody else's, and nobody else is called meanwhile.
  expect(await nextInQueue(ledger, shop.id)).toBeNull();
  expect(await pass(stage, later, alone())).toMatchObject({ waitsForAccount: true });
  expect(await pass(stage, sooner, alone())).toMatchObject({ state: 'published', attempts: 1 });
  for (const id of [later, newcomer]) {
    expect(await nextInQueue(ledger, shop.id)).toMatchObject({ scheduleId: id });
    expect(await pass(stage, id, alone())).toMatchObject({ state: 'published', attempts: 1 });
  }
  expect(await nextInQueue(ledger, shop.id)).toBeNull();
  const [lease] = await ledger.db.select().from(leases).where(eq(leases.accountId, shop.id));
  expect(lease).toMatchObject({ waiting: false, turn: null });
});

it('who was canceled while it waited, and who has no workflow any more, keeps nobody waiting', async () => {
  const shop = await openShop(stage);
  const first = await holder(shop);
  const [canceled, gone, last] = [await taken(stage, shop), await taken(stage, shop), await taken(stage, shop)];
  for (const id of [canceled, gone, last]) await pass(stage, id, alone());
  expect(await say(stage, canceled, 'cancel')).toMatchObject({ accepted: true });
  first.release();
  await first.ended;
  const { ledger } = stage.context;
  const called = await nextInQueue(ledger, shop.id);
  expect(called).toMatchObject({ scheduleId: gone });
  if (called) await dropFromQueue(ledger, shop.id, called);
  expect(await nextInQueue(ledger, shop.id)).toMatchObject({ scheduleId: last });
});

it('when the holder is gone and nobody was called, the sweep finds the queue', async () => {
  const shop = await openShop(stage);
  await holder(shop);
  await pass(stage, await taken(stage, shop), alone());
  expect(await standingQueues(stage.context.ledger)).not.toContain(shop.id);
  await expireLease(stage, shop.id);
  expect(await standingQueues(stage.context.ledger)).toContain(shop.id);
});

it('in the same worker it stands by for a moment, and goes through without having queued', async () => {
  const shop = await openShop(stage);
  const together = { turnstile: createTurnstile({ perAccount: 2, inAll: 2 }) };
  const first = await holder(shop, together);
  const beats: string[] = [];
  const control: AttemptControl = {
    heartbeat: ({ doing }) => void beats.push(doing),
    callNext: async () => {},
    withdrawn: new AbortController().signal,
  };
  const second = await taken(stage, shop);
  const passed = pass(stage, second, together, control);
  await until('it stands by', () => beats.length > 0);
  first.release();
  expect(await passed).toMatchObject({ state: 'published', attempts: 1 });
  expect(first.calls).toEqual([]);
});

it('an attempt that was cut off is ended in the record while its publish waits', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  const frozen = stopAt('prepared');
  const zombie = pass(stage, scheduleId, { ...alone(), points: frozen.points });
  await frozen.reached;
  await expireLease(stage, shop.id);
  const other = await holder(shop);
  expect(await pass(stage, scheduleId, alone())).toMatchObject({ state: 'posting', waitsForAccount: true });
  expect((await recordOf(stage, scheduleId)).attempts).toEqual(['interrupted']);
  other.release();
  await other.ended;
  await nextInQueue(stage.context.ledger, shop.id);
  expect(await pass(stage, scheduleId, alone())).toMatchObject({ state: 'published', attempts: 2 });
  frozen.release();
  await expect(zombie).rejects.toThrow();
  expect(await shop.creates()).toBe(2);
});
