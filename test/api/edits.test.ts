// PATCH /api/schedules/{id}: a new version of a post, as long as no call for it may have left (R2).
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { messagesOf, openShop, REFUSAL, type Shop, scheduleOf, someText, untilState } from '../workflow/shop.ts';
import { openApi, type TestApi } from './open-api.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

async function scheduled(shop: Shop, post: Readonly<Record<string, unknown>> = {}) {
  const answer = await api.ask('POST', '/api/schedules', {
    json: { account: shop.name, text: someText(), publishAt: inAnHour(), ...post },
  });
  const { id, fingerprint } = answer.body as { id: string; fingerprint: string };
  return { id, fingerprint };
}
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const itemOf = async (id: string) => (await api.client().get(id)).item;
/** Somebody takes the account out of the workspace. */
async function disconnect({ context }: Stage, { id }: Shop) {
  await context.ledger.db.update(connectedAccounts).set({ deletedAt: new Date() }).where(eq(connectedAccounts.id, id));
}
const edit = (id: string, json: Readonly<Record<string, unknown>>) =>
  api.ask('PATCH', `/api/schedules/${id}`, { json });

describe('an edit', () => {
  it('makes a new version, which is the one that goes out, once', async () => {
    const shop = await openShop(stage);
    const { id, fingerprint } = await scheduled(shop);
    const text = someText();
    const edited = await edit(id, { expectedFingerprint: fingerprint, text });
    expect(edited).toMatchObject({ status: 200, body: { id, changed: ['content_changed'] } });
    const now = await edit(id, { expectedFingerprint: (await scheduleOf(stage, id))?.fingerprint, publishAt: null });
    expect(now).toMatchObject({ status: 200, body: { changed: ['time_changed'] } });
    await untilState(stage, id, 'published');
    expect((await shop.live()).map((post) => post.text)).toEqual([text]);
    expect(await shop.creates()).toBe(1);
  });

  it('of a version that somebody has replaced is refused, with both versions', async () => {
    const shop = await openShop(stage);
    const { id, fingerprint } = await scheduled(shop, { text: 'As it was' });
    await edit(id, { expectedFingerprint: fingerprint, text: 'As Anna has it' });
    const late = await edit(id, { expectedFingerprint: fingerprint, text: 'As Bert has it' });
    expect(late).toMatchObject({
      status: 409,
      body: {
        error: {
          code: 'edit_refused',
          reason: 'version_changed',
          versions: { expected: { fingerprint, text: 'As it was' }, present: { text: 'As Anna has it' } },
        },
      },
    });
  });

  it('of two at once is one', async () => {
    const shop = await openShop(stage);
    const { id, fingerprint } = await scheduled(shop);
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((text) => edit(id, { expectedFingerprint: fingerprint, text })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409, 409]);
  });

  it('that changes nothing keeps the version', async () => {
    const shop = await openShop(stage);
    const { id, fingerprint } = await scheduled(shop, { text: 'The same' });
    const edited = await edit(id, { expectedFingerprint: fingerprint, text: 'The same' });
    expect(edited).toMatchObject({ status: 200, body: { fingerprint, changed: [] } });
  });

  it('is refused for good once a call may have left', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline', times: null });
    const { id, fingerprint } = await scheduled(shop, { publishAt: null });
    await untilState(stage, id, 'unconfirmed');
    const edited = await edit(id, { expectedFingerprint: fingerprint, text: 'Another text' });
    expect(edited).toMatchObject({
      status: 409,
      body: { error: { code: 'edit_refused', reason: 'call_may_have_left' } },
    });
    expect(await scheduleOf(stage, id)).toMatchObject({ fingerprint, state: 'unconfirmed' });
  });

  it('is refused once it is live, or canceled', async () => {
    const shop = await openShop(stage);
    const live = await scheduled(shop, { publishAt: null });
    await untilState(stage, live.id, 'published');
    const gone = await scheduled(shop);
    await api.ask('POST', `/api/schedules/${gone.id}/cancel`, { json: {} });
    for (const { id, fingerprint } of [live, gone]) {
      expect(await edit(id, { expectedFingerprint: fingerprint, text: 'x' })).toMatchObject({
        status: 409,
        body: { error: { reason: 'ended' } },
      });
    }
  });

  it('repairs a target that is gone: another account is chosen, and a replay brings it live there, once', async () => {
    const [shop, other] = [await openShop(stage), await openShop(stage)];
    const { id, fingerprint } = await scheduled(shop);
    await disconnect(stage, shop);
    await api.ask('POST', `/api/schedules/${id}/reschedule`, { json: { publishAt: inMs(200) } });
    await untilState(stage, id, 'repair_required');
    const wanted = { expectedFingerprint: (await scheduleOf(stage, id))?.fingerprint };
    expect((await itemOf(id)).nextAction).toEqual({
      code: 'review_connections',
      kind: 'link',
      href: `/schedules/${id}/edit#accountId`,
    });
    // A deleted account is no target, and neither is the one that stands there when nothing else is chosen.
    for (const accountId of [shop.id, undefined]) {
      const refused = await edit(id, { ...wanted, ...(accountId ? { accountId } : { text: 'x' }) });
      expect(refused).toMatchObject({ status: 404, body: { error: { code: 'unknown_account' } } });
    }
    expect((await edit(id, { ...wanted, accountId: other.id })).body).toMatchObject({ changed: ['target_changed'] });
    expect(fingerprint).not.toBe((await scheduleOf(stage, id))?.fingerprint);
    expect(await itemOf(id)).toMatchObject({ targetProblem: null, replayOffered: true });
    expect((await api.ask('POST', '/api/jobs/replay', { json: { scheduleId: id } })).status).toBe(200);
    await untilState(stage, id, 'published');
    expect([await shop.creates(), await other.creates()]).toEqual([0, 1]);
    expect(await other.live()).toHaveLength(1);
  });

  it('gives a refused post another account, where a replay brings it live', async () => {
    const [shop, other] = [await openShop(stage), await openShop(stage)];
    await shop.fault(REFUSAL);
    const { id, fingerprint } = await scheduled(shop, { publishAt: null });
    await untilState(stage, id, 'failed');
    const edited = await edit(id, { expectedFingerprint: fingerprint, accountId: other.id });
    expect(edited).toMatchObject({ status: 200, body: { changed: ['target_changed'] } });
    expect(await scheduleOf(stage, id)).toMatchObject({ state: 'failed' });
    expect((await api.ask('POST', '/api/jobs/replay', { json: { scheduleId: id } })).status).toBe(200);
    await untilState(stage, id, 'published');
    expect([await shop.live(), await other.live()].map((posts) => posts.length)).toEqual([0, 1]);
  });

  it('to an account of nobody, of another platform, or with what the destination refuses changes nothing', async () => {
    const shop = await openShop(stage);
    const elsewhere = await stage.connectSandboxAccount({ platform: 'instagram', name: `ig-${shop.name}` });
    const { id, fingerprint } = await scheduled(shop);
    const before = await scheduleOf(stage, id);
    const wrong = [
      [{ accountId: '7f3c1f6e-0000-4000-8000-000000000000' }, 'accountId'],
      [{ accountId: elsewhere.id }, 'accountId'],
      [{ text: 'x'.repeat(281) }, 'text'],
      [{ publishAt: '2020-01-01T00:00:00Z' }, 'publishAt'],
      [{ publishBefore: '2020-01-01T00:00:00Z' }, 'publishBefore'],
      [{ colour: 'red' }, 'colour'],
    ] as const;
    for (const [changes, field] of wrong) {
      const answer = await edit(id, { expectedFingerprint: fingerprint, ...changes });
      expect([404, 422], JSON.stringify(changes)).toContain(answer.status);
      expect(JSON.stringify(answer.body)).toContain(field);
    }
    expect(await scheduleOf(stage, id)).toEqual(before);
  });

  it('of another workspace is not found', async () => {
    const answer = await edit('never-heard-of', { expectedFingerprint: '0'.repeat(64), text: 'x' });
    expect(answer.status).toBe(404);
  });
});

