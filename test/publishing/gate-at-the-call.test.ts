// The gate is asked again at the call when the way there was long: what was withdrawn meanwhile does not go live (law 7).
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { approvals, schedules } from '../../src/ledger/schema/schedules.ts';
import { type MediaFiles, serveMedia } from '../harness/media-files.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { OLGA, openShop } from '../workflow/shop.ts';
import { holderOf, pass, recordOf, say, stopAt, taken } from './passes.ts';

let stage: Stage;
let files: MediaFiles;
beforeAll(async () => {
  stage = await openStage();
  files = await serveMedia();
});
afterAll(async () => {
  await stage.close();
  await files.close();
});

async function decide(scheduleId: string, verdict: 'approved' | 'rejected'): Promise<void> {
  const { db, clock } = stage.context.ledger;
  const [schedule] = await db.select().from(schedules).where(eq(schedules.id, scheduleId));
  const { fingerprint } = schedule ?? { fingerprint: '' };
  await db.insert(approvals).values({
    id: randomUUID(),
    ...stage.keyOf(scheduleId),
    fingerprint,
    verdict,
    decidedBy: OLGA,
    decidedAt: clock.now(),
  });
}

const deleteAccount = (accountId: string) => {
  const { db } = stage.context.ledger;
  return db.update(connectedAccounts).set({ deletedAt: new Date() }).where(eq(connectedAccounts.id, accountId));
};

it('while its grant was renewed, which took long, the approval was withdrawn: nothing was sent', async () => {
  const shop = await openShop(stage);
  const { db, clock } = stage.context.ledger;
  await db.update(connectedAccounts).set({ grantExpiresAt: clock.now() }).where(eq(connectedAccounts.id, shop.id));
  await shop.fault({ kind: 'commit_then_slow', ms: 700 }, { call: 'token' });
  const scheduleId = await taken(stage, shop, { approvalRequired: true });
  await decide(scheduleId, 'approved');
  const renewed = stopAt('grant_renewed_unsaved');
  const running = pass(stage, scheduleId, { points: renewed.points });
  await renewed.reached;
  await decide(scheduleId, 'rejected');
  renewed.release();
  expect(await running).toMatchObject({ state: 'blocked', blockedReason: 'review_not_approved' });
  expect(await shop.creates()).toBe(0);
});

describe('while its picture was uploaded', () => {
  it('the approval was withdrawn: it is blocked, and nothing was sent', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { media: [files.item('sample.jpg')], approvalRequired: true });
    await decide(scheduleId, 'approved');
    const prepared = stopAt('prepared');
    const running = pass(stage, scheduleId, { points: prepared.points });
    await prepared.reached;
    await decide(scheduleId, 'rejected');
    prepared.release();
    expect(await running).toMatchObject({ state: 'blocked', blockedReason: 'review_not_approved' });
    expect(await recordOf(stage, scheduleId)).toMatchObject({ attempts: ['interrupted', 'gate_blocked'], intents: [] });
    expect(await holderOf(stage, shop.id)).toBe('');
    expect(await shop.creates()).toBe(0);
  });

  it('the account was deleted: it waits for another, and nothing was sent', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { media: [files.item('sample.jpg')] });
    const prepared = stopAt('prepared');
    const running = pass(stage, scheduleId, { points: prepared.points });
    await prepared.reached;
    await deleteAccount(shop.id);
    prepared.release();
    expect(await running).toMatchObject({ state: 'repair_required', blockedReason: 'target_repair_required' });
    expect(await shop.creates()).toBe(0);
  });

  it('it was canceled: it ends, and its account is free at once', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { media: [files.item('sample.jpg')] });
    const prepared = stopAt('prepared');
    const running = pass(stage, scheduleId, { points: prepared.points });
    await prepared.reached;
    expect(await say(stage, scheduleId, 'cancel')).toMatchObject({ accepted: true });
    prepared.release();
    expect(await running).toMatchObject({ state: 'canceled' });
    expect(await holderOf(stage, shop.id)).toBe('');
    expect(await shop.creates()).toBe(0);
  });
});

it('a post that proved absent is not sent again once its approval was withdrawn', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'reset_before' });
  const scheduleId = await taken(stage, shop, { approvalRequired: true });
  await decide(scheduleId, 'approved');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  await decide(scheduleId, 'rejected');
  const last = await until('it has been looked for often enough', async () => {
    const result = await pass(stage, scheduleId);
    return result.state === 'outcome_unknown' ? null : result;
  });
  expect(last).toMatchObject({ state: 'blocked', blockedReason: 'review_not_approved' });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['absent'] });
  expect(await shop.creates()).toBe(1);
});

it('an attempt that a newer one has taken over leaves it alone', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  const first = stopAt('before_intent');
  const overtaken = pass(stage, scheduleId, { points: first.points });
  await first.reached;
  const second = stopAt('before_intent');
  const newer = pass(stage, scheduleId, { points: second.points });
  await second.reached;
  first.release();
  await expect(overtaken).rejects.toMatchObject({ name: 'AttemptStopped' });
  second.release();
  expect(await newer).toMatchObject({ state: 'published' });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ attempts: ['interrupted', 'published'] });
  expect(await shop.creates()).toBe(1);
});
