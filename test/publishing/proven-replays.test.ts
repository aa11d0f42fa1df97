// A replay goes through Temporal, which proves nobody: who asked is told by the record that one of our doors wrote. Nobody in
// the Temporal UI takes another's name by an update's id.
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replayUpdateId } from '../../src/ledger/messages/replay-proof.ts';
import { recordReplayRequest } from '../../src/ledger/messages/replay-requests.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { messages } from '../../src/ledger/schema/schedules.ts';
import { update } from '../../workflows/messages.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { signIn } from '../harness/signed-in.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { terminateRun } from '../workflow/operator.ts';
import { failedPublish, OLGA, REFUSAL, scheduleOf, untilState } from '../workflow/shop.ts';

const HOUR_MS = 3_600_000;
/** Somebody in the Temporal UI who writes a name. */
const CLAIMED = { type: 'SELF_DECLARED', label: 'Olga Operator' } as const;

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

/** A publish that fails again when it is replayed, so that who did that stands as the last who touched it. */
async function failsAgain() {
  const failed = await failedPublish(stage);
  await failed.shop.fault(REFUSAL, { times: null });
  return failed;
}

const failedAgain = (scheduleId: string, attempts: number) =>
  until(`${scheduleId} failed ${attempts} times`, async () => {
    const row = await scheduleOf(stage, scheduleId);
    return row?.state === 'failed' && row.attemptsMade === attempts;
  });

/** Who replayed it, by the audit trail, oldest first. */
async function replayers(scheduleId: string): Promise<unknown[]> {
  const rows = await stage.context.ledger.db
    .select({ actor: auditEvents.actor })
    .from(auditEvents)
    .where(and(eq(auditEvents.scheduleId, scheduleId), eq(auditEvents.type, 'publish.replayed')))
    .orderBy(auditEvents.position);
  return rows.map(({ actor }) => actor);
}

/** An update as anybody with the Temporal UI or its command line sends it. */
const sendAs = (scheduleId: string, updateId: string, body: unknown) =>
  stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).executeUpdate(update('requestReplay'), {
    updateId,
    args: [body],
  });

/** The workflow is terminated, and started again so that it waits where it did. */
async function inAnotherRun(scheduleId: string): Promise<void> {
  await terminateRun(stage, scheduleId);
  await stage.temporal.workflow.start('publish', {
    workflowId: workflowIdOf(scheduleId),
    taskQueue: stage.taskQueue,
    args: [{ scheduleId, continued: true }],
  });
}

describe('a replay from one of our doors is told under its proven caller', () => {
  it('by a key', async () => {
    const { scheduleId } = await failsAgain();
    expect(await api.ask('POST', '/api/jobs/replay', { json: { scheduleId, note: 'again' } })).toMatchObject({
      status: 200,
    });
    await failedAgain(scheduleId, 2);
    expect(await replayers(scheduleId)).toMatchObject([{ type: 'API_KEY', label: 'nightly' }]);
  });

  it('by a person on a page, who is then the owner as the last who touched it', async () => {
    const { scheduleId } = await failsAgain();
    const person = await signIn(stage, api.url);
    await person.submit(`/schedules/${scheduleId}/replay`, { expectedAttempt: '1' });
    await failedAgain(scheduleId, 2);
    expect(await replayers(scheduleId)).toMatchObject([{ type: 'USER' }]);
    const { item } = await api.client().get(scheduleId);
    expect(item.owner.role).toBe('last_actor');
    const story = await (await person.get(`/schedules/${scheduleId}`)).text();
    expect(story).toContain('You, on this machine');
    expect(story).not.toContain('You, on this machine (by their own word)');
  });

  it('by who asked for the batch it was in', async () => {
    const { scheduleId, shop } = await failsAgain();
    await api.client().startBatch({ account: shop.name, cause: 'publish_failed' });
    await failedAgain(scheduleId, 2);
    expect(await replayers(scheduleId)).toMatchObject([{ type: 'API_KEY', label: 'nightly' }]);
  });

  it('also when it met a fault of ours first and was sent under the next id', async () => {
    const { scheduleId } = await failsAgain();
    const callId = await asked(scheduleId);
    await sendAs(scheduleId, idOf(scheduleId, callId, 2), { expectedAttempt: 1, note: 'agreed' });
    await failedAgain(scheduleId, 2);
    expect(await replayers(scheduleId)).toMatchObject([OLGA]);
  });
});

/** Olga asks at a door of ours, and what she sent has not arrived yet; answers her call's id. */
async function asked(scheduleId: string, callId: string = randomUUID()): Promise<string> {
  await recordReplayRequest(stage.context.ledger, {
    ...stage.keyOf(scheduleId),
    actor: OLGA,
    note: 'agreed',
    expectedAttempt: undefined,
    arrivedAt: new Date(),
    callId,
    underWayMs: 0,
  });
  return callId;
}