describe('a message through the API', () => {
  it('is answered by the ledger though no worker is there, and the run follows when one is', async () => {
    const alone = await openStage();
    const door = await openApi(alone);
    const shop = await openShop(alone);
    // All stages share one Temporal: no other test has this id.
    const post = { id: 'without-a-worker', account: shop.name, text: 'Alone', publishAt: inAnHour() };
    await door.ask('POST', '/api/schedules', { json: post });
    const canceled = await door.ask('POST', '/api/schedules/without-a-worker/cancel', { json: { note: 'not needed' } });
    expect(canceled).toMatchObject({ status: 200, body: { accepted: true, state: 'canceled', wakeAt: null } });
    await alone.startWorker();
    await until(
      'its run has ended',
      async () => {
        const { status } = await alone.temporal.workflow.getHandle(workflowIdOf('without-a-worker')).describe();
        return status.name === 'COMPLETED';
      },
      120_000,
    );
    expect(await shop.creates()).toBe(0);
    await door.close();
    await alone.close();
  });

  it('that is refused says why, and changes nothing', async () => {
    const shop = await openShop(stage);
    const { id } = await scheduled(shop);
    const resolved = await api.ask('POST', `/api/schedules/${id}/resolve`, {
      json: { verdict: 'not_live', evidence: 'I looked' },
    });
    expect(resolved).toMatchObject({
      status: 409,
      body: { error: { code: 'message_refused', reason: 'not_unconfirmed' } },
    });
    const resumed = await api.ask('POST', `/api/schedules/${id}/resume`, { json: {} });
    expect(resumed).toMatchObject({ status: 409, body: { error: { reason: 'not_waiting' } } });
    expect((await scheduleOf(stage, id))?.state).toBe('queued');
  });

  it('reschedules a run that sleeps, and it goes out at its new time', async () => {
    const shop = await openShop(stage);
    const { id } = await scheduled(shop);
    const publishAt = new Date(Date.now() + 1_500).toISOString();
    const moved = await api.ask('POST', `/api/schedules/${id}/reschedule`, { json: { publishAt } });
    expect(moved).toMatchObject({ status: 200, body: { state: 'queued', wakeAt: publishAt } });
    await untilState(stage, id, 'published');
    expect(await shop.creates()).toBe(1);
  });

  it('wakes a run that sleeps before its time, and what an operator said to it meanwhile is answered', async () => {
    const shop = await openShop(stage);
    const { id } = await scheduled(shop);
    const handle = stage.temporal.workflow.getHandle(workflowIdOf(id));
    await handle.signal('handoff', { requestedBy: 'Hana', reason: 'the client wants to do it' });
    const edited = await edit(id, {
      expectedFingerprint: (await scheduleOf(stage, id))?.fingerprint,
      text: someText(),
    });
    expect(edited.status).toBe(200);
    await untilState(stage, id, 'handoff_pending');
    expect(await messagesOf(stage, id)).toMatchObject([
      { name: 'handoff', body: { requestedBy: 'Hana' }, verdict: { accepted: true } },
    ]);
    expect(await shop.creates()).toBe(0);
  });

  it('resumes a publish that waits for a platform which could not be reached', async () => {
    const patient = await openStage({ 'timers.unreachable_first': '1h', 'timers.unreachable_max': '1h' });
    await patient.startWorker();
    const door = await openApi(patient);
    const own = await openShop(patient);
    await patient.context.ledger.db.execute(`update connected_accounts set api_base = 'http://127.0.0.1:1/x'`);
    await door.ask('POST', '/api/schedules', { json: { id: 'patient', account: own.name, text: 'Patient' } });
    await untilState(patient, 'patient', 'retry_later');
    await patient.context.ledger.db.execute(`update connected_accounts set api_base = '${patient.sandboxUrl}/x'`);
    const resumed = await door.ask('POST', '/api/schedules/patient/resume', { json: {} });
    expect(resumed).toMatchObject({ status: 200, body: { accepted: true } });
    await untilState(patient, 'patient', 'published');
    expect(await own.creates()).toBe(1);
    await door.close();
    await patient.close();
  });
});
