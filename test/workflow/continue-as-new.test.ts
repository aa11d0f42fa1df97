// A run whose history has grown long continues as new, and waits there as it waited before. The server of this file
// suggests it after few events, so that a few messages are enough.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { freePort } from '../../src/runtime/ports.ts';
import { startTemporalServer } from '../../src/runtime/servers/temporal.ts';
import { openStageOn, type Stage } from '../harness/stage-on.ts';
import { until } from '../harness/until.ts';
import {
  ask,
  detailsOf,
  eventsOf,
  failedPublish,
  messagesOf,
  openShop,
  someText,
  untilMessages,
  untilState,
} from './shop.ts';

const SUGGESTED_EVENTS = 60;

let folder: string;
let server: Awaited<ReturnType<typeof startTemporalServer>>;
let stage: Stage;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oncepost-long-history-'));
  server = await startTemporalServer({
    program: inject('temporalProgram'),
    dataFolder: folder,
    port: await freePort(),
    uiPort: await freePort(),
    namespace: 'default',
    searchAttributes: {
      PublishState: 'Keyword',
      PublishCause: 'Keyword',
      PublishPlatform: 'Keyword',
      PublishAccount: 'Keyword',
      PublishWorkspace: 'Keyword',
    },
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': String(SUGGESTED_EVENTS) },
    onProgress: () => {},
  });
  stage = await openStageOn({ postgresUrl: inject('postgresUrl'), temporalAddress: server.address });
  await stage.startWorker();
});
afterAll(async () => {
  await stage?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const HOUR = 3_600_000;

/** Sends messages that change nothing until the run has continued as new `times` times; answers how many it took. */
async function talkUntilContinued(scheduleId: string, times: number): Promise<number> {
  const handle = stage.temporal.workflow.getHandle(`publish/${scheduleId}`);
  let { runId } = await handle.describe();
  let sent = 0;
  for (let continued = 0; continued < times; ) {
    await handle.signal('chatter', { number: sent });
    sent += 1;
    await untilMessages(stage, scheduleId, sent);
    const now = await handle.describe();
    if (now.runId !== runId) continued += 1;
    ({ runId } = now);
  }
  return sent;
}

it('a run that waits for a person still waits, and hears the replay', async () => {
  const { shop, handle, scheduleId } = await failedPublish(stage);
  const { runId } = await handle.describe();
  const sent = await talkUntilContinued(scheduleId, 2);
  expect((await eventsOf(stage, scheduleId, runId)).at(-1)).toBe('workflowExecutionContinuedAsNew');
  expect((await eventsOf(stage, scheduleId)).length).toBeLessThan(SUGGESTED_EVENTS);
  expect(await messagesOf(stage, scheduleId)).toHaveLength(sent);
  expect(await detailsOf(stage, scheduleId)).toContain('**Failed** for x account');
  expect(await shop.creates()).toBe(1);
  expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
  expect(await stage.temporal.workflow.getHandle(`publish/${scheduleId}`).result()).toMatchObject({
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
  await talkUntilContinued(scheduleId, 1);
  const events = await until('the new run waits', async () => {
    const types = await eventsOf(stage, scheduleId);
    return types.includes('timerStarted') && types;
  });
  expect(events).not.toContain('activityTaskScheduled');
  expect(await detailsOf(stage, scheduleId)).toContain('**Retry later** for x account');
  await stage.temporal.workflow.getHandle(`publish/${scheduleId}`).signal('cancel');
  expect(await stage.temporal.workflow.getHandle(`publish/${scheduleId}`).result()).toMatchObject({
    state: 'canceled',
  });
});

it('a run that is started as continued publishes nothing by itself', async () => {
  const { shop, handle, scheduleId } = await failedPublish(stage);
  await handle.terminate();
  const again = await stage.temporal.workflow.start('publish', {
    workflowId: `publish/${scheduleId}`,
    taskQueue: stage.taskQueue,
    args: [{ scheduleId, continued: true }],
  });
  expect(await detailsOf(stage, scheduleId)).toContain('**Failed** for x account');
  expect(await shop.creates()).toBe(1);
  await again.signal('replay');
  expect(await again.result()).toMatchObject({ state: 'published' });
  expect(await shop.live()).toHaveLength(1);
});
