// The operator's side before the call has left: what stops the publish then stops it for good, and whatever does not stop
// it ends with one post all the same.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import { holdAt } from '../harness/crash-file.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { pauseActivity, resetActivity, resetRun, startAgain, terminateRun, unpauseActivity } from './operator.ts';
import {
  attemptsOf,
  holdAccount,
  intentsOf,
  openShop,
  type Shop,
  samplePicture,
  scheduleOf,
  someText,
} from './shop.ts';

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
  /** Lets the publish go on. */
  release(): Promise<void>;
}

/** It waits in its workflow for an account that another publish holds. */
async function waitingForAccount(): Promise<Underway> {
  const shop = await openShop(stage);
  const release = await holdAccount(stage, shop.id);
  const post = { account: shop.name, text: someText() };
  const { scheduleId } = await stage.startPublish(post);
  await until('it waits for its account', async () => (await stage.status(scheduleId))?.waitsForAccount);
  return { shop, scheduleId, post, release };
}

/** The attempt has its account, and has done nothing yet. */
async function begun(): Promise<Underway> {
  const shop = await openShop(stage);
  const post = { account: shop.name, text: someText() };
  const scheduleId = randomUUID();
  const hold = holdAt(stage.folder, { point: 'attempt_opened', scheduleId });
  await stage.startPublish(post, scheduleId);
  await until('it has its account', () => hold.standing());
  return { shop, scheduleId, post, release: async () => hold.release() };
}

/** The attempt has uploaded its picture, and stands before its call. */
async function uploaded(): Promise<Underway> {
  const shop = await openShop(stage);
  const post = { account: shop.name, text: someText(), media: [await samplePicture(stage)] };
  const scheduleId = randomUUID();
  const hold = holdAt(stage.folder, { point: 'prepared', scheduleId });
  await stage.startPublish(post, scheduleId);
  await until('it stands before its call', () => hold.standing());
  return { shop, scheduleId, post, release: async () => hold.release() };
}

/** The activity waits for the answer to an upload. */
async function uploading(): Promise<Underway> {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'hang_before' }, { call: 'media_upload' });
  const post = { account: shop.name, text: someText(), media: [await samplePicture(stage)] };
  const { scheduleId } = await stage.startPublish(post);
  const running = async () => (await attemptsOf(stage, scheduleId)).length === 1;
  await until('its attempt is under way', running);
  return { shop, scheduleId, post, release: async () => {} };
}

const MOMENTS = [
  ['it has its account, and no more', begun],
  ['its media is uploaded, and its call not made', uploaded],
] as const;

const resultOf = (scheduleId: string): Promise<PublishResult> =>
  stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result();

const STOPS: readonly (readonly [string, (underway: Underway) => Promise<unknown>])[] = [
  ["Temporal's own cancel", ({ scheduleId }) => stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).cancel()],
  ['a signal cancel', ({ scheduleId }) => stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).signal('cancel')],
];

const RUN_CLICKS: readonly (readonly [string, (underway: Underway) => Promise<unknown>])[] = [
  ['a reset to the first workflow task', ({ scheduleId }) => resetRun(stage, scheduleId, 'first')],
  [
    'a termination and another start with the same post',
    async ({ scheduleId, post }) => {
      await terminateRun(stage, scheduleId);
      await startAgain(stage, scheduleId, post);
    },
  ],
  [
    "a termination and another start with the schedule's id",
    async ({ scheduleId }) => {
      await terminateRun(stage, scheduleId);
      await startAgain(stage, scheduleId);
    },
  ],
];

const CLICKS: typeof RUN_CLICKS = [
  ...RUN_CLICKS,
  ['a reset of the activity', ({ scheduleId }) => resetActivity(stage, scheduleId)],
  [
    'a pause of the activity and its end',
    async ({ scheduleId }) => {
      await pauseActivity(stage, scheduleId);
      await unpauseActivity(stage, scheduleId);
    },
  ],
];

describe.each([...MOMENTS, ['another publish holds the account', waitingForAccount]] as const)(
  'while %s',
  (_, begin) => {
    it.each(STOPS)('%s ends it with nothing sent', async (_stop, stop) => {
      const underway = await begin();
      await stop(underway);
      await until('it is canceled', async () => (await scheduleOf(stage, underway.scheduleId))?.state === 'canceled');
      await underway.release();
      expect(await resultOf(underway.scheduleId)).toMatchObject({ state: 'canceled', platformPostId: null });
      expect(await underway.shop.creates()).toBe(0);
      expect(await intentsOf(stage, underway.scheduleId)).toEqual([]);
      expect((await attemptsOf(stage, underway.scheduleId)).filter(({ endedAt }) => endedAt === null)).toEqual([]);
    });

    const clicks = begin === waitingForAccount ? RUN_CLICKS : CLICKS;
    it.each(clicks)('%s ends with one post by one call', async (_click, click) => {
      const underway = await begin();
      await click(underway);
      await underway.release();
      expect(await resultOf(underway.scheduleId)).toMatchObject({ state: 'published' });
      expect(await underway.shop.live()).toHaveLength(1);
      expect(await underway.shop.creates()).toBe(1);
      expect((await attemptsOf(stage, underway.scheduleId)).filter(({ endedAt }) => endedAt === null)).toEqual([]);
    });
  },
);

/** temporal.api.enums.v1.PendingActivityState. */
const PAUSED = 4;

it('a paused activity sends nothing until it is unpaused', async () => {
  const underway = await uploading();
  await pauseActivity(stage, underway.scheduleId);
  const handle = stage.temporal.workflow.getHandle(workflowIdOf(underway.scheduleId));
  await until('the activity is paused, and its last try over', async () => {
    const { raw } = await handle.describe();
    return raw.pendingActivities?.some(({ state }) => state === PAUSED);
  });
  await underway.release();
  expect(await underway.shop.creates()).toBe(0);
  await unpauseActivity(stage, underway.scheduleId);
  expect(await handle.result()).toMatchObject({ state: 'published' });
  expect(await underway.shop.live()).toHaveLength(1);
});
