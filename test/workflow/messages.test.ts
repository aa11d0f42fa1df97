// Every message of a publish on real servers: what it does when it is accepted, and what refuses it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { refuseRows } from './ledger-faults.ts';
import { startWithSignal } from './operator.ts';
import {
  ask,
  attemptsOf,
  auditOf,
  detailsOf,
  eventsOf,
  failedPublish,
  HORIZON_MS,
  intentsOf,
  messagesOf,
  openShop,
  postsOf,
  scheduleOf,
  someText,
  unconfirmedPublish,
  untilDeniable,
  untilMessages,
  untilState,
} from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
});
afterAll(() => stage.close());

const HOUR = 3_600_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const resultOf = (scheduleId: string): Promise<PublishResult> =>
  stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result();

/** A publish that waits for its time. */
async function scheduledPublish(post: Readonly<Record<string, unknown>> = {}) {
  const shop = await openShop(stage);
  const handle = await stage.startPublish({ account: shop.name, text: someText(), publishAt: inMs(HOUR), ...post });
  await untilState(stage, handle.scheduleId, 'queued');
  return { shop, handle, scheduleId: handle.scheduleId };
}

describe('replay', () => {
  it('runs a failed publish again, and the record says who asked and why', async () => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    await expect.poll(() => detailsOf(stage, scheduleId), { timeout: 120_000 }).toContain('**You may send:** `replay`');
    await handle.signal('replay', { requestedBy: 'Olga', note: 'the link is repaired', expectedAttempt: 1 });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published', attempts: 2, cause: null });
    expect(await shop.live()).toHaveLength(1);
    expect((await attemptsOf(stage, scheduleId)).map(({ outcome }) => outcome)).toEqual(['refused', 'published']);
    expect((await intentsOf(stage, scheduleId)).map(({ state }) => state)).toEqual(['refused', 'live']);
    expect(await messagesOf(stage, scheduleId)).toMatchObject([
      { name: 'replay', body: { requestedBy: 'Olga', note: 'the link is repaired' }, verdict: { accepted: true } },
    ]);
    expect(await auditOf(stage, scheduleId)).toEqual([
      'schedule.created',
      'publish.attempt_started',
      'publish.intent_sent',
      'publish.refused',
      'publish.replayed',
      'publish.attempt_started',
      'publish.intent_sent',
      'publish.published',
    ]);
    expect((await scheduleOf(stage, scheduleId))?.lastActor).toEqual({
      type: 'SELF_DECLARED',
      id: 'Olga',
      label: 'Olga',
    });
  });

  it('needs no words at all', async () => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    await handle.signal('replay');
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });

  it('answers as an update with the verdict', async () => {
    const { shop, scheduleId } = await failedPublish(stage);
    const accepted = { accepted: true, message: 'requestReplay', reason: null, effect: 'publish' };
    expect(await ask(stage, scheduleId, 'requestReplay', { requestedBy: 'Olga' })).toMatchObject(accepted);
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });

  it('is refused when another attempt was made since its sender looked', async () => {
    const { shop, scheduleId } = await failedPublish(stage);
    const refused = { accepted: false, reason: 'attempt_mismatch' };
    expect(await ask(stage, scheduleId, 'requestReplay', { expectedAttempt: 0 })).toMatchObject(refused);
    expect(await shop.creates()).toBe(1);
  });

  it('is refused while the account is not connected, and accepted once it is', async () => {
    const shop = await openShop(stage);
    await shop.revoke();
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText() });
    await untilState(stage, scheduleId, 'failed');
    expect((await scheduleOf(stage, scheduleId))?.cause?.code).toBe('reconnect_required');
    const refused = { accepted: false, reason: 'not-connected', reasons: ['not-connected'] };
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject(refused);
    await expect
      .poll(() => detailsOf(stage, scheduleId), { timeout: 120_000 })
      .toContain('`requestReplay` refused, `not-connected`: The account is not connected');
    await shop.reconnect();
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });

  it('is refused while the publish waits for its time', async () => {
    const { scheduleId } = await scheduledPublish();
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: false, reason: 'still-running' });
  });

  it('reconciles an unconfirmed publish before anything else, and finds it live', async () => {
    const { shop, handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    await stage.sandbox.clearFaults();
    await handle.signal('replay');
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
    expect((await postsOf(stage, scheduleId))[0]).toMatchObject({
      evidence: 'reconciled',
      platformPostId: (await shop.live())[0]?.id,
    });
  });
});

