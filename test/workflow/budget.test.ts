// What a text post costs when nothing goes wrong: at most 13 history events (DESIGN section 3). The billable actions are
// counted by the bench `cost`.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { takeIn } from '../../src/publishing/intake/intake.ts';
import { startPublish } from '../../src/publishing/workflows/start-workflow.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { eventsOf, OLGA, openShop, someText } from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
});
afterAll(() => stage.close());

const ONE_ACTIVITY = [
  'workflowExecutionStarted',
  'workflowTaskScheduled',
  'workflowTaskStarted',
  'workflowTaskCompleted',
  'activityTaskScheduled',
  'activityTaskStarted',
  'activityTaskCompleted',
  'workflowTaskScheduled',
  'workflowTaskStarted',
  'workflowTaskCompleted',
  'workflowExecutionCompleted',
];

/** Taken in and started as every door of ours does it. */
async function publishByDoor(publishAt?: string): Promise<string> {
  const shop = await openShop(stage);
  const { context, workspaceId, temporal } = stage;
  const { ledger, platforms, media, store } = context;
  const post = { account: shop.name, text: someText(), publishAt };
  const taken = await takeIn({ ledger, platforms, media, store, workspaceId, actor: OLGA }, post);
  await startPublish(temporal, context, { ...taken, workspaceId });
  await temporal.workflow.getHandle(taken.workflowId).result();
  expect(await shop.live()).toHaveLength(1);
  return taken.scheduleId;
}

it('an immediate post takes the eleven events of one activity', async () => {
  expect(await eventsOf(stage, await publishByDoor())).toEqual(ONE_ACTIVITY);
});

it('a scheduled post takes the same eleven: its wait is a start delay', async () => {
  const publishAt = new Date(Date.now() + 2_500).toISOString();
  expect(await eventsOf(stage, await publishByDoor(publishAt))).toEqual(ONE_ACTIVITY);
});

it('a bare start with the whole post takes one more, for the taking in', async () => {
  const shop = await openShop(stage);
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  await handle.result();
  const events = await eventsOf(stage, handle.scheduleId);
  expect(events).toHaveLength(12);
  expect(events).toEqual([...ONE_ACTIVITY.slice(0, 4), 'markerRecorded', ...ONE_ACTIVITY.slice(4)]);
});
