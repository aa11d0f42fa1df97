// A database that lost its newest commits while runs were open: a promoted replica, a restored backup. Temporal survives and
// remembers more; the ledger that is behind creates nothing, and says so (laws 1 and 4).
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { attempts, intents, schedules } from '../../src/ledger/schema/schedules.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { ask, intentsOf, openShop, REFUSAL, scheduleOf, someText, untilState } from '../workflow/shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** What a backup from before the first attempt holds of the schedule. */
async function restore(scheduleId: string): Promise<void> {
  await stage.context.ledger.db.transaction(async (tx) => {
    await tx.delete(intents).where(eq(intents.scheduleId, scheduleId));
    await tx.delete(attempts).where(eq(attempts.scheduleId, scheduleId));
    const updatedAt = new Date(Date.now() - 600_000);
    const before = { state: 'queued', attemptsMade: 0, cause: null, failedAt: null, wakeAt: null, updatedAt } as const;
    await tx.update(schedules).set(before).where(eq(schedules.id, scheduleId));
    await tx.execute(sql`update leases set holder = ''`);
  });
}

async function lastHeartbeat(scheduleId: string): Promise<string> {
  const { raw } = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).describe();
  const [activity] = raw.pendingActivities ?? [];
  const [payload] = activity?.heartbeatDetails?.payloads ?? [];
  return new TextDecoder().decode(payload?.data ?? new Uint8Array());
}

it('a create whose worker died is remembered by its heartbeat, and not sent again by a ledger that never heard of it', async () => {
  const worker = await stage.startWorker();
  const shop = await openShop(stage);
  await shop.fault({ kind: 'commit_then_hang' });
  const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
  await until('the heartbeat names the create', async () => (await lastHeartbeat(scheduleId)).includes('sendDeadline'));
  const [sent] = await intentsOf(stage, scheduleId);
  await worker.kill();
  await restore(scheduleId);
  const next = await stage.startWorker();
  await untilState(stage, scheduleId, 'unconfirmed');
  await until('the run waits for a person', async () => (await stage.status(scheduleId))?.state === 'unconfirmed');
  expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'unconfirmed' });
  expect((await scheduleOf(stage, scheduleId))?.cause?.externalText).toMatch(
    /^The ledger knows 0 attempts of this post and Temporal remembers 1, the last with a create that may have left/,
  );
  expect(await intentsOf(stage, scheduleId)).toMatchObject([{ id: sent?.id, state: 'unknown' }]);
  expect(await shop.creates()).toBe(1);
  // A replay asks the platform before anything else, and heals.
  await ask(stage, scheduleId, 'requestReplay');
  await untilState(stage, scheduleId, 'published');
  expect(await shop.creates()).toBe(1);
  expect(await shop.live()).toHaveLength(1);
  await next.kill();
});

it('an attempt that only the run remembers stops the next one, whatever became of it', async () => {
  const worker = await stage.startWorker();
  const shop = await openShop(stage);
  await shop.fault({ kind: 'rate_limited', form: 'epoch', resetInMs: 4_000 });
  const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
  await untilState(stage, scheduleId, 'retry_later');
  await until('the run waits', async () => (await stage.status(scheduleId))?.state === 'retry_later');
  await restore(scheduleId);
  await untilState(stage, scheduleId, 'unconfirmed');
  await until('the run waits for a person', async () => (await stage.status(scheduleId))?.state === 'unconfirmed');
  expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'unconfirmed' });
  expect((await scheduleOf(stage, scheduleId))?.cause?.externalText).toMatch(
    /^The ledger knows 0 attempts of this post and Temporal remembers 1: the database lost its newest commits/,
  );
  expect(await shop.creates()).toBe(1);
  expect(await shop.live()).toHaveLength(0);
  await worker.kill();
});

it('a run that waits for a person reads the ledger again when the sweep finds it at rest, so that a person can decide', async () => {
  const worker = await stage.startWorker();
  const shop = await openShop(stage);
  await shop.fault(REFUSAL);
  const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
  await until('the run waits for a person', async () => (await stage.status(scheduleId))?.state === 'failed');
  await restore(scheduleId);
  // Nobody drives it as the ledger has it: the run waits for a word, and the word is refused.
  expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: false, reason: 'still-running' });
  const workflowId = `sweep-${stage.taskQueue}`;
  await stage.temporal.workflow.execute('sweep', { workflowId, taskQueue: stage.taskQueue });
  await untilState(stage, scheduleId, 'unconfirmed');
  expect((await scheduleOf(stage, scheduleId))?.cause?.externalText).toMatch(
    /^The ledger knows 0 attempts of this post and Temporal remembers 1: the database lost its newest commits/,
  );
  await until('the run waits for a person', async () => (await stage.status(scheduleId))?.state === 'unconfirmed');
  expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
  expect(await shop.creates()).toBe(1);
  await worker.kill();
});
