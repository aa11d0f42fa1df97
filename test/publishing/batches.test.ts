// Batches: the failures of one incident, replayed one after another, each through the gate, each once.
import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askBatch } from '../../src/ledger/batches/batches.ts';
import { workspaces } from '../../src/ledger/schema/accounts.ts';
import { batches, batchItems } from '../../src/ledger/schema/batches.ts';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { runBatch } from '../../src/publishing/batches/run-batch.ts';
import { startOpenBatches } from '../../src/publishing/batches/start-batch.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { newPerson, visitor } from '../pages/person.ts';
import { noticeOf, otherWorkspace, visitor as visitorOf } from '../pages/visitor.ts';
import { minutesAgo, place, placeAccount } from '../recovery/place.ts';

const REFUSED = { kind: 'refuse_before', preset: 'cashtags' } as const;

const BY_OLGA = {
  cause: 'publish_failed',
  pace: { kind: 'at_once' },
  skipOlder: null,
  note: null,
  actor: { type: 'USER', id: 'u-1', label: 'Olga' },
} as const;
const NOBODY_WATCHES = { heartbeat: () => {}, withdrawn: new AbortController().signal };

describe('a batch', () => {
  let stage: Stage;
  let api: TestApi;
  beforeAll(async () => {
    stage = await openStage({
      'limits.replay_per_user_per_minute': 1_000,
      'limits.replay_per_address_per_minute': 1_000,
    });
    await stage.startWorker();
    api = await openApi(stage);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  const rowOf = async (id: string) => {
    const [row] = await stage.context.ledger.db.select().from(schedules).where(eq(schedules.id, id));
    return row;
  };

  /** An account on which `count` publishes were refused for one cause; the platform takes them from now on. */
  async function refused(count: number) {
    const account = await stage.connectSandboxAccount({
      platform: 'x',
      name: `x-${randomUUID().slice(0, 8)}`,
      settings: { quota: 'unlimited' },
    });
    const judge = { platform: 'x', account: account.card.id };
    await stage.sandbox.addFault({ ...judge, call: 'create_post', fault: REFUSED, times: count });
    const ids = Array.from({ length: count }, (_, index) => `${account.name}-${index}`);
    for (const id of ids) {
      await api.ask('POST', '/api/schedules', { json: { id, account: account.name, text: `Post ${id}` } });
    }
    for (const id of ids) await until(`${id} failed`, async () => (await rowOf(id))?.state === 'failed');
    return { account, ids, live: () => stage.sandbox.live(judge) };
  }

  const incidentOf = async (accountName: string) => {
    const incidents = await api.client().incidents();
    return incidents.find(({ account }) => account.name === accountName);
  };
  const ended = async (id: string) => {
    await until(`batch ${id} has ended`, async () => (await api.client().batch(id)).endedAt !== null);
    return api.client().batch(id);
  };

  it('replays every failure of its incident, and the report tells the verdict of each', async () => {
    const { account, ids, live } = await refused(3);
    expect(await incidentOf(account.name)).toMatchObject({
      cause: { code: 'publish_failed' },
      members: 3,
      repair: 'replay_publish',
      replayable: true,
      says: '3 can be replayed together.',
    });
    const asked = await api.client().startBatch({ account: account.name, cause: 'publish_failed', note: 'as agreed' });
    expect(asked).toMatchObject({ members: 3, tooOld: 0 });
    const batch = await ended(asked.id);
    expect(batch).toMatchObject({
      cause: 'publish_failed',
      askedBy: 'nightly',
      note: 'as agreed',
      counts: { accepted: 3, waiting: 0, refused: 0 },
      nextAt: null,
    });
    expect(batch.report.map(({ scheduleId, verdict }) => [scheduleId, verdict])).toEqual(
      ids.map((id) => [id, 'accepted']),
    );
    await until('all are live', async () => (await live()).length === 3);
    expect(await incidentOf(account.name)).toBeUndefined();
  });

  it('asks each member through the gate: one that was published meanwhile is refused, and none goes out twice', async () => {
    const { account, ids, live } = await refused(2);
    const [first = ''] = ids;
    const asked = await api.client().startBatch({
      account: account.name,
      cause: 'publish_failed',
      pace: { kind: 'until', at: new Date(Date.now() + 2_000).toISOString() },
    });
    const second = ids[1] ?? '';
    await api.ask('POST', '/api/jobs/replay', { json: { scheduleId: second } });
    const batch = await ended(asked.id);
    expect(batch.report).toMatchObject([
      { scheduleId: first, verdict: 'accepted' },
      { scheduleId: second, verdict: 'refused', reason: 'attempt_mismatch' },
    ]);
    await until('both are live', async () => (await live()).length === 2);
  });

  it('and single replays of its members at the same moment bring each live once', async () => {
    const { account, ids, live } = await refused(4);
    const { id } = await api.client().startBatch({ account: account.name, cause: 'publish_failed' });
    await Promise.all(ids.map((scheduleId) => api.ask('POST', '/api/jobs/replay', { json: { scheduleId } })));
    await ended(id);
    for (const scheduleId of ids) {
      await until(`${scheduleId} is published`, async () => (await rowOf(scheduleId))?.state === 'published');
      expect(await rowOf(scheduleId)).toMatchObject({ attemptsMade: 2 });
    }
    expect(await live()).toHaveLength(4);
  });

  it('and cancels of its members at the same moment: what was canceled stays so, and the others are live once', async () => {
    const { account, ids, live } = await refused(4);
    const { id } = await api.client().startBatch({ account: account.name, cause: 'publish_failed' });
    const cancel = (scheduleId: string) => api.ask('POST', `/api/schedules/${scheduleId}/cancel`, { json: {} });
    const cancels = await Promise.all(ids.map(cancel));
    await ended(id);
    const wanted = cancels.map(({ status }) => (status === 200 ? 'canceled' : 'published'));
    for (const [index, scheduleId] of ids.entries()) {
      await until(`${scheduleId} is ${wanted[index]}`, async () => (await rowOf(scheduleId))?.state === wanted[index]);
    }
    expect(await live()).toHaveLength(wanted.filter((state) => state === 'published').length);
  });

  it('leaves out what is too old, and keeps to its pace', async () => {
    const { account, ids } = await refused(3);
    const { db } = stage.context.ledger;
    const [oldest = '', next = '', last = ''] = ids;
    await db
      .update(schedules)
      .set({ publishAt: minutesAgo(300) })
      .where(eq(schedules.id, oldest));
    await db
      .update(schedules)
      .set({ publishAt: minutesAgo(20) })
      .where(eq(schedules.id, next));
    const asked = await api.client().startBatch({
      account: account.name,
      cause: 'publish_failed',
      pace: { kind: 'every', minutes: 5 },
      skipOlder: minutesAgo(60).toISOString(),
    });
    expect(asked).toMatchObject({ members: 3, tooOld: 1 });
    await until(
      'the first had its turn',
      async () => ((await api.client().batch(asked.id)).counts.accepted ?? 0) === 1,
    );
    const { report, nextAt } = await api.client().batch(asked.id);
    expect(report.map(({ scheduleId, verdict }) => [scheduleId, verdict])).toEqual([
      [next, 'accepted'],
      [last, null],
      [oldest, 'too_old'],
    ]);
    expect(Date.parse(report[1]?.dueAt ?? '') - Date.parse(report[0]?.dueAt ?? '')).toBe(300_000);
    expect(nextAt).toBe(report[1]?.dueAt);
    await api.client().cancelBatch(asked.id);
    const canceled = await api.client().batch(asked.id);
    expect(canceled.report[1]).toMatchObject({
      verdict: 'canceled',
      says: 'nightly canceled the batch before its turn.',
    });
    expect((await rowOf(last))?.state).toBe('failed');
    expect(await api.ask('POST', `/api/batches/${asked.id}/cancel`)).toMatchObject({
      status: 409,
      body: { error: { code: 'message_refused', reason: 'already_over' } },
    });
  });

  it('replays nobody twice when its worker dies between a replay and its record', async () => {
    const { account, ids, live } = await refused(1);
    const [id = ''] = ids;
    const { workspaceId, context, temporal } = stage;
    // Nobody runs this batch but the test: no workflow was started for it.
    const asked = await askBatch(context.ledger, { ...BY_OLGA, workspaceId, accountId: account.id });
    const batchId = asked.kind === 'asked' ? asked.id : '';
    const pass = () => runBatch(context, temporal, { workspaceId, batchId }, NOBODY_WATCHES);
    const loseRecord = async () => {
      const { db } = context.ledger;
      await db
        .update(batchItems)
        .set({ verdict: null, says: null, answeredAt: null })
        .where(eq(batchItems.batchId, batchId));
      await db.update(batches).set({ endedAt: null }).where(eq(batches.id, batchId));
    };
    await pass();
    await loseRecord();
    await pass();
    expect((await api.client().batch(batchId)).report).toMatchObject([{ verdict: 'accepted' }]);
    await until('the ledger knows that it is live', async () => (await rowOf(id))?.state === 'published');
    await loseRecord();
    expect(await pass()).toBeNull();
    expect((await api.client().batch(batchId)).report).toMatchObject([{ verdict: 'accepted', says: 'It runs again.' }]);
    expect(await rowOf(id)).toMatchObject({ attemptsMade: 2, lastActor: { label: 'Olga' } });
    expect(await live()).toHaveLength(1);
  });

  it('goes on with the others when one member meets a fault, and says so of that one', async () => {
    const { account, ids, live } = await refused(2);
    const [broken = '', sound = ''] = ids;
    const { workspaceId, context, temporal } = stage;
    // A run under this id finds no schedule of its own.
    const lost = `publish/nobody/${broken}`;
    await context.ledger.db.update(schedules).set({ workflowId: lost }).where(eq(schedules.id, broken));
    const asked = await askBatch(context.ledger, { ...BY_OLGA, workspaceId, accountId: account.id });
    const batchId = asked.kind === 'asked' ? asked.id : '';
    const pass = () => runBatch(context, temporal, { workspaceId, batchId }, NOBODY_WATCHES);
    const nowDue = { dueAt: minutesAgo(1) };
    await pass();
    await until('the sound one is live', async () => (await live()).length === 1);
    for (let again = 0; again < 2; again += 1) {
      expect((await api.client().batch(batchId)).counts).toMatchObject({ accepted: 1, waiting: 1 });
      await context.ledger.db.update(batchItems).set(nowDue).where(eq(batchItems.batchId, batchId));
      await pass();
    }
    const { report, endedAt } = await api.client().batch(batchId);
    expect(report).toMatchObject([
      { scheduleId: broken, verdict: 'unanswered' },
      { scheduleId: sound, verdict: 'accepted' },
    ]);
    expect(endedAt).not.toBeNull();
  });

  it('is started by the sweep when its workflow could not be started', async () => {
    const { account, ids } = await refused(1);
    const { workspaceId, context, temporal } = stage;
    const asked = await askBatch(context.ledger, { ...BY_OLGA, workspaceId, accountId: account.id });
    const batchId = asked.kind === 'asked' ? asked.id : '';
    await startOpenBatches(context, temporal);
    expect((await api.client().batch(batchId)).counts).toMatchObject({ waiting: 1 });
    await context.ledger.db
      .update(batches)
      .set({ askedAt: minutesAgo(2) })
      .where(eq(batches.id, batchId));
    await startOpenBatches(context, temporal);
    // What failed after it was asked for, its asker has not seen: the run says so.
    expect((await ended(batchId)).report).toMatchObject([
      { scheduleId: ids[0], verdict: 'refused', reason: 'attempt_mismatch' },
    ]);
  });

  it('that is asked for twice is one: the second is led to the first, and nothing is stored for it', async () => {
    const { account } = await refused(2);
    const wanted = { ...BY_OLGA, workspaceId: stage.workspaceId, accountId: account.id };
    const asked = await Promise.all([0, 1, 2].map(() => askBatch(stage.context.ledger, wanted)));
    const [first] = asked.filter(({ kind }) => kind === 'asked');
    const id = first?.kind === 'asked' ? first.id : '';
    expect(asked.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual([
      { kind: 'asked', id, members: 2, tooOld: 0 },
      { kind: 'under_way', id },
      { kind: 'under_way', id },
    ]);
    const olga = visitor(api.url, await newPerson(stage, 'operator'));
    expect(await olga.post(`/incidents/${account.id}/publish_failed/replay`, { pace: 'at_once' })).toMatchObject({
      status: 303,
      location: `/batches/${id}`,
    });
    const again = await api.ask('POST', '/api/batches', { json: { account: account.id, cause: 'publish_failed' } });
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'batch_under_way' } } });
    expect(await stage.context.ledger.db.select().from(batches).where(eq(batches.accountId, account.id))).toHaveLength(
      1,
    );
    await api.ask('POST', `/api/batches/${id}/cancel`, { json: {} });
    expect(await askBatch(stage.context.ledger, wanted)).toMatchObject({ kind: 'asked', members: 2 });
  });

  it('whose start takes long is told as stored and not begun, and begins by itself, without the sweep', async () => {
    const { account, ids, live } = await refused(1);
    const slow = slowToStart(stage.temporal);
    const slowApi = await openApi(stage, { client: slow.client });
    const olga = visitorOf(slowApi.url, (await newPerson(stage, 'operator')).sessionId);
    const asked = await olga.post(`/incidents/${account.id}/publish_failed/replay`, { pace: 'at_once' });
    expect(asked.status).toBe(303);
    expect(noticeOf(olga)).toContain('It is stored and has not begun yet, since Temporal is slow to answer.');
    expect((await olga.get(asked.location ?? '')).text).toContain('0 of 1 had their turn');
    slow.letGo();
    expect((await ended(asked.location?.split('/').at(-1) ?? '')).report).toMatchObject([
      { scheduleId: ids[0], verdict: 'accepted' },
    ]);
    await until('it is live', async () => (await live()).length === 1);
    await slowApi.close();
  });

  it('is listed while it is under way and then among those that have ended, page by page, each once', async () => {
    const workspaceId = await otherWorkspace(stage, 'lists');
    const theirs = api.client(await api.newKey(['replay', 'schedules:read'], workspaceId));
    const { ledger } = stage.context;
    const inAnHour = new Date(Date.now() + 3_600_000);
    const askedFor = async (name: string, askedAt: Date) => {
      const accountId = await placeAccount(stage, { name, workspaceId });
      await place(stage, { state: 'failed', cause: 'publish_failed', accountId }, workspaceId);
      const asked = await askBatch(ledger, { ...BY_OLGA, workspaceId, accountId });
      if (asked.kind !== 'asked') expect.fail(`it was ${asked.kind}`);
      await ledger.db.update(batches).set({ askedAt }).where(eq(batches.id, asked.id));
      // Also the sweep that starts its workflow leaves it under way.
      await ledger.db.update(batchItems).set({ dueAt: inAnHour }).where(eq(batchItems.batchId, asked.id));
      return asked.id;
    };
    const first = await askedFor('first', minutesAgo(9));
    const sameInstant = minutesAgo(5);
    const twins = [await askedFor('second', sameInstant), await askedFor('third', sameInstant)].sort().reverse();
    const { batches: listed, nextCursor } = await theirs.batches();
    expect(listed.map(({ id }) => id)).toEqual([...twins, first]);
    expect(nextCursor).toBeNull();
    expect(listed[2]).toEqual({
      id: first,
      account: { id: expect.any(String), name: 'first' },
      cause: 'publish_failed',
      pace: { kind: 'at_once' },
      skipOlder: null,
      note: null,
      askedBy: 'Olga',
      askedAt: expect.any(String),
      canceledAt: null,
      endedAt: null,
      members: 1,
    });
    const paged: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = await theirs.batches({ limit: 1, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.batches.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(paged).toEqual([...twins, first]);
    await theirs.cancelBatch(first);
    expect((await theirs.batches()).batches.map(({ id }) => id)).toEqual(twins);
    expect(await theirs.batches({ state: 'ended' })).toMatchObject({
      batches: [{ id: first, canceledAt: expect.any(String), endedAt: expect.any(String) }],
      nextCursor: null,
    });
    const ours = [
      ...(await api.client().batches()).batches,
      ...(await api.client().batches({ state: 'ended' })).batches,
    ];
    expect(ours.filter(({ id }) => [first, ...twins].includes(id))).toEqual([]);
    await expect(theirs.batches({ cursor: 'nonsense' })).rejects.toMatchObject({ status: 422 });
  });

  it('is refused for an account of another workspace, and unknown to it', async () => {
    const { account } = await refused(2);
    const others = randomUUID();
    const { db } = stage.context.ledger;
    await db.insert(workspaces).values({ id: others, name: 'elsewhere', createdAt: new Date() });
    const key = await api.newKey(['replay', 'schedules:read'], others);
    const theirs = api.client(key);
    await expect(theirs.startBatch({ account: account.id, cause: 'publish_failed' })).rejects.toMatchObject({
      status: 422,
    });
    const asked = await api
      .client()
      .startBatch({ account: account.id, cause: 'publish_failed', pace: { kind: 'every', minutes: 60 } });
    await expect(theirs.batch(asked.id)).rejects.toMatchObject({ status: 404 });
    await expect(theirs.cancelBatch(asked.id)).rejects.toMatchObject({ status: 404 });
    expect(await theirs.incidents()).toEqual([]);
  });
});

/** A Temporal that takes a start only once it is let go. */
function slowToStart(temporal: Client) {
  const gate = Promise.withResolvers<void>();
  const workflow = new Proxy(temporal.workflow, {
    get(target, name) {
      if (name !== 'start') return Reflect.get(target, name);
      return async (...args: Parameters<Client['workflow']['start']>) => {
        await gate.promise;
        return target.start(...args);
      };
    },
  });
  const client = new Proxy(temporal, {
    get: (target, name) => (name === 'workflow' ? workflow : Reflect.get(target, name)),
  });
  return { client, letGo: () => gate.resolve() };
}
