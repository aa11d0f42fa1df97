// Two attempts of one publish at once, as after a reset or a pause of the worker: one post, and each attempt ends in a
// record of its own (laws 1 and 8).
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readResult } from '../../src/ledger/schedules/result.ts';
import { connectedAccounts } from '../../src/ledger/schema/accounts.ts';
import { AttemptStopped } from '../../src/publishing/attempt/keeper.ts';
import type { CrashPoints } from '../../src/publishing/attempt/points.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openShop } from '../workflow/shop.ts';
import { expireLease, holderOf, losingLedger, pass, recordOf, say, stopAt, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

it('the earlier one saves the post while the later one looks for it: both end, and the account is free', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  const answered = stopAt('answered_unsaved');
  const earlier = pass(stage, scheduleId, { points: answered.points });
  await answered.reached;
  const looked = stopAt('reconcile_looked');
  const later = pass(stage, scheduleId, { points: looked.points });
  await looked.reached;
  answered.release();
  expect(await earlier).toMatchObject({ state: 'published' });
  looked.release();
  expect(await later).toMatchObject({ state: 'published' });
  expect(await recordOf(stage, scheduleId)).toMatchObject({
    attempts: ['interrupted', 'published'],
    intents: ['live'],
    audit: [
      'schedule.created',
      'publish.attempt_started',
      'publish.intent_sent',
      'publish.attempt_interrupted',
      'publish.attempt_started',
      'publish.published',
      'publish.late_answer',
    ],
  });
  expect(await holderOf(stage, shop.id)).toBe('');
  expect(await shop.creates()).toBe(1);
});

it('the earlier one saves the post, and the worker of the later one is gone: the next pass ends its record', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  const answered = stopAt('answered_unsaved');
  const earlier = pass(stage, scheduleId, { points: answered.points });
  await answered.reached;
  const gone = stopAt('reconcile_looked');
  const later = pass(stage, scheduleId, { points: gone.points });
  await gone.reached;
  answered.release();
  expect(await earlier).toMatchObject({ state: 'published' });
  expect((await recordOf(stage, scheduleId)).attempts).toEqual(['interrupted', null]);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect((await recordOf(stage, scheduleId)).attempts).toEqual(['interrupted', 'interrupted']);
  gone.release();
  expect(await later).toMatchObject({ state: 'published' });
  expect(await shop.creates()).toBe(1);
});

it('the later one finds the post while the earlier one waits to save it: it is saved once', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  const answered = stopAt('answered_unsaved');
  const earlier = pass(stage, scheduleId, { points: answered.points });
  await answered.reached;
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  answered.release();
  expect(await earlier).toMatchObject({ state: 'published' });
  const { attempts, audit } = await recordOf(stage, scheduleId);
  expect(attempts).toEqual(['interrupted', 'published']);
  expect(audit.filter((type) => type === 'publish.published')).toHaveLength(1);
  expect(await shop.creates()).toBe(1);
});

it('the earlier one wakes before its call: it leaves the publish to the later one, and takes nothing back', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  const asleep = stopAt('before_intent');
  const earlier = pass(stage, scheduleId, { points: asleep.points });
  await asleep.reached;
  const prepared = stopAt('prepared');
  const later = pass(stage, scheduleId, { points: prepared.points });
  await prepared.reached;
  asleep.release();
  await expect(earlier).rejects.toThrow(AttemptStopped);
  prepared.release();
  expect(await later).toMatchObject({ state: 'published', attempts: 2 });
  expect(await recordOf(stage, scheduleId)).toMatchObject({
    attempts: ['interrupted', 'published'],
    intents: ['live'],
  });
  expect(await shop.creates()).toBe(1);
});

it.each([
  ['published', 'publish.published', null],
  ['failed', 'publish.refused', { kind: 'refuse_before', preset: 'invalid_url' }],
  ['outcome_unknown', 'publish.outcome_unknown', { kind: 'commit_then_reset' }],
] as const)(
  'an attempt that ends as %s is saved once, though the answer to its save was lost',
  async (state, saved, fault) => {
    const shop = await openShop(stage);
    if (fault) await shop.fault(fault);
    const scheduleId = await taken(stage, shop);
    const { ledger, loseNextAnswer } = losingLedger(stage);
    const points: CrashPoints = {
      async reach(point) {
        if (point === 'answered_unsaved') loseNextAnswer();
      },
    };
    expect(await pass(stage, scheduleId, { ledger, points })).toMatchObject({ state, attempts: 1 });
    const { attempts, audit } = await recordOf(stage, scheduleId);
    expect(attempts).toHaveLength(1);
    expect(audit.slice(3)).toEqual([saved]);
  },
);

