// The operator's side after the publish: nothing that is clicked then publishes a second time, and what waits for a person
// still waits in the run that follows.

import { WorkflowFailedError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { resetRun, startAgain, startWithSignal, terminateRun } from './operator.ts';
import {
  ask,
  attemptsOf,
  failedPublish,
  messagesOf,
  openShop,
  rescheduleSoon,
  scheduleOf,
  someText,
  unconfirmedPublish,
} from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
});
afterAll(() => stage.close());

const resultOf = (scheduleId: string): Promise<PublishResult> =>
  stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result();

async function publishedPost() {
  const shop = await openShop(stage);
  const post = { account: shop.name, text: someText() };
  const handle = await stage.startPublish(post);
  expect(await handle.result()).toMatchObject({ state: 'published' });
  return { shop, post, handle, scheduleId: handle.scheduleId };
}

type Published = Awaited<ReturnType<typeof publishedPost>>;

const CLICKS: readonly (readonly [string, (published: Published) => Promise<unknown>])[] = [
  ['a reset to the first workflow task', ({ scheduleId }) => resetRun(stage, scheduleId, 'first')],
  ['a reset to the last workflow task', ({ scheduleId }) => resetRun(stage, scheduleId, 'last')],
  ['another start with the same post', ({ scheduleId, post }) => startAgain(stage, scheduleId, post)],
  ["another start with the schedule's id", ({ scheduleId }) => startAgain(stage, scheduleId)],
  [
    'five starts and five resets',
    async ({ scheduleId, post }) => {
      for (let times = 0; times < 5; times += 1) {
        await (await startAgain(stage, scheduleId, times % 2 ? post : undefined)).result();
        await resetRun(stage, scheduleId, 'first');
        await resultOf(scheduleId);
      }
    },
  ],
];

describe('a published post', () => {
  it.each(CLICKS)('%s answers published at once, without another call or attempt', async (_, click) => {
    const published = await publishedPost();
    await click(published);
    const [post] = await published.shop.live();
    expect(await resultOf(published.scheduleId)).toMatchObject({
      state: 'published',
      platformPostId: post?.id,
      attempts: 1,
    });
    expect(await published.shop.creates()).toBe(1);
    expect(await attemptsOf(stage, published.scheduleId)).toHaveLength(1);
  });

  it.each(['replay', 'cancel', 'reschedule', 'handoff'])(
    'a signal %s that starts it anew is refused',
    async (signal) => {
      const { shop, scheduleId } = await publishedPost();
      const publishAt = new Date(Date.now() + 3_600_000).toISOString();
      await startWithSignal(stage, scheduleId, signal, signal === 'reschedule' ? { publishAt } : undefined);
      expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
      const reason = signal === 'replay' ? 'already-posted' : 'already_over';
      expect(await messagesOf(stage, scheduleId)).toMatchObject([
        { name: signal, verdict: { accepted: false, reason } },
      ]);
      expect(await shop.creates()).toBe(1);
    },
  );

  it('another start with other content is refused, typed, and changes nothing', async () => {
    const { shop, post, scheduleId } = await publishedPost();
    const before = await scheduleOf(stage, scheduleId);
    const again = await startAgain(stage, scheduleId, { ...post, text: someText() });
    const failure = await again.result().then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(failure).toMatchObject({ cause: { type: 'IntakeRefused', details: [{ code: 'schedule_conflict' }] } });
    expect(await scheduleOf(stage, scheduleId)).toEqual(before);
    expect(await shop.creates()).toBe(1);
  });
});

describe('a publish that waits for a person', () => {
  it('still waits after a reset, and a replay publishes it once', async () => {
    const { shop, scheduleId } = await failedPublish(stage);
    await resetRun(stage, scheduleId, 'first');
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published', attempts: 2 });
    expect(await shop.live()).toHaveLength(1);
  });

  it('keeps its new time when it was rescheduled and its start is reset, though it came with the old one', async () => {
    const shop = await openShop(stage);
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const post = { account: shop.name, text: someText(), publishAt: at(3_600_000) };
    const handle = await stage.startPublish(post);
    const { scheduleId } = handle;
    const later = at(7_200_000);
    const waitsUntil = (instant: string) =>
      until(`it waits until ${instant}`, async () => (await stage.status(scheduleId))?.wakeAt === instant);
    await waitsUntil(post.publishAt);
    await handle.signal('reschedule', { publishAt: later });
    await waitsUntil(later);
    await terminateRun(stage, scheduleId);
    await startAgain(stage, scheduleId, post);
    await waitsUntil(later);
    await rescheduleSoon(stage, scheduleId);
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });

  it('hears the same signals again in a reset run, and still publishes once', async () => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    await handle.signal('replay', { requestedBy: 'Olga' });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    await resetRun(stage, scheduleId, 'first');
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published', attempts: 2 });
    const verdicts = (await messagesOf(stage, scheduleId)).map(({ verdict }) => verdict.reason);
    expect(verdicts).toEqual([null, 'already-posted']);
    expect(await shop.creates()).toBe(2);
  });

  it('is found unconfirmed again by the run that follows a termination, which asks the platform first', async () => {
    const { shop, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    const before = (await attemptsOf(stage, scheduleId)).length;
    await terminateRun(stage, scheduleId);
    await startAgain(stage, scheduleId);
    await until('the new run has asked', async () => {
      const attempts = await attemptsOf(stage, scheduleId);
      return attempts.length > before && attempts.at(-1)?.outcome === 'unconfirmed';
    });
    expect(await shop.creates()).toBe(1);
    expect(await shop.live()).toHaveLength(1);
    expect((await scheduleOf(stage, scheduleId))?.state).toBe('unconfirmed');
  });
});
