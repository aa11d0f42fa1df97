// What blocks a publish although nothing failed: approvals, a handoff, a cancel, a target that is gone, an account without
// media. The gate says so before a byte leaves, and a replay says it again.

import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishResult } from '../../src/domain/schedules/publish-result.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { approvals } from '../../src/ledger/schema/schedules.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { startAgain } from './operator.ts';
import {
  ask,
  attemptsOf,
  detailsOf,
  OLGA,
  openShop,
  rescheduleSoon,
  samplePicture,
  scheduleOf,
  someText,
  untilState,
} from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
});
afterAll(() => stage.close());

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const resultOf = (scheduleId: string): Promise<PublishResult> =>
  stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).result();

describe('a post that needs an approval', () => {
  async function decide(scheduleId: string, verdict: 'approved' | 'rejected', fingerprint?: string): Promise<void> {
    const present = (await scheduleOf(stage, scheduleId))?.fingerprint ?? '';
    await stage.context.ledger.db.insert(approvals).values({
      id: randomUUID(),
      ...stage.keyOf(scheduleId),
      fingerprint: fingerprint ?? present,
      verdict,
      decidedBy: OLGA,
      decidedAt: new Date(),
    });
  }

  async function blockedPublish() {
    const shop = await openShop(stage);
    const post = { account: shop.name, text: someText(), approvalRequired: true };
    const { scheduleId } = await stage.startPublish(post);
    await untilState(stage, scheduleId, 'blocked');
    return { shop, scheduleId };
  }

  const refused = { accepted: false, reason: 'review_not_approved', reasons: ['review_not_approved'] };

  it('is blocked without one, says so, and publishes once it is given and replayed', async () => {
    const { shop, scheduleId } = await blockedPublish();
    expect(await scheduleOf(stage, scheduleId)).toMatchObject({ blockedReason: 'review_not_approved', wakeAt: null });
    expect((await attemptsOf(stage, scheduleId)).map(({ outcome }) => outcome)).toEqual(['gate_blocked']);
    await expect
      .poll(() => detailsOf(stage, scheduleId), { timeout: 120_000 })
      .toContain('**Blocked:** `review_not_approved`');
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject(refused);
    await decide(scheduleId, 'approved');
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published', blockedReason: null });
    expect(await shop.live()).toHaveLength(1);
  });

  it('stays blocked by an approval of another version', async () => {
    const { shop, scheduleId } = await blockedPublish();
    await decide(scheduleId, 'approved', 'f'.repeat(64));
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject(refused);
    expect(await shop.creates()).toBe(0);
  });

  it('stays blocked when the newest decision is a rejection', async () => {
    const { shop, scheduleId } = await blockedPublish();
    await decide(scheduleId, 'approved');
    await decide(scheduleId, 'rejected');
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject(refused);
    expect(await shop.creates()).toBe(0);
  });

  it('goes out by itself when it was approved before its time', async () => {
    const shop = await openShop(stage);
    const post = { account: shop.name, text: someText(), approvalRequired: true, publishAt: inMs(6_000) };
    const { scheduleId } = await stage.startPublish(post);
    await untilState(stage, scheduleId, 'queued');
    await decide(scheduleId, 'approved');
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published', attempts: 1 });
    expect(await shop.live()).toHaveLength(1);
  });

  it('loses its approval when it is given another time (law 7)', async () => {
    const shop = await openShop(stage);
    const post = { account: shop.name, text: someText(), approvalRequired: true, publishAt: inMs(3_600_000) };
    const handle = await stage.startPublish(post);
    await untilState(stage, handle.scheduleId, 'queued');
    await decide(handle.scheduleId, 'approved');
    await rescheduleSoon(stage, handle.scheduleId);
    await untilState(stage, handle.scheduleId, 'blocked');
    expect(await shop.creates()).toBe(0);
  });
});

describe('a post that is meant for a person', () => {
  it('is never sent, whatever is asked, and ends when the person has published it', async () => {
    const shop = await openShop(stage);
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText(), mode: 'handoff' });
    await untilState(stage, scheduleId, 'handoff_pending');
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ reason: 'handoff-not-replayable' });
    await expect.poll(() => detailsOf(stage, scheduleId), { timeout: 120_000 }).toContain('`completeHandoff`');
    await stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).terminate();
    await startAgain(stage, scheduleId);
    expect(await ask(stage, scheduleId, 'completeHandoff', { completedBy: 'Hana' })).toMatchObject({ accepted: true });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'handoff_completed' });
    expect(await shop.creates()).toBe(0);
  });
});

describe('a canceled post', () => {
  it('is not published by starting its workflow again', async () => {
    const shop = await openShop(stage);
    const post = { account: shop.name, text: someText(), publishAt: inMs(3_600_000) };
    const handle = await stage.startPublish(post);
    await untilState(stage, handle.scheduleId, 'queued');
    await handle.signal('cancel');
    await handle.result();
    for (const again of [post, undefined]) {
      const second = await startAgain(stage, handle.scheduleId, again);
      expect(await second.result()).toMatchObject({ state: 'canceled' });
    }
    expect(await shop.creates()).toBe(0);
  });
});

describe('a target that is gone', () => {
  it('needs a repair: no platform is called, and a replay is refused until it is back', async () => {
    const shop = await openShop(stage);
    const { db } = stage.context.ledger;
    const setDeleted = (deletedAt: Date | null) =>
      db.update(connectedAccounts).set({ deletedAt }).where(eq(connectedAccounts.id, shop.id));
    const handle = await stage.startPublish({ account: shop.name, text: someText(), publishAt: inMs(3_600_000) });
    await untilState(stage, handle.scheduleId, 'queued');
    await setDeleted(new Date());
    await rescheduleSoon(stage, handle.scheduleId);
    await untilState(stage, handle.scheduleId, 'repair_required');
    const schedule = await scheduleOf(stage, handle.scheduleId);
    expect(schedule).toMatchObject({ blockedReason: 'target_repair_required' });
    expect(schedule?.cause?.externalText).toContain('account_deleted');
    expect(await ask(stage, handle.scheduleId, 'requestReplay')).toMatchObject({ reason: 'target_repair_required' });
    await setDeleted(null);
    expect(await ask(stage, handle.scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
    expect(await handle.result()).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });
});

describe('an account that cannot upload media', () => {
  it('is refused by X once, and from then on by the gate', async () => {
    const shop = await openShop(stage);
    await shop.settings({ mediaCapability: false });
    const media = [await samplePicture(stage)];
    const { scheduleId } = await stage.startPublish({ account: shop.name, text: someText(), media });
    await untilState(stage, scheduleId, 'failed');
    expect((await scheduleOf(stage, scheduleId))?.cause?.code).toBe('x_media_capability_missing');
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ reason: 'x-media-capability-missing' });
    await shop.settings({ mediaCapability: true });
    await shop.reconnect();
    expect(await ask(stage, scheduleId, 'requestReplay')).toMatchObject({ accepted: true });
    expect(await resultOf(scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });
});