describe('a message while the database is away', () => {
  it('is answered when it is back, and long waits for it are timers of the server', async () => {
    const { handle, scheduleId } = await failedPublish(stage);
    const mend = await refuseRows(stage, 'messages', scheduleId, 'outage');
    await handle.signal('replay');
    await until(
      'it waits on a timer',
      async () => (await eventsOf(stage, scheduleId)).at(-1) === 'timerStarted',
      60_000,
    );
    await mend();
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect((await messagesOf(stage, scheduleId)).map(({ verdict }) => verdict.accepted)).toEqual([true]);
  });
});

describe('a message that meets a fault of ours', () => {
  it('says so, changes nothing, and the run goes on to answer the next', async () => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    const mend = await refuseRows(stage, 'messages', scheduleId, 'fault');
    await handle.signal('replay');
    await handle.signal('cancel');
    const verdict = await ask(stage, scheduleId, 'requestReplay');
    expect(verdict).toMatchObject({ accepted: false, reason: null });
    expect(verdict.text).toMatch(/fault of its own.+nothing was changed.+send it again/);
    await mend();
    expect(await detailsOf(stage, scheduleId)).toContain('`cancel` refused, `unanswered`: Oncepost met a fault');
    expect(await shop.creates()).toBe(1);
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
  });
});

