// A first attempt begins without a lock: what changes between its look at the schedule and its lease is seen all the same.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScheduleRow } from '../../src/ledger/schedules/facts.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openShop } from '../workflow/shop.ts';
import { pass, recordOf, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Runs a pass that finds the schedule's row held by a change, which is committed once the pass waits for it. */
async function passMeeting(scheduleId: string, change: Partial<ScheduleRow>) {
  const { db } = stage.context.ledger;
  return db.transaction(async (tx) => {
    await tx.update(schedules).set(change).where(eq(schedules.id, scheduleId));
    const running = pass(stage, scheduleId);
    await until('the pass waits for the row', async () => {
      const [row] = await db.execute<{ waiting: number }>(
        sql`select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return row?.waiting === 1;
    });
    return { running };
  });
}

describe('between the look and the lease', () => {
  it('the post was given another time: it waits for that, and no attempt was made', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const publishAt = new Date(Date.now() + 3_600_000);
    const { running } = await passMeeting(scheduleId, { publishAt, wakeAt: publishAt });
    expect(await running).toMatchObject({ state: 'queued', wakeAt: publishAt.toISOString(), attempts: 0 });
    expect(await shop.creates()).toBe(0);
  });

  it('it was canceled: it ends', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const { running } = await passMeeting(scheduleId, { state: 'canceled' });
    expect(await running).toMatchObject({ state: 'canceled', attempts: 0 });
    expect(await shop.creates()).toBe(0);
  });

  it('only a note of it was made: it goes live, once', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const { running } = await passMeeting(scheduleId, { workflowStartedAt: new Date() });
    expect(await running).toMatchObject({ state: 'published', attempts: 1 });
    expect(await recordOf(stage, scheduleId)).toMatchObject({ attempts: ['published'] });
    expect(await shop.live()).toHaveLength(1);
  });
});
