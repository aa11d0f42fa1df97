// POST /api/jobs/replay: a failed publish runs again, once for many who ask, and never when it might break a law.

import { randomUUID } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { messages, schedules } from '../../src/ledger/schema/schedules.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { refuseRows } from '../workflow/ledger-faults.ts';
import { clientOfNobody, openApi, type TestApi } from './open-api.ts';

const REFUSED = { kind: 'refuse_before', preset: 'cashtags' } as const;

describe('a replay', () => {
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

  const replay = (
    scheduleId: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) => api.ask('POST', '/api/jobs/replay', { json: { scheduleId, ...more }, headers });

  async function stateOf(id: string) {
    const [row] = await stage.context.ledger.db.select().from(schedules).where(eq(schedules.id, id));
    return row;
  }
  const reaches = (id: string, state: string, attempts: number) =>
    until(`${id} is ${state} after ${attempts} attempts`, async () => {
      const row = await stateOf(id);
      return row?.state === state && row.attemptsMade === attempts;
    });

  /** A publish the platform refused, on an account of its own. `times`: how many creates are refused, null for every one. */
  async function failed(times: number | null = 1) {
    const account = await stage.connectSandboxAccount({
      platform: 'x',
      name: `x-${randomUUID().slice(0, 8)}`,
      settings: { quota: 'unlimited' },
    });
    const judge = { platform: 'x', account: account.card.id };
    await stage.sandbox.addFault({ ...judge, call: 'create_post', fault: REFUSED, times });
    const id = `s-${randomUUID().slice(0, 8)}`;
    await api.ask('POST', '/api/schedules', { json: { id, account: account.name, text: `Post ${id}` } });
    await reaches(id, 'failed', 1);
    return {
      id,
      account,
      live: () => stage.sandbox.live(judge),
      creates: async () => (await stage.sandbox.calls({ ...judge, call: 'create_post' })).length,
    };
  }

  it('of a refused publish is accepted and brings it live, once, and the record says who asked', async () => {
    const post = await failed();
    const record = await api.ask('GET', `/api/schedules/${post.id}`);
    expect(record.body).toMatchObject({
      item: { state: 'failed', replayOffered: true, nextAction: { code: 'replay_publish', kind: 'mutation' } },
    });
    const answer = await replay(post.id, { note: 'after the outage' });
    expect(answer).toMatchObject({
      status: 200,
      body: { accepted: true, scheduleId: post.id, workflowId: workflowIdOf(post.id) },
    });
    await reaches(post.id, 'published', 2);
    expect(await post.live()).toHaveLength(1);
    const { db } = stage.context.ledger;
    const [asked] = await db
      .select()
      .from(auditEvents)
      .where(sql`schedule_id = ${post.id} and type = 'replay.requested'`);
    expect(asked).toMatchObject({
      actor: { type: 'API_KEY', label: 'nightly' },
      payload: { note: 'after the outage', refusedFor: null },
    });
    const [message] = await db.select().from(messages).where(eq(messages.scheduleId, post.id));
    expect(message).toMatchObject({
      name: 'requestReplay',
      body: { requestedBy: 'api key nightly', expectedAttempt: 1 },
    });
  });

  it('asked for fifty times at once makes one attempt, also when that fails again at once', async () => {
    for (const [times, state, live] of [
      [1, 'published', 1],
      [null, 'failed', 0],
    ] as const) {
      const post = await failed(times);
      const answers = await Promise.all(Array.from({ length: 50 }, () => replay(post.id)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
      await reaches(post.id, state, 2);
      expect(await post.creates()).toBe(2);
      expect(await post.live()).toHaveLength(live);
    }
  });

  it('and a cancel at the same moment: one of them holds, and the answers say which', async () => {
    for (let round = 0; round < 8; round += 1) {
      const post = await failed();
      const cancel = () => api.ask('POST', `/api/schedules/${post.id}/cancel`, { json: {} });
      const [replayed, canceled] =
        round % 2 === 0
          ? await Promise.all([replay(post.id), cancel()])
          : (await Promise.all([cancel(), replay(post.id)])).toReversed();
      const isCanceled = canceled?.status === 200;
      if (!isCanceled) expect([replayed?.status, canceled?.status]).toEqual([200, 409]);
      await until(
        'it has ended',
        async () => (await stateOf(post.id))?.state === (isCanceled ? 'canceled' : 'published'),
      );
      expect(await post.live()).toHaveLength(isCanceled ? 0 : 1);
    }
  });

  it('is blocked with the reason while it could do harm, and nothing changes', async () => {
    const posted = await failed();
    await replay(posted.id);
    await reaches(posted.id, 'published', 2);
    const canceled = await failed();
    await stage.temporal.workflow.getHandle(workflowIdOf(canceled.id)).signal('cancel', {});
    await reaches(canceled.id, 'canceled', 1);
    const dead = await failed();
    await stage.context.ledger.db
      .update(connectedAccounts)
      .set({ status: 'disconnected' })
      .where(eq(connectedAccounts.id, dead.account.id));
    const { db } = stage.context.ledger;
    const change = (accountId: string, changes: Partial<typeof connectedAccounts.$inferInsert>) =>
      db.update(connectedAccounts).set(changes).where(eq(connectedAccounts.id, accountId));
    const homeless = await failed();
    await change(homeless.account.id, { deletedAt: new Date() });
    const mute = await failed();
    await change(mute.account.id, { mediaCapabilityMissing: true });
    const picture = { url: `${stage.sandboxUrl}/media/sample.jpg`, mediaType: 'image/jpeg', sizeBytes: 1 } as const;
    const content = { text: 'With a picture', media: [picture] };
    await db.update(schedules).set({ content }).where(eq(schedules.id, mute.id));
    const { name } = posted.account;
    await api.ask('POST', '/api/schedules', {
      json: { id: 'unapproved', account: name, text: 'c', approvalRequired: true },
    });
    await until('it is blocked', async () => (await stateOf('unapproved'))?.state === 'blocked');
    await api.ask('POST', '/api/schedules', {
      json: { id: 'next-year', account: name, text: 'a', publishAt: new Date(Date.now() + 3.6e9).toISOString() },
    });
    await api.ask('POST', '/api/schedules', { json: { id: 'by-hand', account: name, text: 'b', mode: 'handoff' } });
    const cases = [
      [posted.id, 'already-posted'],
      [canceled.id, 'canceled-not-replayable'],
      [dead.id, 'not-connected'],
      ['next-year', 'still-running'],
      ['by-hand', 'handoff-not-replayable'],
      [homeless.id, 'target_repair_required'],
      ['unapproved', 'review_not_approved'],
      [mute.id, 'x-media-capability-missing'],
    ] as const;
    for (const [id, reason] of cases) {
      const before = await stateOf(id);
      const answer = await replay(id);
      expect(answer).toMatchObject({
        status: 409,
        body: { error: { code: 'replay_blocked', reason, reasons: [reason] } },
      });
      expect(await stateOf(id)).toEqual(before);
    }
    await expect(api.client().replay({ scheduleId: homeless.id })).rejects.toMatchObject({
      reason: 'target_repair_required',
      targetProblem: 'account_deleted',
    });
  });

  it('is refused when another attempt was made since the caller looked', async () => {
    const post = await failed();
    const answer = await replay(post.id, { expectedAttempt: 0 });
    expect(answer).toMatchObject({
      status: 409,
      body: { error: { code: 'replay_refused', reason: 'attempt_mismatch' } },
    });
    expect((await replay(post.id, { expectedAttempt: 1 })).status).toBe(200);
    await reaches(post.id, 'published', 2);
  });

  it('starts the workflow again when it is gone', async () => {
    const post = await failed();
    await stage.temporal.workflow.getHandle(workflowIdOf(post.id)).terminate('an operator terminated it');
    expect((await replay(post.id)).status).toBe(200);
    await reaches(post.id, 'published', 2);
    expect(await post.live()).toHaveLength(1);
  });

  it("of what is not there, or not this workspace's, is not found", async () => {
    const answer = await replay('never-heard-of');
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } });
  });

  it('that meets a fault of ours changes nothing, and is not said to begin later', async () => {
    const post = await failed();
    const mend = await refuseRows(stage, 'messages', post.id, 'fault');
    const answer = await replay(post.id);
    expect(answer).toMatchObject({ status: 500, body: { error: { code: 'internal_error' } } });
    await mend();
    expect(await stateOf(post.id)).toMatchObject({ state: 'failed', attemptsMade: 1 });
    expect((await replay(post.id, {}, { 'Idempotency-Key': randomUUID() })).status).toBe(409);
    expect(await post.creates()).toBe(1);
  });

  it('changes nothing while Temporal is away', async () => {
    const post = await failed();
    const away = await openApi(stage, { client: clientOfNobody() });
    const before = await api.ask('GET', `/api/schedules/${post.id}`);
    const answer = await away.ask('POST', '/api/jobs/replay', {
      json: { scheduleId: post.id },
      headers: { 'Idempotency-Key': 'away' },
    });
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'temporal_unavailable' } } });
    expect(answer.headers.get('retry-after')).toBe('2');
    expect((await api.ask('GET', `/api/schedules/${post.id}`)).body).toEqual(before.body);
    await away.close();
    // A fault of ours is no answer: the same key may be sent again.
    expect((await replay(post.id, {}, { 'Idempotency-Key': 'away' })).status).toBe(200);
    await reaches(post.id, 'published', 2);
  });

  describe('with an Idempotency-Key', () => {
    it('is answered once, and the first answer is given again', async () => {
      const post = await failed(null);
      const key = { 'Idempotency-Key': randomUUID() };
      const first = await replay(post.id, { note: 'a' }, key);
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      await reaches(post.id, 'failed', 2);
      const again = await replay(post.id, { note: 'a' }, key);
      expect(again).toMatchObject({ status: 200, body: first.body });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect((await stateOf(post.id))?.attemptsMade).toBe(2);
    });

    it('gives a refusal again too, whatever has changed since', async () => {
      const post = await failed(2);
      const key = { 'Idempotency-Key': randomUUID() };
      const first = await replay(post.id, { expectedAttempt: 7 }, key);
      expect(first.status).toBe(409);
      await replay(post.id);
      await reaches(post.id, 'failed', 2);
      const again = await replay(post.id, { expectedAttempt: 7 }, key);
      expect(again).toMatchObject({ status: 409, body: first.body });
      expect(again.headers.get('idempotency-replayed')).toBe('true');
    });

    it('is refused when the key came before with another request', async () => {
      const [one, two] = [await failed(), await failed()];
      const key = { 'Idempotency-Key': randomUUID() };
      expect((await replay(one.id, {}, key)).status).toBe(200);
      for (const [id, more] of [
        [two.id, {}],
        [one.id, { note: 'other' }],
      ] as const) {
        expect(await replay(id, more, key)).toMatchObject({
          status: 422,
          body: { error: { code: 'idempotency_key_reused' } },
        });
      }
      expect((await stateOf(two.id))?.attemptsMade).toBe(1);
    });

    it('sent many times at once is one call', async () => {
      const post = await failed(null);
      const key = { 'Idempotency-Key': randomUUID() };
      const answers = await Promise.all(Array.from({ length: 20 }, () => replay(post.id, {}, key)));
      const accepted = answers.filter(({ status }) => status === 200);
      const waiting = answers.filter(({ body }) => JSON.stringify(body).includes('idempotency_in_progress'));
      expect(accepted.length).toBeGreaterThan(0);
      expect(accepted.length + waiting.length).toBe(20);
      expect(new Set(accepted.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      await reaches(post.id, 'failed', 2);
    });
  });
});

