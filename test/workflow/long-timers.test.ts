// Timers of hours and days, on the real server with its time skipping. The server's clock, the workers' and the
// platform's move separately: a test moves the last two, then lets the server skip to its timer.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { ask, attemptsOf, eventsOf, intentsOf, openShop, scheduleOf, someText, untilState } from './shop.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let stage: Stage;
/** How far the workers and the platform are ahead of the server by now. */
let aheadMs = 0;

beforeAll(async () => {
  stage = await openStage({
    'reconcile.visibility_horizon.x': '2h',
    'reconcile.first_look': '5s',
    'reconcile.spacing': '30s',
    'reconcile.read_retry': '1h',
    'reconcile.give_up_after': '6h',
  });
  await stage.startWorker();
});
// Every run begins at the server's own time.
beforeEach(() => moveClocks(0));
afterAll(() => stage.close());

async function moveClocks(ms: number): Promise<void> {
  aheadMs = ms;
  await stage.sandbox.shiftClock(ms);
  shiftClock(stage.folder, ms);
}

/** So much time passes for workers and platform, and from now on the server skips to the run's timers. */
async function pass(scheduleId: string, ms: number): Promise<void> {
  await moveClocks(aheadMs + ms);
  await stage.temporal.workflowService.updateWorkflowExecutionOptions({
    namespace: 'default',
    workflowExecution: { workflowId: workflowIdOf(scheduleId) },
    workflowExecutionOptions: { timeSkippingConfig: { enabled: true } },
    updateMask: { paths: ['time_skipping_config'] },
  });
}

const now = () => Date.now() + aheadMs;
const untilTimer = (scheduleId: string, count = 1) =>
  until('the run waits on its timer', async () => {
    const events = await eventsOf(stage, scheduleId);
    return events.filter((type) => type === 'timerStarted').length >= count;
  });

describe('a schedule in nine days', () => {
  it('sends nothing before its time, and goes out once when it comes', async () => {
    const shop = await openShop(stage);
    const publishAt = new Date(now() + 9 * DAY).toISOString();
    const handle = await stage.startPublish({ account: shop.name, text: someText(), publishAt });
    await untilTimer(handle.scheduleId);
    expect(await shop.creates()).toBe(0);
    await pass(handle.scheduleId, 9 * DAY + MINUTE);
    expect(await handle.result()).toMatchObject({ state: 'published', attempts: 1 });
    expect(await shop.live()).toHaveLength(1);
    const { closeTime, startTime } = await handle.describe();
    expect((closeTime?.getTime() ?? 0) - startTime.getTime()).toBeGreaterThan(9 * DAY - MINUTE);
  });

  it('hears a message meanwhile, and goes out at the time it was given then', async () => {
    const shop = await openShop(stage);
    const handle = await stage.startPublish({
      account: shop.name,
      text: someText(),
      publishAt: new Date(now() + 9 * DAY).toISOString(),
    });
    await untilTimer(handle.scheduleId);
    await handle.signal('reschedule', { publishAt: new Date(now() + 30 * DAY).toISOString() });
    await untilTimer(handle.scheduleId, 2);
    await pass(handle.scheduleId, 30 * DAY + MINUTE);
    expect(await handle.result()).toMatchObject({ state: 'published', attempts: 1 });
    expect((await attemptsOf(stage, handle.scheduleId))[0]?.startedAt.getTime()).toBeGreaterThan(now() - MINUTE);
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('a rate limit that resets in twenty hours', () => {
  it('is waited out on one timer, and the post goes out once', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'rate_limited', form: 'day', resetInMs: 20 * HOUR });
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, handle.scheduleId, 'retry_later');
    const waitMs = ((await scheduleOf(stage, handle.scheduleId))?.wakeAt?.getTime() ?? 0) - now();
    expect(waitMs).toBeGreaterThan(20 * HOUR - MINUTE);
    expect(waitMs).toBeLessThan(20 * HOUR + MINUTE);
    await untilTimer(handle.scheduleId);
    await pass(handle.scheduleId, 20 * HOUR + MINUTE);
    expect(await handle.result()).toMatchObject({ state: 'published', attempts: 2, cause: null });
    expect((await eventsOf(stage, handle.scheduleId)).filter((type) => type === 'timerStarted')).toHaveLength(1);
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('an outcome nobody knows while the list hides the post', () => {
  it.each([
    ['ten minutes', 10 * MINUTE],
    ['an hour and a half', 90 * MINUTE],
  ])('for %s: it is looked for until the horizon, found, and not sent again', async (_, ms) => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'hidden_from_list', ms });
    await shop.fault({ kind: 'commit_then_reset' });
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await until('the first look has missed it', async () => {
      const attempts = await attemptsOf(stage, handle.scheduleId);
      return attempts.filter(({ outcome }) => outcome === 'outcome_unknown').length === 2;
    });
    expect((await intentsOf(stage, handle.scheduleId))[0]).toMatchObject({ state: 'unknown', misses: 0 });
    await untilTimer(handle.scheduleId, 2);
    await pass(handle.scheduleId, 2 * HOUR + MINUTE);
    expect(await handle.result()).toMatchObject({ state: 'published', attempts: 3 });
    expect(await shop.creates()).toBe(1);
    expect(await shop.live()).toHaveLength(1);
  });

  it('although it never took effect: two looks past the horizon, then one more call', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'reset_before' });
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await untilTimer(handle.scheduleId, 2);
    await pass(handle.scheduleId, 2 * HOUR + MINUTE);
    await until('the first miss counts', async () => (await intentsOf(stage, handle.scheduleId))[0]?.misses === 1);
    expect(await shop.creates()).toBe(1);
    await pass(handle.scheduleId, MINUTE);
    expect(await handle.result()).toMatchObject({ state: 'published' });
    expect((await intentsOf(stage, handle.scheduleId)).map(({ state }) => state)).toEqual(['absent', 'live']);
    expect(await shop.creates()).toBe(2);
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('a platform that cannot be read for six hours', () => {
  it('leaves the decision to a person, without a timer, and the person resolves it', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    await shop.fault({ kind: 'refuse_before', preset: 'internal_error' }, { call: 'timeline', times: null });
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await until('a look has failed', async () => (await intentsOf(stage, handle.scheduleId))[0]?.unreadableSince);
    await untilTimer(handle.scheduleId, 2);
    await pass(handle.scheduleId, 6 * HOUR + MINUTE);
    await untilState(stage, handle.scheduleId, 'unconfirmed');
    await until(
      'the run waits',
      async () => (await eventsOf(stage, handle.scheduleId)).at(-1) === 'upsertWorkflowSearchAttributes',
    );
    const platformPostId = (await shop.live())[0]?.id;
    const resolved = { verdict: 'live', platformPostId, decidedBy: 'Olga', evidence: 'I looked' };
    expect(await ask(stage, handle.scheduleId, 'resolve', resolved)).toMatchObject({ accepted: true });
    expect(await handle.result()).toMatchObject({ state: 'published', platformPostId });
    expect(await shop.creates()).toBe(1);
  });
});
