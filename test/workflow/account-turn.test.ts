// A publish whose account is held waits in its workflow: it is called when the account is free, in the order in which the
// posts were due, and costs nothing meanwhile.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mediaQueueOf } from '../../src/domain/temporal/task-queues.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { detailsOf, eventsOf, messagesOf, openShop, type Shop, samplePicture, someText, untilState } from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    'timeouts.answer': '8s',
    'timeouts.account_wait': '1m',
    'task_queues.media.from_bytes': 1,
  });
  await stage.startWorker();
});
afterAll(() => stage.close());

const HELD_MS = 5_000;

/** A publish whose answer is slow to come, and which holds the account until then. */
async function slowPublish(shop: Shop) {
  await shop.fault({ kind: 'commit_then_slow', ms: HELD_MS });
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  await until('its post is live', async () => (await shop.live()).length === 1);
  return handle;
}

const waits = (scheduleId: string) =>
  until(`${scheduleId} waits for its account`, async () => (await stage.status(scheduleId))?.waitsForAccount);

it('it is called as soon as the account is free, and tells meanwhile what it waits for', async () => {
  const shop = await openShop(stage);
  const slow = await slowPublish(shop);
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  await waits(handle.scheduleId);
  expect(await detailsOf(stage, handle.scheduleId)).toContain('**Waits for its account:** another publish holds it.');
  await slow.result();
  expect(await handle.result()).toMatchObject({ state: 'published', attempts: 1 });
  const events = await eventsOf(stage, handle.scheduleId);
  expect(events.filter((type) => type === 'activityTaskScheduled')).toHaveLength(2);
  expect(events.filter((type) => type === 'workflowExecutionSignaled')).toHaveLength(1);
  // The word is between our own parts: no message of it is recorded or shown.
  expect(await messagesOf(stage, handle.scheduleId)).toEqual([]);
});

it('of several, all go out one after the other, and none is left in the queue', async () => {
  const shop = await openShop(stage);
  await slowPublish(shop);
  const handles = [];
  for (let index = 0; index < 8; index += 1) {
    handles.push(await stage.startPublish({ account: shop.name, text: someText() }));
  }
  for (const handle of handles) expect(await handle.result()).toMatchObject({ state: 'published', attempts: 1 });
  expect(await shop.live()).toHaveLength(9);
  expect(await shop.creates()).toBe(9);
});

it('one that is canceled while it waits is over at once', async () => {
  const shop = await openShop(stage);
  await slowPublish(shop);
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  await waits(handle.scheduleId);
  await handle.signal('cancel', {});
  expect(await handle.result()).toMatchObject({ state: 'canceled' });
  const next = await stage.startPublish({ account: shop.name, text: someText() });
  expect(await next.result()).toMatchObject({ state: 'published' });
});

it('large media are carried on a queue of their own, though the start did not know', async () => {
  const shop = await openShop(stage);
  const id = randomUUID();
  await stage.startPublish({ account: shop.name, text: someText(), media: [await samplePicture(stage)] }, id);
  await untilState(stage, id, 'published');
  const { events } = await stage.temporal.workflow.getHandle(workflowIdOf(id)).fetchHistory();
  const queues = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.taskQueue?.name ?? []);
  expect(queues).toEqual([stage.taskQueue, mediaQueueOf(stage.taskQueue)]);
  const keys = (events ?? []).flatMap(
    (event) => event.activityTaskScheduledEventAttributes?.priority?.fairnessKey ?? [],
  );
  expect(new Set(keys)).toEqual(new Set(['sandbox']));
});
