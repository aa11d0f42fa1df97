// A hold stops every create of what it is about, what is being prepared included, and lets everything go in order (R8).
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HoldTarget } from '../../src/domain/schedules/hold.ts';
import type { Pace } from '../../src/domain/schedules/pace.ts';
import { activeHolds, countHeld, placeHold, releaseHold } from '../../src/ledger/holds/holds.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { attemptsOf, auditOf, OLGA, openShop, scheduleOf } from '../workflow/shop.ts';
import { pass, recordOf, stopAt, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

async function hold(target: HoldTarget): Promise<string> {
  const { workspaceId } = stage;
  const placed = await placeHold(stage.context.ledger, { workspaceId, target, reason: 'the news', actor: OLGA });
  if (!placed) throw new TypeError('the hold was not placed');
  return placed.id;
}
function release(holdId: string, pace: Pace = { kind: 'at_once' }, notOlderThan: Date | null = null) {
  const { workspaceId } = stage;
  return releaseHold(stage.context.ledger, { workspaceId, holdId, pace, notOlderThan, actor: OLGA });
}
const ofAccount = (accountId: string): HoldTarget => ({ scope: 'account', accountId });

describe('a hold of an account', () => {
  it('sets aside what falls due, without an attempt, and lets it go when it is released', async () => {
    const shop = await openShop(stage);
    const holdId = await hold(ofAccount(shop.id));
    const scheduleId = await taken(stage, shop);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'held', wakeAt: null, attempts: 0 });
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'held', attempts: 0 });
    expect(await shop.creates()).toBe(0);
    expect(await release(holdId)).toEqual({ released: 1, missed: 0 });
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', attempts: 1 });
    expect(await shop.live()).toHaveLength(1);
    expect(await auditOf(stage, scheduleId)).toEqual([
      'schedule.created',
      'publish.held',
      'publish.released',
      'publish.attempt_started',
      'publish.intent_sent',
      'publish.published',
    ]);
  });

  it('that is placed while a post is prepared stops it right before its call', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const stop = stopAt('before_intent');
    const running = pass(stage, scheduleId, { points: stop.points });
    await stop.reached;
    const holdId = await hold(ofAccount(shop.id));
    stop.release();
    expect(await running).toMatchObject({ state: 'held' });
    expect(await shop.creates()).toBe(0);
    expect((await recordOf(stage, scheduleId)).intents).toEqual([]);
    await release(holdId);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
  });

  it('lets a look heal what may be live, and creates nothing', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    const scheduleId = await taken(stage, shop);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
    await hold(ofAccount(shop.id));
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
  });

  it('stops no other account, and stands once however often it is placed', async () => {
    const [shop, other] = [await openShop(stage), await openShop(stage)];
    const holdId = await hold(ofAccount(shop.id));
    expect(await hold(ofAccount(shop.id))).toBe(holdId);
    const [kept, free] = [await taken(stage, shop), await taken(stage, other)];
    expect(await pass(stage, kept)).toMatchObject({ state: 'held' });
    expect(await pass(stage, free)).toMatchObject({ state: 'published' });
    const [active] = (await activeHolds(stage.context.ledger, stage.workspaceId)).filter(({ id }) => id === holdId);
    expect(active).toMatchObject({ reason: 'the news', placedBy: OLGA });
    expect(active && (await countHeld(stage.context.ledger, active))).toBe(1);
  });

  it('of another workspace is not placed', async () => {
    const shop = await openShop(stage);
    const wanted = { workspaceId: randomUUID(), target: ofAccount(shop.id), reason: 'x', actor: OLGA };
    expect(await placeHold(stage.context.ledger, wanted)).toBeNull();
    expect(await release(randomUUID())).toBeNull();
  });
});

it('a hold of a delivery set keeps its members back, and those alone', async () => {
  const shop = await openShop(stage);
  const set = `launch-${randomUUID()}`;
  await hold({ scope: 'delivery_set', deliverySetId: set });
  const member = await taken(stage, shop, { deliverySet: { id: set, memberCount: 2 } });
  const other = await taken(stage, shop);
  expect(await pass(stage, member)).toMatchObject({ state: 'held' });
  expect(await pass(stage, other)).toMatchObject({ state: 'published' });
});

it('what two holds are about goes out when the second is released', async () => {
  const shop = await openShop(stage);
  const set = `launch-${randomUUID()}`;
  const [first, second] = [await hold(ofAccount(shop.id)), await hold({ scope: 'delivery_set', deliverySetId: set })];
  const scheduleId = await taken(stage, shop, { deliverySet: { id: set, memberCount: 1 } });
  await pass(stage, scheduleId);
  expect(await release(first)).toEqual({ released: 0, missed: 0 });
  expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'held' });
  expect(await release(second)).toEqual({ released: 1, missed: 0 });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
});

describe('a release', () => {
  async function heldThree() {
    const shop = await openShop(stage);
    const holdId = await hold(ofAccount(shop.id));
    const ids: string[] = [];
    for (let post = 0; post < 3; post += 1) {
      const scheduleId = await taken(stage, shop);
      await pass(stage, scheduleId);
      ids.push(scheduleId);
    }
    return { shop, holdId, ids };
  }
  const wakes = (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await scheduleOf(stage, id))?.wakeAt?.getTime() ?? 0));

  it('at a pace lets them go one after another, in the order in which they were due', async () => {
    const { holdId, ids } = await heldThree();
    expect(await release(holdId, { kind: 'every', minutes: 10 })).toEqual({ released: 3, missed: 0 });
    const [first = 0, second = 0, third = 0] = await wakes(ids);
    expect([second - first, third - second]).toEqual([600_000, 600_000]);
  });

  it('spread until a time lets the last one go at that time', async () => {
    const { holdId, ids } = await heldThree();
    const at = new Date(Date.now() + 3_600_000);
    await release(holdId, { kind: 'until', at: at.toISOString() });
    const [first = 0, , third = 0] = await wakes(ids);
    expect(Math.abs(third - at.getTime())).toBeLessThan(1_000);
    expect(third).toBeGreaterThan(first);
  });

  it('leaves what is older than a time to a person, who gives it a new one', async () => {
    const { holdId, ids, shop } = await heldThree();
    const second = (await scheduleOf(stage, ids[1] ?? ''))?.publishAt ?? new Date(0);
    expect(await release(holdId, { kind: 'at_once' }, second)).toEqual({ released: 2, missed: 1 });
    expect(await scheduleOf(stage, ids[0] ?? '')).toMatchObject({ state: 'missed', wakeAt: null });
    expect(await attemptsOf(stage, ids[0] ?? '')).toEqual([]);
    expect(await shop.creates()).toBe(0);
  });
});
