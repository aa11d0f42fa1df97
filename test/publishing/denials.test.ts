// A person said that a post is not live. What the platform shows outranks what anybody said: it is asked once more before
// another create leaves, and where it cannot be asked the person's word stands (laws 1 and 5).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { type Fault, openShop, type Shop } from '../workflow/shop.ts';
import { pass, recordOf, rescheduleSoon, say, taken } from './passes.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** A publish whose create met the fault, which X then refused to be asked about, and which a person denied. */
async function deniedPublish(shop: Shop, fault: Fault): Promise<string> {
  await shop.fault(fault);
  const scheduleId = await taken(stage, shop);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline' });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'unconfirmed' });
  const denial = { verdict: 'not_live', decidedBy: 'Olga', evidence: 'I do not see it' };
  await until('it can be denied', async () => (await say(stage, scheduleId, 'resolve', denial)).accepted);
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['denied'] });
  return scheduleId;
}

it('but it is live: the replay finds it, and sends nothing', async () => {
  const shop = await openShop(stage);
  const scheduleId = await deniedPublish(shop, { kind: 'commit_then_reset' });
  await say(stage, scheduleId, 'replay');
  const [post] = await shop.live();
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', platformPostId: post?.id });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['live'] });
  expect(await shop.creates()).toBe(1);
});

it('but it is live, and was rescheduled: its new time finds it, and sends nothing', async () => {
  const shop = await openShop(stage);
  const scheduleId = await deniedPublish(shop, { kind: 'commit_then_reset' });
  await rescheduleSoon(stage, scheduleId);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['live'] });
  expect(await shop.creates()).toBe(1);
});

it('and it is not: the look confirms it, and it is sent again, once', async () => {
  const shop = await openShop(stage);
  const scheduleId = await deniedPublish(shop, { kind: 'reset_before' });
  await say(stage, scheduleId, 'replay');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  const { intents, audit } = await recordOf(stage, scheduleId);
  expect(intents).toEqual(['absent', 'live']);
  expect(audit.filter((type) => type === 'publish.intent_absent')).toHaveLength(1);
  expect(await shop.live()).toHaveLength(1);
});

it('and X does not answer when it is asked once more: the create waits, and the word stands after the last try', async () => {
  const shop = await openShop(stage);
  const scheduleId = await deniedPublish(shop, { kind: 'reset_before' });
  await shop.fault({ kind: 'html_error', status: 503 }, { call: 'timeline', times: null });
  await say(stage, scheduleId, 'replay');
  const creates = await shop.creates();
  const waiting = await pass(stage, scheduleId);
  expect(waiting).toMatchObject({ state: 'retry_later' });
  expect(waiting.cause?.text).toMatch(/Nothing more was sent\.$/);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'retry_later' });
  expect(await shop.creates()).toBe(creates);
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect(await shop.live()).toHaveLength(1);
});

it('and the look is throttled: the publish waits for the reset', async () => {
  const shop = await openShop(stage);
  const scheduleId = await deniedPublish(shop, { kind: 'reset_before' });
  await shop.fault({ kind: 'rate_limited', form: 'epoch', resetInMs: 3_600_000 }, { call: 'timeline' });
  await say(stage, scheduleId, 'replay');
  const creates = await shop.creates();
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'retry_later', cause: { code: 'rate_limited' } });
  expect(await shop.creates()).toBe(creates);
});

it('of each of two creates, after a new time: the first is found all the same', async () => {
  const shop = await openShop(stage);
  const scheduleId = await deniedPublish(shop, { kind: 'commit_then_reset' });
  await rescheduleSoon(stage, scheduleId);
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline' });
  await shop.fault({ kind: 'reset_before' });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['denied', 'unknown'] });
  await until('it is settled', async () => (await pass(stage, scheduleId)).state === 'published');
  expect(await shop.live()).toHaveLength(1);
});

it('and the platform refuses to be asked this time too: the person’s word stands', async () => {
  const shop = await openShop(stage);
  const scheduleId = await deniedPublish(shop, { kind: 'reset_before' });
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline' });
  await say(stage, scheduleId, 'replay');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published' });
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['denied', 'live'] });
  expect(await shop.live()).toHaveLength(1);
});
