// Past its last moment nothing of a post is created any more; what may be live is still looked for (R8).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { openShop, scheduleOf } from '../workflow/shop.ts';
import { pass, recordOf, say, stopAt, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const inAMinute = () => new Date(stage.context.ledger.clock.now().getTime() + 60_000).toISOString();
const later = (ms: number) => shiftClock(stage.folder, ms);

describe('a post that has a last moment', () => {
  it('goes out before it as any other', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishBefore: inAMinute() });
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  });

  it('is missed after it, makes no attempt, and goes out at a new time', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishBefore: inAMinute() });
    later(61_000);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'missed', attempts: 0, wakeAt: null });
    expect(await shop.creates()).toBe(0);
    expect(await say(stage, scheduleId, 'replay')).toMatchObject({ accepted: false, reason: 'too_late' });
    const now = stage.context.ledger.clock.now();
    const publishAt = new Date(now.getTime() + 500).toISOString();
    // The last moment moves with the time.
    expect(await say(stage, scheduleId, 'reschedule', { publishAt })).toMatchObject({ accepted: true });
    expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'queued' });
    later(63_000);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.live()).toHaveLength(1);
    later(0);
  });

  it('whose last moment passes while it is prepared is not created', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop, { publishBefore: inAMinute() });
    const stop = stopAt('before_intent');
    const running = pass(stage, scheduleId, { points: stop.points });
    await stop.reached;
    later(61_000);
    stop.release();
    expect(await running).toMatchObject({ state: 'missed' });
    expect(await shop.creates()).toBe(0);
    expect((await recordOf(stage, scheduleId)).intents).toEqual([]);
    later(0);
  });

  it('is found live after it all the same', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    const scheduleId = await taken(stage, shop, { publishBefore: inAMinute() });
    await pass(stage, scheduleId);
    later(61_000);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
    later(0);
  });
});
