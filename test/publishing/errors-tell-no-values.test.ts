// What a failed statement carried stays where it was: in no history of Temporal, no log line and no cause (law 9).

import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecord } from '../../src/ledger/schedules/schedule-record.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import type { TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { ask, openShop, untilState } from '../workflow/shop.ts';
import { recordOf, taken } from './passes.ts';

let stage: Stage;
let worker: TestProcess;
beforeAll(async () => {
  stage = await openStage();
  worker = await stage.startWorker();
});
afterAll(() => stage.close());

/** The database refuses every write to the table from now on, until the answer is called. */
async function refuseWrites(table: 'schedules' | 'attempts' | 'posts' | 'connected_accounts') {
  const { db } = stage.context.ledger;
  await db.execute(
    sql.raw(`create or replace function refused() returns trigger language plpgsql as
    $$ begin raise exception 'refused for a test' using detail = new::text; end $$`),
  );
  await db.execute(
    sql.raw(`create trigger refused before insert or update on ${table} for each row execute function refused()`),
  );
  return () => db.execute(sql.raw(`drop trigger refused on ${table}`));
}

async function historyOf(workflowId: string): Promise<string> {
  const handle = stage.temporal.workflow.getHandle(workflowId);
  const { raw } = await handle.describe();
  return JSON.stringify([await handle.fetchHistory(), raw.pendingActivities]);
}

it('a post that cannot be stored is refused without its words', async () => {
  const shop = await openShop(stage);
  const text = `Words ${randomUUID()}`;
  const allow = await refuseWrites('schedules');
  const handle = await stage.startPublish({ account: shop.name, text });
  await handle.result().catch(() => undefined);
  await allow();
  const { events } = await handle.fetchHistory();
  expect(JSON.stringify((events ?? []).slice(1))).not.toContain(text);
  await until('it is logged', () => worker.output().includes('refused for a test'));
  expect(worker.output()).not.toContain(text);
});

it('an attempt that cannot be recorded fails the activity without the values of the statement', async () => {
  const shop = await openShop(stage);
  const allow = await refuseWrites('attempts');
  const handle = await stage.startPublish({ account: shop.name, text: `Late ${randomUUID()}` });
  await until('it has failed', async () => (await historyOf(handle.workflowId)).includes('UnforeseenFault'));
  const told = (await historyOf(handle.workflowId)) + worker.output();
  await allow();
  expect(told).toContain('refused for a test');
  expect(told).not.toContain('params');
  expect(await handle.result()).toMatchObject({ state: 'published' });
});

it('a refused statement never takes the worker down', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop, { approvalRequired: true });
  const allow = await refuseWrites('schedules');
  const workflowId = workflowIdOf(scheduleId);
  await stage.temporal.workflow.start('publish', { workflowId, taskQueue: stage.taskQueue, args: [{ scheduleId }] });
  await until('it has failed', async () => (await historyOf(workflowId)).includes('UnforeseenFault'));
  await allow();
  await untilState(stage, scheduleId, 'blocked');
  expect(worker.child.exitCode).toBeNull();
});

it('a post that cannot be recorded as live leaves the outcome open, and tells nobody what the statement held', async () => {
  const shop = await openShop(stage);
  const allow = await refuseWrites('posts');
  const { scheduleId, workflowId } = await stage.startPublish({ account: shop.name, text: `Live ${randomUUID()}` });
  await untilState(stage, scheduleId, 'unconfirmed');
  const [live] = await shop.live();
  const told = JSON.stringify(await recordOf(stage, scheduleId)) + (await historyOf(workflowId)) + worker.output();
  await allow();
  expect(told).not.toContain(live?.id);
  expect(told).not.toContain('params');
  expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
  expect(await stage.temporal.workflow.getHandle(workflowId).result()).toMatchObject({ state: 'published' });
  expect(await shop.creates()).toBe(1);
});

it('a renewed grant that cannot be saved leaves no trace of itself in the record', async () => {
  const shop = await openShop(stage);
  const { ledger } = stage.context;
  await ledger.db.execute(sql`update connected_accounts set grant_expires_at = now() where id = ${shop.id}`);
  const [sealed] = await ledger.db.select({ grant: connectedAccounts.sealedGrant }).from(connectedAccounts);
  expect(sealed?.grant.length).toBeGreaterThan(0);
  const allow = await refuseWrites('connected_accounts');
  const scheduleId = await taken(stage, shop);
  await stage.temporal.workflow.start('publish', {
    workflowId: workflowIdOf(scheduleId),
    taskQueue: stage.taskQueue,
    args: [{ scheduleId }],
  });
  const [schedule] = await ledger.db.select().from(schedules).where(sql`id = ${scheduleId}`);
  const record = () => readRecord(ledger, schedule ?? { id: '', workspaceId: '', traceId: '' });
  await until('the attempt has ended', async () => (await record()).attempts[0]?.outcome);
  await allow();
  const told = JSON.stringify(await record()) + (await historyOf(workflowIdOf(scheduleId))) + worker.output();
  expect(told).not.toContain('params');
  expect(told).not.toContain('sealed_grant,');
});