describe('resolve', () => {
  const by = { decidedBy: 'Olga', evidence: 'I looked at the account' };

  it('live: records the post a person found, without another call', async () => {
    const { shop, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_hang' });
    const [post] = await shop.live();
    const url = `https://x.com/i/web/status/${post?.id}`;
    const verdict = await ask(stage, scheduleId, 'resolve', { verdict: 'live', platformPostId: post?.id, url, ...by });
    expect(verdict).toMatchObject({ accepted: true, effect: 'end' });
    expect(await resultOf(scheduleId)).toMatchObject({
      state: 'published',
      platformPostId: post?.id,
      url,
      cause: null,
    });
    expect(await postsOf(stage, scheduleId)).toMatchObject([{ evidence: 'resolved_by_person' }]);
    expect(await shop.creates()).toBe(1);
  });

  it('not_live: makes it a failure that a replay may run again, once', async () => {
    const { shop, handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'reset_before' });
    await untilDeniable(stage, scheduleId);
    expect(await ask(stage, scheduleId, 'resolve', { verdict: 'not_live', ...by })).toMatchObject({ accepted: true });
    await untilState(stage, scheduleId, 'failed');
    expect((await intentsOf(stage, scheduleId)).map(({ state }) => state)).toEqual(['denied']);
    await handle.signal('replay');
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
    expect(await auditOf(stage, scheduleId)).toContain('publish.resolved_not_live');
  });

  it('not_live: is refused while the call may still leave', async () => {
    const { scheduleId } = await unconfirmedPublish(stage, { kind: 'reset_before' });
    // However slow this machine is: by the ledger's clock no time has passed since the call.
    shiftClock(stage.folder, -HOUR);
    const verdict = await ask(stage, scheduleId, 'resolve', { verdict: 'not_live', ...by });
    shiftClock(stage.folder, 0);
    const [intent] = await intentsOf(stage, scheduleId);
    const until = new Date((intent?.sendDeadline.getTime() ?? 0) + HORIZON_MS).toISOString();
    expect(verdict).toMatchObject({ accepted: false, reason: 'too_early_to_deny', until });
    expect(verdict.text).toContain(`Send it again after ${until}.`);
  });

  it('is refused where nothing is unconfirmed', async () => {
    const { scheduleId } = await failedPublish(stage);
    const refused = { accepted: false, reason: 'not_unconfirmed' };
    expect(await ask(stage, scheduleId, 'resolve', { verdict: 'not_live', ...by })).toMatchObject(refused);
    expect(await ask(stage, scheduleId, 'resolve', { verdict: 'live', platformPostId: '1', ...by })).toMatchObject(
      refused,
    );
    expect(await postsOf(stage, scheduleId)).toEqual([]);
  });

  it("is refused with another schedule's post", async () => {
    const { shop, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    const other = await stage.startPublish({ account: shop.name, text: someText() });
    const { platformPostId }: PublishResult = await other.result();
    const verdict = await ask(stage, scheduleId, 'resolve', { verdict: 'live', platformPostId, ...by });
    expect(verdict).toMatchObject({ accepted: false, reason: 'post_claimed' });
    expect((await scheduleOf(stage, scheduleId))?.state).toBe('unconfirmed');
  });
});

describe('cancel', () => {
  it('ends a publish that waits for its time, and nothing is sent', async () => {
    const { shop, handle, scheduleId } = await scheduledPublish();
    await handle.signal('cancel', { requestedBy: 'Olga', note: 'not today' });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'canceled', platformPostId: null });
    expect(await shop.creates()).toBe(0);
  });

  it("ends it as Temporal's own cancel too", async () => {
    const { handle, scheduleId } = await scheduledPublish();
    await handle.cancel();
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'canceled' });
    expect(await messagesOf(stage, scheduleId)).toMatchObject([
      { name: 'cancel', body: { note: 'canceled in Temporal' } },
    ]);
  });

  it('ends a failed publish for good: no replay comes after it', async () => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    await handle.signal('cancel');
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'canceled', attempts: 1 });
    await startWithSignal(stage, scheduleId, 'replay');
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'canceled' });
    expect((await messagesOf(stage, scheduleId)).at(-1)?.verdict).toMatchObject({ reason: 'canceled-not-replayable' });
    expect(await shop.creates()).toBe(1);
  });

  it('is refused while the post may be live, in Temporal as by signal, and the run goes on', async () => {
    const { shop, handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    await handle.signal('cancel');
    await handle.cancel();
    await untilMessages(stage, scheduleId, 2);
    expect(await messagesOf(stage, scheduleId)).toMatchObject([
      { name: 'cancel', verdict: { accepted: false, reason: 'call_may_have_left' } },
      { name: 'cancel', verdict: { accepted: false, reason: 'call_may_have_left' } },
    ]);
    expect((await handle.describe()).status.name).toBe('RUNNING');
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('reschedule', () => {
  it('publishes at the new time', async () => {
    const { shop, handle, scheduleId } = await scheduledPublish();
    const publishAt = inMs(3_000);
    await handle.signal('reschedule', { publishAt, requestedBy: 'Olga' });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect((await attemptsOf(stage, scheduleId))[0]?.startedAt.getTime()).toBeGreaterThanOrEqual(Date.parse(publishAt));
    expect(await shop.live()).toHaveLength(1);
  });

  it('gives a failed publish another time', async () => {
    const { shop, handle, scheduleId } = await failedPublish(stage);
    await handle.signal('reschedule', { publishAt: inMs(3_000) });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published', attempts: 2 });
    expect(await shop.live()).toHaveLength(1);
  });

  it.each([
    ['the past', '2020-01-01T00:00:00Z', 'publish_at_in_past'],
    ['three years ahead', inMs(3 * 365 * 24 * HOUR), 'publish_at_too_far'],
    ['the end of all calendars', '9999-12-31T23:59:59Z', 'publish_at_too_far'],
  ])('is refused for %s', async (_, publishAt, reason) => {
    const { handle, scheduleId } = await scheduledPublish();
    await handle.signal('reschedule', { publishAt });
    await untilMessages(stage, scheduleId, 1);
    expect(await messagesOf(stage, scheduleId)).toMatchObject([{ verdict: { accepted: false, reason } }]);
    expect((await scheduleOf(stage, scheduleId))?.state).toBe('queued');
  });

  it('is refused while the post may be live', async () => {
    const { handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    await handle.signal('reschedule', { publishAt: inMs(HOUR) });
    await untilMessages(stage, scheduleId, 1);
    expect(await messagesOf(stage, scheduleId)).toMatchObject([{ verdict: { reason: 'call_may_have_left' } }]);
  });
});

describe('handoff', () => {
  it('gives the post to a person, who records where it went live', async () => {
    const { shop, handle, scheduleId } = await scheduledPublish();
    await handle.signal('handoff', { owner: 'Hana', reason: 'needs a sticker', requestedBy: 'Olga' });
    await untilState(stage, scheduleId, 'handoff_pending');
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ reason: 'handoff-not-replayable' });
    const url = 'https://x.com/hana/status/1';
    expect(await ask(stage, scheduleId, 'completeHandoff', { completedBy: 'Hana', url })).toMatchObject({
      accepted: true,
    });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'handoff_completed' });
    expect((await scheduleOf(stage, scheduleId))?.handoff).toMatchObject({
      owner: { label: 'Hana' },
      reason: 'operator_decision',
      note: 'needs a sticker',
      completion: { completedBy: 'Hana', url },
    });
    expect(await shop.creates()).toBe(0);
  });

  it('is refused while the post may be live', async () => {
    const { handle, scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
    await handle.signal('handoff', { owner: 'Hana' });
    await untilMessages(stage, scheduleId, 1);
    expect(await messagesOf(stage, scheduleId)).toMatchObject([{ verdict: { reason: 'call_may_have_left' } }]);
  });

  it('is not completed where nothing was handed over', async () => {
    const { scheduleId } = await failedPublish(stage);
    const refused = { accepted: false, reason: 'not_in_handoff' };
    expect(await ask(stage, scheduleId, 'completeHandoff', { completedBy: 'Hana' })).toMatchObject(refused);
  });
});
