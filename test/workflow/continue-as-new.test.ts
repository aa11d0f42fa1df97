// A run whose history has grown long continues as new, and waits there as it waited before.

import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openStageOn, type Stage } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { ask, detailsOf, eventsOf, failedPublish, messagesOf, openShop, someText, untilState } from './shop.ts';
import { SUGGESTED_EVENTS, startShortHistoryServer, talkUntilContinued } from './short-history-server.ts';

let server: Awaited<ReturnType<typeof startShortHistoryServer>>;
let stage: Stage;
beforeAll(async () => {
  server = await startShortHistoryServer(inject('temporalProgram'));
  stage = await openStageOn({ postgresUrl: inject('postgresUrl'), temporalAddress: server.address });
  await stage.startWorker();
});
afterAll(async () => {
  await stage?.close();
  await server?.stop();
});

const HOUR = 3_600_000;

it('a run that waits for a person still waits, and hears the replay', async () => {
  const { shop, handle, scheduleId } = await failedPublish(stage);
  const { runId } = await handle.describe();
  const sent = await talkUntilContinued(stage, scheduleId, 2);
  expect((await eventsOf(stage, scheduleId, runId)).at(-1)).toBe('workflowExecutionContinuedAsNew');
  expect((await eventsOf(stage, scheduleId)).length).toBeLessThan(SUGGESTED_EVENTS);
  expect(await messagesOf(stage, scheduleId)).toHaveLength(sent);
  await expect.poll(() => detailsOf(stage, scheduleId), { timeout: 120_000 }).toContain('**Failed** for x account');
  expect(await shop.creates()).toBe(1);
  expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
  expect(await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result()).toMatchObject({
    state: 'published',
    attempts: 2,
  });
  expect(await shop.live()).toHaveLength(1);
});

it('a run that waits for the platform waits on for the rest of its time', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'rate_limited', form: 'epoch', resetInMs: HOUR });
  const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
  await untilState(stage, scheduleId, 'retry_later');
  await talkUntilContinued(stage, scheduleId, 1);
  const events = await until('the new run waits', async () => {
    const types = await eventsOf(stage, scheduleId);
    return types.includes('timerStarted') && types;
  });
  expect(events).not.toContain('activityTaskScheduled');
  await until('it says so', async () => (await detailsOf(stage, scheduleId)).includes('**Retry later** for x account'));
  await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).signal('cancel');
  expect(await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result()).toMatchObject({
    state: 'canceled',
  });
});

it('a run that is started as continued publishes nothing by itself', async () => {
  const { shop, handle, scheduleId } = await failedPublish(stage);
  await handle.terminate();
  const again = await stage.temporal.workflow.start('publish', {
    workflowId: workflowIdOf(scheduleId),
    taskQueue: stage.taskQueue,
    args: [{ scheduleId, continued: true }],
  });
  await until('the new run waits', async () =>
    (await detailsOf(stage, scheduleId)).includes('**Failed** for x account'),
  );
  expect(await shop.creates()).toBe(1);
  await again.signal('replay');
  expect(await again.result()).toMatchObject({ state: 'published' });
  expect(await shop.live()).toHaveLength(1);
});
