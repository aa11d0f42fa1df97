// How a publish waits: for the platform by a durable timer that says why and until when, for a person without any timer,
// and always where an operator can find it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import {
  ask,
  detailsOf,
  eventsOf,
  failedPublish,
  openShop,
  rescheduleSoon,
  scheduleOf,
  someText,
  untilState,
} from './shop.ts';

const HOUR = 3_600_000;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({
    'reconcile.first_look': '1h',
    'reconcile.give_up_after': '6h',
    'timers.unreachable_first': '1h',
    'timers.unreachable_max': '2h',
  });
  await stage.startWorker();
});
afterAll(() => stage.close());

/** The timers of a run so far: how long, in milliseconds, and what its summary tells. */
async function timersOf(scheduleId: string): Promise<{ ms: number; summary: string }[]> {
  const { events } = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).fetchHistory();
  return (events ?? []).flatMap(({ timerStartedEventAttributes: timer, userMetadata }) => {
    if (!timer) return [];
    const { seconds, nanos } = timer.startToFireTimeout ?? {};
    const summary: unknown = JSON.parse(new TextDecoder().decode(userMetadata?.summary?.data ?? undefined));
    return [{ ms: Number(seconds ?? 0) * 1_000 + (nanos ?? 0) / 1_000_000, summary: String(summary) }];
  });
}

/** The run's first timer, once the run has come to wait for it. */
const timerOf = (scheduleId: string) => until('the run waits', async () => (await timersOf(scheduleId))[0]);

/** What an operator finds the run by, once it stands there with this state. */
async function indexOf(scheduleId: string, state: string): Promise<Record<string, unknown>> {
  return until(`the run is found as ${state}`, async () => {
    const index = await readIndex(scheduleId);
    return index.State === state && index;
  });
}

async function readIndex(scheduleId: string): Promise<Record<string, unknown>> {
  const { typedSearchAttributes } = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).describe();
  const ours = typedSearchAttributes.getAll().filter(({ key }) => key.name.startsWith('Publish'));
  return Object.fromEntries(ours.map(({ key, value }) => [key.name.replace('Publish', ''), value]));
}

async function throttledPublish() {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'rate_limited', form: 'epoch', resetInMs: HOUR });
  const handle = await stage.startPublish({ account: shop.name, text: someText() });
  await untilState(stage, handle.scheduleId, 'retry_later');
  return { shop, handle, scheduleId: handle.scheduleId };
}

describe('a throttled publish', () => {
  it("waits on one timer until the platform's own reset, and the timer says so", async () => {
    const { shop, scheduleId } = await throttledPublish();
    const schedule = await scheduleOf(stage, scheduleId);
    const wakeAt = schedule?.wakeAt?.toISOString();
    expect(schedule).toMatchObject({ cause: { code: 'rate_limited', httpStatus: 429 } });
    const timer = await timerOf(scheduleId);
    expect(timer.summary).toContain(`waiting until the platform may be asked again, until ${wakeAt} (rate_limited: `);
    expect(timer.ms).toBeGreaterThan(HOUR - 60_000);
    expect(timer.ms).toBeLessThan(HOUR + 60_000);
    const details = await detailsOf(stage, scheduleId);
    expect(details).toContain(`**Retry later** for x account **${shop.name}**`);
    expect(details).toContain('**Why:** `rate_limited`');
    expect(details).toContain(`**Goes on by itself** at ${wakeAt}.`);
    expect(await indexOf(scheduleId, 'retry_later')).toEqual({
      State: 'retry_later',
      Cause: 'rate_limited',
      Platform: 'x',
      Account: shop.name,
      Workspace: stage.workspaceId,
    });
  });

  it('keeps the next publish of the account from asking the platform at all', async () => {
    const { shop } = await throttledPublish();
    const before = (await stage.sandbox.calls({ platform: 'x' })).length;
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, scheduleId, 'retry_later');
    expect(await stage.sandbox.calls({ platform: 'x' })).toHaveLength(before);
    expect((await timerOf(scheduleId)).ms).toBeGreaterThan(HOUR - 120_000);
  });

  it('is not replayed by hand: it goes on by itself', async () => {
    const { scheduleId } = await throttledPublish();
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: false, reason: 'still-running' });
  });
});