const idOf = (scheduleId: string, callId: string, sent = 1) =>
  replayUpdateId(stage.context.ledger, stage.keyOf(scheduleId), callId, sent);

/** What Olga's door sends. */
const BODY = { requestedBy: 'Olga Operator', expectedAttempt: 1, note: 'agreed' } as const;

describe('nobody in the Temporal UI takes the name of somebody else', () => {
  it('by writing it', async () => {
    const { scheduleId } = await failsAgain();
    await asked(scheduleId);
    await sendAs(scheduleId, randomUUID(), BODY);
    await failedAgain(scheduleId, 2);
    expect(await replayers(scheduleId)).toMatchObject([CLAIMED]);
  });

  it('by a call whose id can be guessed, as those of a batch: a part of the update is made with our key', async () => {
    for (const suffix of ['', `/${'A'.repeat(43)}`]) {
      const { scheduleId } = await failsAgain();
      const callId = await asked(scheduleId, `batch/${randomUUID()}/1`);
      await sendAs(scheduleId, `${callId}${suffix}`, BODY);
      await failedAgain(scheduleId, 2);
      expect(await replayers(scheduleId)).toMatchObject([CLAIMED]);
    }
  });

  it('by the id of a replay that is over, sent to the run that comes after', async () => {
    const { scheduleId } = await failsAgain();
    const updateId = idOf(scheduleId, await asked(scheduleId));
    await sendAs(scheduleId, updateId, BODY);
    await failedAgain(scheduleId, 2);
    await inAnotherRun(scheduleId);
    await sendAs(scheduleId, updateId, { ...BODY, expectedAttempt: 2 });
    await failedAgain(scheduleId, 3);
    expect(await replayers(scheduleId)).toMatchObject([OLGA, CLAIMED]);
  });

  it('by the id of a replay that was refused, sent again once the gate is open', async () => {
    const { scheduleId } = await failsAgain();
    const updateId = idOf(scheduleId, await asked(scheduleId));
    await sendAs(scheduleId, updateId, { ...BODY, expectedAttempt: 7 });
    await inAnotherRun(scheduleId);
    await sendAs(scheduleId, updateId, BODY);
    await failedAgain(scheduleId, 2);
    expect(await replayers(scheduleId)).toMatchObject([CLAIMED]);
  });

  it('by the id of a replay of another schedule', async () => {
    const [one, other] = [await failsAgain(), await failsAgain()];
    const callId = await asked(one.scheduleId);
    await asked(other.scheduleId, callId);
    await sendAs(other.scheduleId, idOf(one.scheduleId, callId), BODY);
    await failedAgain(other.scheduleId, 2);
    expect(await replayers(other.scheduleId)).toMatchObject([CLAIMED]);
  });

  it('for what that person did not say, or did not ask for', async () => {
    const { scheduleId, shop } = await failsAgain();
    const updateId = idOf(scheduleId, await asked(scheduleId));
    await sendAs(scheduleId, updateId, { ...BODY, note: 'Olga says that it is all her fault' });
    await failedAgain(scheduleId, 2);
    expect(await replayers(scheduleId)).toMatchObject([CLAIMED]);
    // Another attempt was made since Olga looked.
    const later = await failedPublish(stage);
    await later.shop.fault(REFUSAL, { times: null });
    const early = idOf(later.scheduleId, await asked(later.scheduleId));
    await sendAs(later.scheduleId, randomUUID(), {});
    await failedAgain(later.scheduleId, 2);
    await sendAs(later.scheduleId, early, { note: 'agreed' });
    await failedAgain(later.scheduleId, 3);
    expect((await replayers(later.scheduleId)).at(-1)).toMatchObject({ type: 'SELF_DECLARED' });
    expect(await shop.live()).toHaveLength(0);
  });

  it('by an old request that was never carried out', async () => {
    const { scheduleId } = await failsAgain();
    const updateId = idOf(scheduleId, await asked(scheduleId));
    shiftClock(stage.folder, HOUR_MS + 60_000);
    await sendAs(scheduleId, updateId, BODY);
    await failedAgain(scheduleId, 2);
    shiftClock(stage.folder, 0);
    expect(await replayers(scheduleId)).toMatchObject([CLAIMED]);
  });

  it('for another message than the replay', async () => {
    const { scheduleId } = await failsAgain();
    const updateId = idOf(scheduleId, await asked(scheduleId));
    const handle = stage.temporal.workflow.getHandle(workflowIdOf(scheduleId));
    await handle.executeUpdate(update('cancel'), {
      updateId,
      args: [{ requestedBy: 'Olga Operator', note: 'agreed' }],
    });
    await untilState(stage, scheduleId, 'canceled');
    expect((await scheduleOf(stage, scheduleId))?.lastActor).toMatchObject(CLAIMED);
    const kept = await stage.context.ledger.db.select().from(messages).where(eq(messages.scheduleId, scheduleId));
    expect(kept).toHaveLength(1);
  });
});
