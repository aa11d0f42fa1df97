// A post that was wrongly called absent. Before another create leaves, every earlier one that may have left is asked about
// again, however it came to be called so; and a platform that calls our create a duplicate is believed (laws 1 and 4).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readResult } from '../../src/ledger/schedules/result.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { openShop, REFUSAL, type Shop } from '../workflow/shop.ts';
import { pass, recordOf, rescheduleSoon, say, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** A publish whose first create is live and hidden, so that looks call it absent; the second one is met by the fault. */
async function calledAbsent(shop: Shop, second: Parameters<Shop['fault']>[0], state: string): Promise<string> {
  await shop.fault({ kind: 'hidden_from_list', ms: 'forever' });
  await shop.fault({ kind: 'commit_then_reset' });
  await shop.fault(second, { skip: 1 });
  const scheduleId = await taken(stage, shop);
  await until(`it is ${state}`, async () => (await pass(stage, scheduleId)).state === state);
  expect(await shop.live()).toHaveLength(1);
  return scheduleId;
}

const show = async (shop: Shop) => {
  const [post] = await shop.live();
  await stage.sandbox.unhide('x', post?.id ?? '');
};

it('a duplicate refusal after an unanswered create contradicts "absent": a person decides, with that as evidence', async () => {
  const shop = await openShop(stage);
  const scheduleId = await calledAbsent(shop, { kind: 'duplicate_refusal' }, 'unconfirmed');
  const { cause } = await readResult(stage.context.ledger, stage.keyOf(scheduleId));
  expect(cause?.text).toMatch(/^X refused the last create as a duplicate, so an equal post is live/);
  await say(stage, scheduleId, 'replay');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'unconfirmed' });
  expect(await shop.creates()).toBe(2);
});

it('a duplicate refusal of a first create is an older post of somebody: it has failed, and nothing of ours is live', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'duplicate_refusal' });
  const scheduleId = await taken(stage, shop);
  await until('it has failed', async () => (await pass(stage, scheduleId)).state === 'failed');
  expect(await shop.live()).toHaveLength(0);
});

it('that shows after all before the next replay is found by it, and nothing more is sent', async () => {
  const shop = await openShop(stage);
  const scheduleId = await calledAbsent(shop, REFUSAL, 'failed');
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['absent', 'refused'] });
  await show(shop);
  await say(stage, scheduleId, 'replay');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['live', 'refused'] });
  expect(await shop.creates()).toBe(2);
});

it('and that shows after a new time was chosen is found by that', async () => {
  const shop = await openShop(stage);
  const scheduleId = await calledAbsent(shop, REFUSAL, 'failed');
  await show(shop);
  await rescheduleSoon(stage, scheduleId);
  await until('it is found', async () => (await pass(stage, scheduleId)).state === 'published');
  expect(await shop.creates()).toBe(2);
});

it('and that cannot be asked about again is left to a person, whose word denies the create that looks called absent', async () => {
  const shop = await openShop(stage);
  const scheduleId = await calledAbsent(shop, REFUSAL, 'failed');
  await shop.fault({ kind: 'html_error', status: 503 }, { call: 'timeline', times: 9 });
  await say(stage, scheduleId, 'replay');
  await until('nobody can tell', async () => (await pass(stage, scheduleId)).state === 'unconfirmed');
  const denial = { verdict: 'not_live', decidedBy: 'Olga', evidence: 'I do not see it' };
  await until('it can be denied', async () => (await say(stage, scheduleId, 'resolve', denial)).accepted);
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['denied', 'refused'] });
  await show(shop);
  await say(stage, scheduleId, 'replay');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect(await shop.creates()).toBe(2);
});