describe('a replay that no worker answers', () => {
  let stage: Stage;
  let api: TestApi;
  beforeAll(async () => {
    stage = await openStage();
    api = await openApi(stage);
  });
  afterAll(async () => {
    await api.close();
    await stage.close();
  });

  it('says that it may still begin, and begins when a worker is back, once', async () => {
    const account = await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
    await stage.sandbox.addFault({ platform: 'x', account: account.card.id, call: 'create_post', fault: REFUSED });
    const worker = await stage.startWorker();
    await api.ask('POST', '/api/schedules', { json: { id: 'alone', account: 'sandbox-x', text: 'Alone' } });
    const itemIs = (state: string) =>
      until(`it is ${state}`, async () =>
        JSON.stringify((await api.ask('GET', `/api/items?all=true&state=${state}`)).body).includes('"alone"'),
      );
    await itemIs('failed');
    await worker.kill();
    const send = () =>
      api.ask('POST', '/api/jobs/replay', { json: { scheduleId: 'alone' }, headers: { 'Idempotency-Key': 'k' } });
    const unanswered = await send();
    expect(unanswered).toMatchObject({ status: 503, body: { error: { code: 'replay_unanswered' } } });
    await stage.startWorker();
    expect([200, 409]).toContain((await send()).status);
    await itemIs('published');
    expect(await stage.sandbox.live({ platform: 'x' })).toHaveLength(1);
  });
});