describe('a publish that could not reach the platform', () => {
  it('waits on a timer, and goes out at once when it is given another time', async () => {
    const shop = await openShop(stage);
    await stage.sandbox.outage(1_000);
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, handle.scheduleId, 'retry_later');
    const timer = await timerOf(handle.scheduleId);
    expect(timer.summary).toMatch(/^waiting until the platform may be asked again, until .+ \(publish_failed: /);
    await until('the platform answers again', () => stage.sandbox.live({}));
    await rescheduleSoon(stage, handle.scheduleId);
    expect(await handle.result()).toMatchObject({ state: 'published', attempts: 2 });
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('a publish whose outcome is unknown', () => {
  const by = { decidedBy: 'Olga', evidence: 'I see it on the account' };

  it('waits on a timer for the next look; a person may say that it is live, but not yet that it is not', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    const handle = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, handle.scheduleId, 'outcome_unknown');
    const timer = await timerOf(handle.scheduleId);
    expect(timer.summary).toMatch(/^waiting to ask the platform whether it is live, until .+ \(unknown: /);
    expect(await indexOf(handle.scheduleId, 'outcome_unknown')).toMatchObject({ Cause: 'unknown' });
    expect(await ask(stage, handle.scheduleId, 'requestReplay')).toMatchObject({ reason: 'still-running' });
    const denied = await ask(stage, handle.scheduleId, 'resolve', { verdict: 'not_live', ...by });
    expect(denied).toMatchObject({ accepted: false, reason: 'too_early_to_deny' });
    const platformPostId = (await shop.live())[0]?.id;
    const verdict = await ask(stage, handle.scheduleId, 'resolve', { verdict: 'live', platformPostId, ...by });
    expect(verdict).toMatchObject({ accepted: true });
    expect(await handle.result()).toMatchObject({ state: 'published', platformPostId });
    expect(await indexOf(handle.scheduleId, 'published')).not.toHaveProperty('Cause');
    expect(await shop.creates()).toBe(1);
  });
});

describe('a publish that waits for a person', () => {
  it('has no timer, and stands in the index with its cause until it is over', async () => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    const index = { Platform: 'x', Account: shop.name, Workspace: stage.workspaceId };
    expect(await indexOf(scheduleId, 'failed')).toEqual({ State: 'failed', Cause: 'publish_failed', ...index });
    expect(await timersOf(scheduleId)).toEqual([]);
    await handle.signal('replay');
    await handle.result();
    expect(await indexOf(scheduleId, 'published')).toEqual({ State: 'published', ...index });
    expect(await timersOf(scheduleId)).toEqual([]);
  });

  it('has none either when its approval is missing or a handoff is pending', async () => {
    const shop = await openShop(stage);
    const blocked = await stage.startPublish({ account: shop.name, text: someText(), approvalRequired: true });
    const handoff = await stage.startPublish({ account: shop.name, text: someText(), mode: 'handoff' });
    await untilState(stage, blocked.scheduleId, 'blocked');
    await untilState(stage, handoff.scheduleId, 'handoff_pending');
    expect(await indexOf(blocked.scheduleId, 'blocked')).not.toHaveProperty('Cause');
    expect(await indexOf(handoff.scheduleId, 'handoff_pending')).toMatchObject({ Account: shop.name });
    for (const { scheduleId } of [blocked, handoff])
      expect(await eventsOf(stage, scheduleId)).not.toContain('timerStarted');
  });
});

describe('a publish that waits for its time', () => {
  it('waits on a timer when it was started with the whole post', async () => {
    const shop = await openShop(stage);
    const publishAt = new Date(Date.now() + HOUR).toISOString();
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText(), publishAt });
    await untilState(stage, scheduleId, 'queued');
    const timer = await timerOf(scheduleId);
    await expect
      .poll(() => detailsOf(stage, scheduleId), { timeout: 120_000 })
      .toContain(`**Goes on by itself** at ${publishAt}.`);
    expect(timer.summary).toBe(`waiting for its time or for a worker, until ${publishAt}`);
  });
});
