// Faults of our own, wherever an attempt meets them: while the post may be live the outcome stays open, before the call
// they are failures, and both are in the record (laws 3 and 8).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSealer } from '../../src/ledger/accounts/seal.ts';
import { readResult } from '../../src/ledger/schedules/result.ts';
import type { CrashPoints } from '../../src/publishing/attempt/points.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { openShop } from '../workflow/shop.ts';
import { pass, recordOf, say, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** A fault in the program at a named point. */
const faultAt = (point: string): CrashPoints => ({
  async reach(reached) {
    if (reached === point) throw new TypeError('a fault in the program');
  },
});

/** A ledger whose key is not the one the grants were sealed with. */
const withOtherKey = () => ({ ...stage.context.ledger, sealer: createSealer(new Uint8Array(32).fill(7)) });

describe('while the post may be live', () => {
  it('a key that no longer opens the grant leaves the outcome open, and a replay with the right one finds the post', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    const scheduleId = await taken(stage, shop);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
    const result = await pass(stage, scheduleId, { ledger: withOtherKey() });
    expect(result).toMatchObject({ state: 'unconfirmed', cause: { code: 'unknown' } });
    expect(result.cause?.text).toMatch(/ONCEPOST_SECRET_KEY.+The post may be live/);
    expect(await say(stage, scheduleId, 'replay')).toMatchObject({ accepted: true });
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
  });

  it('a fault after the answer leaves the outcome open, and a replay finds the post', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const result = await pass(stage, scheduleId, { points: faultAt('answered_unsaved') });
    expect(result.state).toBe('unconfirmed');
    expect(result.cause?.text).not.toContain('Nothing was sent');
    expect(await recordOf(stage, scheduleId)).toMatchObject({ attempts: ['unconfirmed'], intents: ['unknown'] });
    await say(stage, scheduleId, 'replay');
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
  });

  it('a look that trips leaves the outcome open, for a person to resolve', async () => {
    const shop = await openShop(stage);
    await shop.fault({ kind: 'commit_then_reset' });
    const scheduleId = await taken(stage, shop);
    await pass(stage, scheduleId);
    expect(await pass(stage, scheduleId, { points: faultAt('reconcile_looked') })).toMatchObject({
      state: 'unconfirmed',
    });
    const [post] = await shop.live();
    const verdict = { verdict: 'live', platformPostId: post?.id, decidedBy: 'Olga', evidence: 'I see it' };
    expect(await say(stage, scheduleId, 'resolve', verdict)).toMatchObject({ accepted: true });
    expect(await readResult(stage.context.ledger, stage.keyOf(scheduleId))).toMatchObject({ state: 'published' });
  });
});

describe('before the call', () => {
  it.each(['prepared', 'before_intent'])('a fault at %s is a failure, and nothing was sent', async (point) => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const result = await pass(stage, scheduleId, { points: faultAt(point) });
    expect(result).toMatchObject({ state: 'failed', cause: { code: 'unknown' } });
    expect(result.cause?.text).toContain('Nothing was sent.');
    expect(await recordOf(stage, scheduleId)).toMatchObject({ attempts: ['refused'], intents: [] });
    expect(await shop.creates()).toBe(0);
  });

  it('a fault outside every step is left to Temporal, whose next try goes through', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    await expect(pass(stage, scheduleId, { points: faultAt('attempt_opened') })).rejects.toThrow(TypeError);
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await recordOf(stage, scheduleId)).toMatchObject({ attempts: ['interrupted', 'published'] });
  });

  it('a key that does not open the grant is a failure that says what to do', async () => {
    const shop = await openShop(stage);
    const scheduleId = await taken(stage, shop);
    const result = await pass(stage, scheduleId, { ledger: withOtherKey() });
    expect(result).toMatchObject({ state: 'failed', cause: { code: 'unknown' } });
    expect(result.cause?.text).toMatch(/restore the key it was sealed with.+Nothing was sent\./);
  });
});
