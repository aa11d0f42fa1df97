// The operator's side while the create is under way: the post is live already, its answer is not there yet. Whatever is
// clicked in the Temporal UI then, the platform's own record ends with one post, made by one call (laws 1 and 10).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import {
  completeActivity,
  failActivity,
  pauseActivity,
  resetActivity,
  resetRun,
  startAgain,
  terminateRun,
  unpauseActivity,
} from './operator.ts';
import { ask, attemptsOf, type Fault, openShop, postsOf, type Shop, someText } from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
});
afterAll(() => stage.close());

interface Underway {
  readonly shop: Shop;
  readonly scheduleId: string;
  readonly post: Readonly<Record<string, unknown>>;
}

/** A publish whose call has reached the platform and taken effect. */
async function callUnderway(fault: Fault): Promise<Underway> {
  const shop = await openShop(stage);
  await shop.fault(fault);
  const post = { account: shop.name, text: someText() };
  const { scheduleId } = await stage.startPublish(post);
  await until('the post is live', async () => (await shop.live()).length > 0);
  return { shop, scheduleId, post };
}

async function expectPublishedOnce({ shop, scheduleId }: Underway): Promise<void> {
  const result: PublishResult = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result();
  const live = await shop.live();
  expect(live).toHaveLength(1);
  expect(await shop.creates()).toBe(1);
  expect(result).toMatchObject({ state: 'published', platformPostId: live[0]?.id, cause: null });
  expect(await postsOf(stage, scheduleId)).toHaveLength(1);
  const attempts = await attemptsOf(stage, scheduleId);
  expect(attempts.filter(({ endedAt }) => endedAt === null)).toEqual([]);
}

/** What the operator does; the workflow that is to end is the newest run of the id. */
const CLICKS: readonly (readonly [string, (underway: Underway) => Promise<unknown>])[] = [
  ['reset to the first workflow task', ({ scheduleId }) => resetRun(stage, scheduleId, 'first')],
  [
    'reset to a later workflow task, which runs the activity again at once',
    async ({ scheduleId }) => {
      await ask(stage, scheduleId, 'requestReplay');
      await resetRun(stage, scheduleId, 'last');
    },
  ],
  [
    'terminated, and started again with the same post',
    async ({ scheduleId, post }) => {
      await terminateRun(stage, scheduleId);
      await startAgain(stage, scheduleId, post);
    },
  ],
  [
    "terminated, and started again with the schedule's id",
    async ({ scheduleId }) => {
      await terminateRun(stage, scheduleId);
      await startAgain(stage, scheduleId);
    },
  ],
  ['the activity reset', ({ scheduleId }) => resetActivity(stage, scheduleId)],
  [
    'the activity paused, and unpaused',
    async ({ scheduleId }) => {
      await pauseActivity(stage, scheduleId);
      await unpauseActivity(stage, scheduleId);
    },
  ],
  ['the activity failed by hand', ({ scheduleId }) => failActivity(stage, scheduleId)],
  ['the activity completed by hand, with nonsense', ({ scheduleId }) => completeActivity(stage, scheduleId, 'done')],
  ["Temporal's own cancel", ({ scheduleId }) => stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).cancel()],
  [
    'reset three times in a row',
    async ({ scheduleId }) => {
      for (let times = 0; times < 3; times += 1) await resetRun(stage, scheduleId, 'first');
    },
  ],
];

describe.each([
  ['its answer comes two seconds late', { kind: 'commit_then_slow', ms: 2_000 }],
  ['its answer never comes', { kind: 'commit_then_hang' }],
] as const)('the create took effect and %s', (_, fault) => {
  it.each(CLICKS)('%s: one post', async (_click, click) => {
    const underway = await callUnderway(fault);
    await click(underway);
    await expectPublishedOnce(underway);
  });
});
