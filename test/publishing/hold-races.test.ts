// What stands on hold while no hold is about it any more is let go by the next sweep, however it came to stand there (law 8).
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HoldTarget } from '../../src/domain/schedules/hold.ts';
import { firstAuditBreak } from '../../src/ledger/audit/audit.ts';
import { placeHold, releaseHold } from '../../src/ledger/holds/holds.ts';
import { releaseStrays } from '../../src/ledger/holds/strays.ts';
import { editSchedule } from '../../src/publishing/intake/edit.ts';
import { sweepOnce } from '../../src/publishing/workflows/sweep.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { OLGA, openShop, scheduleOf } from '../workflow/shop.ts';
import { pass, recordOf, taken, UNDISTURBED } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function hold(target: HoldTarget): Promise<string> {
  const wanted = { workspaceId: stage.workspaceId, target, reason: 'the news', actor: OLGA };
  const placed = await placeHold(stage.context.ledger, wanted);
  if (!placed) throw new TypeError('the hold was not placed');
  return placed.id;
}
function release(holdId: string) {
  const { workspaceId } = stage;
  const wanted = { workspaceId, holdId, pace: { kind: 'at_once' }, notOlderThan: null, actor: OLGA } as const;
  return releaseHold(stage.context.ledger, wanted);
}

/** Holds the head of the audit trail, at which every step waits right before its commit, until both stand there in order. */
async function atOnce<First, Second>(first: () => Promise<First>, second: () => Promise<Second>) {
  const { db } = stage.context.ledger;
  return db.transaction(async (tx) => {
    await tx.execute(sql`select from audit_heads where workspace_id = ${stage.workspaceId}::uuid for update`);
    const earlier = first();
    await untilWaiting(1);
    const later = second();
    await untilWaiting(2);
    return { earlier, later };
  });
}

function untilWaiting(count: number): Promise<true> {
  return until(`${count} steps stand before the audit trail`, async () => {
    const waiting = await stage.context.ledger.db.execute(sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%audit_events%'`);
    return waiting.length === count;
  });
}

it('a post that is set aside while its hold is released goes out with the next sweep', async () => {
  const shop = await openShop(stage);
  const holdId = await hold({ scope: 'account', accountId: shop.id });
  const scheduleId = await taken(stage, shop);
  const { earlier, later } = await atOnce(
    () => pass(stage, scheduleId),
    () => release(holdId),
  );
  expect(await earlier).toMatchObject({ state: 'held' });
  // The release has not seen it: it stands on hold, and nothing holds it.
  expect(await later).toEqual({ released: 0, missed: 0 });
  expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'held' });
  await sweepOnce(stage.context, stage.temporal, UNDISTURBED);
  expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'queued', runToTell: false, lastActor: OLGA });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', attempts: 1 });
  expect(await shop.live()).toHaveLength(1);
  expect((await recordOf(stage, scheduleId)).audit.slice(0, 3)).toEqual([
    'schedule.created',
    'publish.held',
    'publish.released',
  ]);
  expect(await firstAuditBreak(stage.context.ledger.db, stage.workspaceId)).toBeNull();
});

it('what two holds are about is let go though both are released at once', async () => {
  const shop = await openShop(stage);
  const [first, second] = [
    await hold({ scope: 'account', accountId: shop.id }),
    await hold({ scope: 'delivery_set', deliverySetId: 'launch' }),
  ];
  const scheduleId = await taken(stage, shop, { deliverySet: { id: 'launch', memberCount: 1 } });
  await pass(stage, scheduleId);
  const { earlier, later } = await atOnce(
    () => release(first),
    () => release(second),
  );
  // Each leaves it to the other.
  expect([await earlier, await later]).toEqual([
    { released: 0, missed: 0 },
    { released: 0, missed: 0 },
  ]);
  expect(await releaseStrays(stage.context.ledger)).toBe(1);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
});

it('a post that is moved from an account on hold to another goes out there', async () => {
  const [shop, other] = [await openShop(stage), await openShop(stage)];
  await hold({ scope: 'account', accountId: shop.id });
  const scheduleId = await taken(stage, shop);
  await pass(stage, scheduleId);
  const { workspaceId, temporal: client } = stage;
  const expectedFingerprint = (await scheduleOf(stage, scheduleId))?.fingerprint ?? '';
  const caller = { kind: 'key', workspaceId, workspaceName: WORKSPACE, actor: OLGA, scopes: [] } as const;
  const request = { accountId: other.id, expectedFingerprint };
  await editSchedule({ ...stage.context, client }, { caller, scheduleId, request });
  expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'held' });
  expect(await releaseStrays(stage.context.ledger)).toBe(1);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect([await shop.creates(), await other.creates()]).toEqual([0, 1]);
});

it('what a hold is about stays on hold, whatever sweeps', async () => {
  const shop = await openShop(stage);
  await hold({ scope: 'account', accountId: shop.id });
  const scheduleId = await taken(stage, shop);
  await pass(stage, scheduleId);
  expect(await releaseStrays(stage.context.ledger)).toBe(0);
  expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'held' });
});
