// Runs that version 0.1 started have a workflow id without a workspace; they go on under it, and so does every door.
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { taken } from '../publishing/passes.ts';
import { openShop, REFUSAL, scheduleOf, untilState } from './shop.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  await stage.startWorker();
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

/** A run as version 0.1 started it, of a schedule that it had taken in. */
async function oldRun(scheduleId: string) {
  const workflowId = `publish/${scheduleId}`;
  await stage.context.ledger.db.update(schedules).set({ workflowId }).where(eq(schedules.id, scheduleId));
  const { taskQueue, temporal } = stage;
  return temporal.workflow.start('publish', { workflowId, taskQueue, args: [{ scheduleId }] });
}

it('publishes', async () => {
  const shop = await openShop(stage);
  const run = await oldRun(await taken(stage, shop));
  expect(await run.result()).toMatchObject({ state: 'published' });
  expect(await shop.live()).toHaveLength(1);
});

it('is replayed through the API under its own id, and no second run begins', async () => {
  const shop = await openShop(stage);
  await shop.fault(REFUSAL);
  const scheduleId = await taken(stage, shop);
  const run = await oldRun(scheduleId);
  await untilState(stage, scheduleId, 'failed');
  const accepted = await api.client().replay({ scheduleId });
  expect(accepted.workflowId).toBe(`publish/${scheduleId}`);
  expect(await run.result()).toMatchObject({ state: 'published' });
  const asNew = stage.temporal.workflow.getHandle(`publish/sandbox/${scheduleId}`);
  await expect(asNew.describe()).rejects.toThrow(/not found/i);
});

it('is not begun any more for a post that has yet to be taken in', async () => {
  const shop = await openShop(stage);
  const workflowId = `publish/${randomUUID()}`;
  const post = { workspace: 'sandbox', account: shop.name, text: 'Hello' };
  const { taskQueue, temporal } = stage;
  const run = await temporal.workflow.start('publish', { workflowId, taskQueue, args: [{ schedule: post }] });
  await expect(run.result()).rejects.toMatchObject({ cause: { type: 'IntakeRefused' } });
  expect(await scheduleOf(stage, workflowId.slice('publish/'.length))).toBeUndefined();
});
