// What nobody drives any more is found: never started, or ended in Temporal behind our back (law 8).

import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/domain/people/actor.ts';
import type { SweepReport } from '../../src/domain/temporal/sweep-report.ts';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import {
  drivenSchedules,
  type LateSchedule,
  lateSchedules,
  markWorkflowLost,
} from '../../src/ledger/schedules/lost.ts';
import { readResult } from '../../src/ledger/schedules/result.ts';
import { insertSchedule } from '../../src/ledger/schedules/schedules.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { takeIn } from '../../src/publishing/intake/intake.ts';
import { sweepOnce } from '../../src/publishing/workflows/sweep.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { startAgain } from '../workflow/operator.ts';
import { ask, openShop } from '../workflow/shop.ts';
import { say, UNDISTURBED } from './passes.ts';

const refuseToList = () => {
  throw new TypeError('the visibility store is down');
};

describe('the sweep', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.startWorker();
    await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
  });
  // Each test begins at the present, and what it took in is late once it moves on.
  afterEach(() => shiftClock(stage.folder, 0));
  afterAll(() => stage.close());

  const sweep = () =>
    stage.temporal.workflow.execute<() => Promise<SweepReport>>('sweep', {
      workflowId: `sweep-${stage.taskQueue}-${Math.random()}`,
      taskQueue: stage.taskQueue,
    });

  /** Sweeps until the ledger says so: Temporal's lists lag. */
  const untilSwept = (scheduleId: string, state: string) =>
    until(`${scheduleId} is ${state}`, async () => {
      await sweep();
      return (await readResult(stage.context.ledger, stage.keyOf(scheduleId))).state === state;
    });

  const taken = (text: string, more: { readonly id?: string } = {}) => {
    const { ledger, platforms, media, store } = stage.context;
    const intake = { ledger, platforms, media, store, workspaceId: stage.workspaceId, actor: SYSTEM_ACTOR };
    return takeIn(intake, { account: 'sandbox-x', text, ...more });
  };

  it('asks the platform about a publish that was terminated while its call was under way, and finds it live', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_hang' });
    const handle = await stage.startPublish({ account: shop.name, text: 'Nobody heard the answer' });
    await until('it is live', async () => (await shop.live()).length === 1);
    await handle.terminate('by mistake');
    await untilSwept(handle.scheduleId, 'published');
    const [post] = await shop.live();
    const item = await readResult(stage.context.ledger, stage.keyOf(handle.scheduleId));
    expect(item).toMatchObject({ platformPostId: post?.id });
    expect(await shop.creates()).toBe(1);
  });

  it('never creates for a publish that was terminated: what proves absent is left to a person', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'reset_before' });
    const handle = await stage.startPublish({ account: shop.name, text: 'Nobody took it' });
    await until(
      'its outcome is open',
      async () => (await stage.status(handle.scheduleId))?.state === 'outcome_unknown',
    );
    await handle.terminate('by mistake');
    shiftClock(stage.folder, 600_000);
    await untilSwept(handle.scheduleId, 'outcome_unknown');
    shiftClock(stage.folder, 1_200_000);
    await untilSwept(handle.scheduleId, 'failed');
    const item = await readResult(stage.context.ledger, stage.keyOf(handle.scheduleId));
    expect(item.cause?.text).toMatch(
      /^Its workflow ended as terminated in Temporal; what it may have sent never appeared/,
    );
    expect(await shop.creates()).toBe(1);
  });

  it('starts what was never started, though Temporal lists nothing', async () => {
    const { scheduleId } = await taken('Not listed');
    shiftClock(stage.folder, 5_000);
    const workflow = new Proxy(stage.temporal.workflow, {
      get: (target, name) => (name === 'list' ? refuseToList : Reflect.get(target, name)),
    });
    const client = new Proxy(stage.temporal, {
      get: (target, name) => (name === 'workflow' ? workflow : Reflect.get(target, name)),
    });
    expect(await sweepOnce(stage.context, client, UNDISTURBED)).toMatchObject({ started: 1 });
    await until(
      'it is live',
      async () => (await readResult(stage.context.ledger, stage.keyOf(scheduleId))).state === 'published',
    );
  });

  it('starts a schedule whose workflow was never started', async () => {
    const { scheduleId } = await taken('Left behind');
    shiftClock(stage.folder, 5_000);
    expect(await sweep()).toMatchObject({ started: 1, lost: 0 });
    await until(
      'it is live',
      async () => (await readResult(stage.context.ledger, stage.keyOf(scheduleId))).state === 'published',
    );
    const live = await stage.sandbox.live({ platform: 'x' });
    expect(live.filter(({ text }) => text === 'Left behind')).toHaveLength(1);
  });

  it('starts one whose id was used before, by a run that was refused at its start', async () => {
    const id = crypto.randomUUID();
    const refused = await stage.temporal.workflow.start('publish', {
      workflowId: workflowIdOf(id),
      taskQueue: stage.taskQueue,
      args: [{ schedule: { account: 'sandbox-x' } }],
    });
    await expect(refused.result()).rejects.toMatchObject({ cause: { type: 'IntakeRefused' } });
    await taken('The second try', { id });
    shiftClock(stage.folder, 5_000);
    expect(await sweep()).toMatchObject({ started: 1, lost: 0 });
    await until(
      'it is live',
      async () => (await readResult(stage.context.ledger, stage.keyOf(id))).state === 'published',
    );
  });

  it('makes an item of a publish that was terminated, and the next replay publishes it once', async () => {
    const { card } = await stage.connectSandboxAccount({ platform: 'x', name: 'terminated-x' });
    await stage.sandbox.addFault({
      platform: 'x',
      account: card.id,
      call: 'create_post',
      fault: { kind: 'rate_limited', form: 'epoch', resetInMs: 3_600_000 },
    });
    const handle = await stage.startPublish({ account: 'terminated-x', text: 'Stopped by hand' });
    await until('it waits', async () => (await stage.status(handle.scheduleId))?.state === 'retry_later');
    await handle.terminate('by mistake');
    shiftClock(stage.folder, 3_700_000);
    expect(await sweep()).toMatchObject({ started: 0, lost: 1 });
    const item = await readResult(stage.context.ledger, stage.keyOf(handle.scheduleId));
    expect(item).toMatchObject({ state: 'failed', cause: { code: 'unknown' } });
    expect(item.cause?.text).toContain('ended as terminated');
    await stage.temporal.workflow.start('publish', {
      workflowId: workflowIdOf(handle.scheduleId),
      taskQueue: stage.taskQueue,
      args: [{ scheduleId: handle.scheduleId }],
    });
    await until(
      'it is live',
      async () => (await readResult(stage.context.ledger, stage.keyOf(handle.scheduleId))).state === 'published',
    );
    expect(await stage.sandbox.live({ platform: 'x', account: card.id })).toHaveLength(1);
  });

  it('makes an item of a publish that was terminated long before its time, which a replay keeps', async () => {
    const shop = await openShop(stage);
    const publishAt = new Date(stage.context.ledger.clock.now().getTime() + 3_600_000).toISOString();
    const handle = await stage.startPublish({ account: shop.name, text: 'For later', publishAt });
    await until('it waits', async () => (await stage.status(handle.scheduleId))?.wakeAt === publishAt);
    await handle.terminate('by mistake');
    await untilSwept(handle.scheduleId, 'failed');
    await startAgain(stage, handle.scheduleId);
    await until('it waits for a replay', async () => (await stage.status(handle.scheduleId))?.state === 'failed');
    expect(await ask(stage, handle.scheduleId, 'requestReplay')).toMatchObject({ accepted: true, until: publishAt });
    await until('it waits again', async () => (await stage.status(handle.scheduleId))?.wakeAt === publishAt);
    expect(await shop.creates()).toBe(0);
  });

  it('is not kept from the others by a schedule whose workflow cannot be started', async () => {
    const { ledger } = stage.context;
    const shop = await openShop(stage);
    const good = await taken('One of many');
    const [model] = await ledger.db.select().from(schedules).where(eq(schedules.id, good.scheduleId));
    if (!model) throw new TypeError('the schedule is not there');
    // Temporal takes no workflow id as long as this one's; by its id it comes first.
    const workflowId = workflowIdOf(`0${'x'.repeat(1_200)}`);
    const changes = { id: 'too-long-for-temporal', workflowId, accountId: shop.id, creator: SYSTEM_ACTOR };
    const bad = { ...model, takenInAs: model.fingerprint, ...changes };
    await insertSchedule(ledger, bad);
    shiftClock(stage.folder, 5_000);
    expect(await sweep()).toMatchObject({ started: 1, failed: 1 });
    await until(
      'it is live',
      async () => (await readResult(ledger, stage.keyOf(good.scheduleId))).state === 'published',
    );
  });

  it('looks at every late schedule, a page at a time', async () => {
    const { ledger } = stage.context;
    const ids = (await Promise.all(['a', 'b', 'c', 'd', 'e'].map((text) => taken(text)))).map((one) => one.scheduleId);
    shiftClock(stage.folder, 5_000);
    const seen: string[] = [];
    for (let after: string | undefined = ''; after !== undefined; ) {
      const page: LateSchedule[] = await lateSchedules(ledger, 1_000, { after, limit: 2 });
      seen.push(...page.map(({ scheduleId }) => scheduleId));
      after = page.length < 2 ? undefined : page.at(-1)?.workflowId;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(ids));
  });

  it('warns of a replay where the run came to its end and the ledger does not know how', async () => {
    const { scheduleId } = await taken('Restored from an older backup');
    const workflowId = workflowIdOf(scheduleId);
    await stage.temporal.workflow.execute('sweep', { workflowId, taskQueue: stage.taskQueue });
    shiftClock(stage.folder, 5_000);
    await untilSwept(scheduleId, 'failed');
    const { cause } = await readResult(stage.context.ledger, stage.keyOf(scheduleId));
    expect(cause?.text).toMatch(/^Its workflow ended as completed in Temporal and the ledger does not know how/);
    expect(cause?.text).toContain('look at the account before you replay it');
  });

  it('leaves alone who waits for its account, however late it is', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_hang' });
    await stage.startPublish({ account: shop.name, text: 'It holds the account' });
    await until('it holds the account', async () => (await shop.live()).length === 1);
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: 'It waits for the account' });
    await until('it waits', async () => (await stage.status(scheduleId))?.waitsForAccount === true);
    shiftClock(stage.folder, 5_000);
    expect(await sweep()).toMatchObject({ started: 0, lost: 0 });
    const { events } = await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).fetchHistory();
    const told = (events ?? []).map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(told).not.toContain('lookAgain');
  });

  it('calls nobody lost who has moved since', async () => {
    const { ledger } = stage.context;
    const { scheduleId } = await taken('Moving');
    const [late] = await drivenSchedules(ledger, [workflowIdOf(scheduleId)]);
    if (!late) throw new TypeError('the schedule is not there');
    shiftClock(stage.folder, 5_000);
    await say(stage, scheduleId, 'reschedule', { publishAt: new Date(Date.now() + 7_200_000).toISOString() });
    expect(await markWorkflowLost(ledger, late, { how: 'ended as terminated', completed: false })).toBe(false);
    expect(await readResult(ledger, stage.keyOf(scheduleId))).toMatchObject({ state: 'queued', cause: null });
  });

  it('records what it found in an audit chain that stays whole', async () => {
    const { db } = stage.context.ledger;
    const rows = await db.execute(sql`select type from audit_events where type = 'publish.workflow_lost'`);
    expect(rows).toHaveLength(3);
    expect(await firstAuditBreak(db, stage.workspaceId)).toBeNull();
  });
});