it('a post whose call has not left yet cannot be denied, and its call does not leave late', async () => {
  const shop = await openShop(stage);
  const scheduleId = await taken(stage, shop);
  const permitted = stopAt('after_intent');
  const frozen = pass(stage, scheduleId, { points: permitted.points });
  await permitted.reached;
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline' });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'unconfirmed' });
  const denial = { verdict: 'not_live', decidedBy: 'Olga', evidence: 'I do not see it' };
  // Said early, however long the look took.
  shiftClock(stage.folder, -3_600_000);
  expect(await say(stage, scheduleId, 'resolve', denial)).toMatchObject({ reason: 'too_early_to_deny' });
  shiftClock(stage.folder, 0);
  await until('it can be denied', async () => (await say(stage, scheduleId, 'resolve', denial)).accepted);
  await say(stage, scheduleId, 'replay');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  permitted.release();
  expect(await frozen).toMatchObject({ state: 'published' });
  expect(await shop.live()).toHaveLength(1);
  expect(await shop.creates()).toBe(1);
});

describe('the earlier one has used the refresh token, and not yet saved the grant it got', () => {
  /** The later one's result, and the account as it is left, when the earlier one saves after so long, or after it. */
  async function renewedBy(moment: number | 'its end') {
    const shop = await openShop(stage);
    const { db, clock } = stage.context.ledger;
    const mine = eq(connectedAccounts.id, shop.id);
    await db.update(connectedAccounts).set({ grantExpiresAt: clock.now() }).where(mine);
    const scheduleId = await taken(stage, shop);
    const renewed = stopAt('grant_renewed_unsaved');
    const earlier = pass(stage, scheduleId, { points: renewed.points }).catch((error: unknown) => error);
    await renewed.reached;
    const later = pass(stage, scheduleId);
    if (moment !== 'its end') setTimeout(() => renewed.release(), moment);
    const result = await later;
    renewed.release();
    await earlier;
    const [account] = await db.select().from(connectedAccounts).where(mine);
    return { shop, scheduleId, result, account };
  }

  it('saves it a moment later: the later one publishes with it', async () => {
    const { shop, result, account } = await renewedBy(200);
    expect(result).toMatchObject({ state: 'published' });
    expect(account).toMatchObject({ status: 'connected', grantVersion: 2 });
    expect(await shop.creates()).toBe(1);
  });

  it('saves it long after: the account is connected all the same, and a replay publishes', async () => {
    const { shop, scheduleId, result, account } = await renewedBy('its end');
    expect(result).toMatchObject({ state: 'failed', cause: { code: 'reconnect_required' } });
    expect(account).toMatchObject({ status: 'connected', grantVersion: 2 });
    expect(await say(stage, scheduleId, 'replay')).toMatchObject({ accepted: true });
    expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
    expect(await shop.creates()).toBe(1);
  });
});

it('a post that the ledger gives to another schedule is not claimed again: a person looks', async () => {
  const shop = await openShop(stage);
  const text = 'The same words twice';
  const first = await taken(stage, shop, { text });
  const second = await taken(stage, shop, { text });
  await shop.fault({ kind: 'reset_before' });
  expect(await pass(stage, first)).toMatchObject({ state: 'outcome_unknown' });
  const answered = stopAt('answered_unsaved');
  const slow = pass(stage, second, { points: answered.points });
  await answered.reached;
  // Its lease runs out while it stands still, and the look for the first post finds the second one's.
  await expireLease(stage, shop.id);
  const found = await pass(stage, first);
  expect(found).toMatchObject({ state: 'published' });
  answered.release();
  expect(await slow).toMatchObject({ state: 'unconfirmed', cause: { code: 'unknown' } });
  const result = await readResult(stage.context.ledger, stage.keyOf(second));
  expect(result.cause?.text).toContain(`live as ${found.platformPostId}, which is on record as the post of another`);
  expect(await recordOf(stage, second)).toMatchObject({ attempts: ['unconfirmed'], intents: ['unknown'] });
  expect(await shop.live()).toHaveLength(1);
});

it('a post that appears though every look had missed it is told as a second one, for a person to delete', async () => {
  const shop = await openShop(stage);
  await shop.settings({ duplicateWindowMs: 0 });
  await shop.fault({ kind: 'hidden_from_list', ms: 'forever' });
  const scheduleId = await taken(stage, shop);
  const answered = stopAt('answered_unsaved');
  const earlier = pass(stage, scheduleId, { points: answered.points });
  await answered.reached;
  await until('the post counts as absent', async () => (await pass(stage, scheduleId)).state === 'published');
  answered.release();
  expect(await earlier).toMatchObject({ state: 'published' });
  expect((await recordOf(stage, scheduleId)).audit.at(-1)).toBe('publish.second_post');
  expect(await shop.live()).toHaveLength(2);
});
