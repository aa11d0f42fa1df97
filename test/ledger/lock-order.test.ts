// The ledger takes its locks in one order, schedule -> lease -> account -> the rest -> the head of the audit trail, so that
// no two transactions wait for each other: publishes at one account, of which twelve wait and were cut off before.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { closeAttempt } from '../../src/ledger/attempts/close-attempt.ts';
import { openAttempt } from '../../src/ledger/attempts/open-attempt.ts';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { commitIntent } from '../../src/ledger/intents/commit-intent.ts';
import { decideOpening } from '../../src/publishing/attempt/opening.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { expireLease, pass, stopAt, taken } from '../publishing/passes.ts';
import { openShop } from '../workflow/shop.ts';

const WAITERS = 12;
const INTENTS = 80;
const SENT_CALL = {
  method: 'POST',
  target: 'https://x.example/2/tweets',
  sizeBytes: 2,
  sha256: '0'.repeat(64),
  excerpt: '{}',
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** How often the database found two transactions waiting for each other. */
async function deadlocks(): Promise<number> {
  const { db } = stage.context.ledger;
  await db.execute(sql`select pg_stat_force_next_flush()`);
  const [row] = await db.execute<{ deadlocks: string }>(
    sql`select deadlocks from pg_stat_database where datname = current_database()`,
  );
  return Number(row?.deadlocks);
}

it('twelve publishes that were cut off ask for an account while eighty intents are committed on it: none deadlocks', async () => {
  const shop = await openShop(stage);
  // Nobody loses the account because this machine is slow.
  const ledger = { ...stage.context.ledger, leaseMs: 600_000 };
  const request = { worker: 'test', decide: decideOpening };
  const waiters = await Promise.all(Array.from({ length: WAITERS }, () => taken(stage, shop)));
  for (const id of waiters) {
    // Each has an attempt that never came to its end, and lost the account since.
    await openAttempt(ledger, { ...request, schedule: stage.keyOf(id), queueForMs: null });
    await expireLease(stage, shop.id);
  }
  let publishing = true;
  const errors: unknown[] = [];
  const waiting = waiters.map(async (id, index) => {
    for (let asked = index; publishing; asked += 1) {
      await openAttempt(ledger, { ...request, schedule: stage.keyOf(id), queueForMs: asked % 2 ? 60_000 : null }).catch(
        (error: unknown) => errors.push(error),
      );
      await ledger.db.execute(sql`
        update attempts set ended_at = null, outcome = null
        where workspace_id = ${stage.workspaceId}::uuid and schedule_id = ${id} and outcome = 'interrupted'
          and number = (select max(number) from attempts as all_of_it where all_of_it.schedule_id = ${id})`);
    }
  });
  for (let made = 0; made < INTENTS; ) {
    const schedule = stage.keyOf(await taken(stage, shop));
    // It goes from one to the next: a waiter that got it would not wait any more.
    await ledger.db.execute(sql`
      update leases set holder = ${schedule.scheduleId}, turn = null, expires_at = 'infinity'
      where account_id = ${shop.id}::uuid`);
    const opened = await openAttempt(ledger, { ...request, schedule, queueForMs: null });
    if (opened.kind !== 'open') continue;
    made += 1;
    const { attempt } = opened;
    const intent = await commitIntent(ledger, {
      schedule,
      attempt,
      sendWindowMs: 1_000,
      markers: {},
      sentCall: SENT_CALL,
    });
    const post = { platformPostId: `post-${made}`, url: null, evidence: 'answered' } as const;
    await closeAttempt(ledger, {
      schedule,
      attempt,
      intentId: intent.id,
      end: { kind: 'published', post },
      again: false,
    });
  }
  publishing = false;
  await Promise.all(waiting);
  expect(errors).toEqual([]);
  expect(await deadlocks()).toBe(0);
  expect(await firstAuditBreak(ledger.db, stage.workspaceId)).toBeNull();
});

it('a save waits for its lease before it takes the head of the audit trail', async () => {
  const shop = await openShop(stage);
  const prepared = stopAt('answered_unsaved');
  const published = pass(stage, await taken(stage, shop), { points: prepared.points });
  await prepared.reached;
  const { db } = stage.context.ledger;
  await db.transaction(async (tx) => {
    await tx.execute(sql`select from leases where account_id = ${shop.id}::uuid for update`);
    prepared.release();
    await untilBlocked();
    // Whoever holds the lease may write to the trail: the save does not hold its head.
    await tx.execute(sql`select from audit_heads where workspace_id = ${stage.workspaceId}::uuid for update nowait`);
  });
  expect(await published).toMatchObject({ state: 'published' });
});

/** Waits until the save of a live post stands behind a lock. */
async function untilBlocked(): Promise<void> {
  for (;;) {
    const blocked = await stage.context.ledger.db.execute(sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into posts%'`);
    if (blocked.length > 0) return;
  }
}
