// A post that was wrongly called absent: rescheduled, denied, replayed or met by a newer version of ours, it is found under
// its key and adopted; there is never a second one. Through the protocol, on a real PDS.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { intents, schedules } from '../../../src/ledger/schema/schedules.ts';
import { recordDigest } from '../../../src/platforms/bluesky/record.ts';
import { openStage, type Stage } from '../../harness/stage.ts';
import { until } from '../../harness/until.ts';
import { afterCommit, before as beforePds, RESET, xrpcError } from '../../pds/faults.ts';
import { type Pds, startPds } from '../../pds/start-pds.ts';
import { putPost, xrpc } from '../../pds/test-calls.ts';
import { pass, recordOf, rescheduleSoon, say, taken } from '../../publishing/passes.ts';
import { intentsOf } from '../../workflow/shop.ts';
import { type BlueskyShop, openBlueskyShop } from './bluesky-shop.ts';

const PUT = 'com.atproto.repo.putRecord';
const GET = 'com.atproto.repo.getRecord';
const HIDDEN = beforePds(xrpcError(400, 'RecordNotFound', 'Could not locate record'));
const REFUSED = beforePds(xrpcError(400, 'InvalidRequest', 'Not today'));

let dataFolder: string;
let pds: Pds;
let stage: Stage;
beforeAll(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'bluesky-key-'));
  pds = await startPds({ dataFolder });
  stage = await openStage();
});
afterAll(async () => {
  await stage.close();
  await pds.stop();
  await rm(dataFolder, { recursive: true, force: true });
});

/** Passes until the publish is in this state. */
function passesUntil(scheduleId: string, state: string): Promise<true> {
  return until(`${scheduleId} is ${state}`, async () => (await pass(stage, scheduleId)).state === state);
}

/** Live, and its answer lost; then hidden from the look, and the create that followed was refused. */
async function wronglyAbsent(shop: BlueskyShop, text: string): Promise<string> {
  shop.proxy.setFault(PUT, afterCommit(RESET));
  const scheduleId = await taken(stage, shop, { text });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  shop.proxy.setFault(GET, HIDDEN, Number.POSITIVE_INFINITY);
  shop.proxy.setFault(PUT, REFUSED);
  await passesUntil(scheduleId, 'failed');
  shop.proxy.clearFaults();
  expect(await recordOf(stage, scheduleId)).toMatchObject({ intents: ['absent', 'refused'] });
  return scheduleId;
}

it('is adopted after a new time and a replay, and keeps the instant of its first create', async () => {
  const shop = await openBlueskyShop(stage, pds);
  const scheduleId = await wronglyAbsent(shop, 'called absent, moved, replayed');
  const [first] = await shop.live();
  await rescheduleSoon(stage, scheduleId);
  await passesUntil(scheduleId, 'published');
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', platformPostId: first?.uri });
  expect(await shop.live()).toEqual([first]);
  expect(shop.proxy.count(PUT).received).toBe(2);
});

it('is adopted when a person denied it, the look was blind again, and it got a new time', async () => {
  const shop = await openBlueskyShop(stage, pds);
  shop.proxy.setFault(PUT, afterCommit(RESET));
  const scheduleId = await taken(stage, shop, { text: 'denied' });
  await pass(stage, scheduleId);
  shop.proxy.setFault(GET, beforePds(xrpcError(400, 'InvalidRequest', 'Could not find repo')));
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'unconfirmed' });
  const denial = { verdict: 'not_live', decidedBy: 'Olga', evidence: 'I do not see it' };
  await until('it can be denied', async () => (await say(stage, scheduleId, 'resolve', denial)).accepted);
  shop.proxy.setFault(GET, HIDDEN, Number.POSITIVE_INFINITY);
  await rescheduleSoon(stage, scheduleId);
  await passesUntil(scheduleId, 'published');
  expect(await shop.live()).toHaveLength(1);
});

/** As the version before left it: a key of its own making, the digest, and no instant. Answers the record it sent. */
async function asVersionBefore(shop: BlueskyShop, scheduleId: string, rkey: string) {
  const [intent] = await intentsOf(stage, scheduleId);
  const [schedule] = await stage.context.ledger.db.select().from(schedules).where(eq(schedules.id, scheduleId));
  const record = {
    $type: 'app.bsky.feed.post',
    text: schedule?.content.text ?? '',
    createdAt: '2026-11-20T09:00:00.000Z',
  } as const;
  await stage.context.ledger.db
    .update(intents)
    .set({ markers: { rkey, recordSha256: recordDigest(record) } })
    .where(eq(intents.id, intent?.id ?? ''));
  return {
    arrive: async () => {
      const call = { repo: shop.did, collection: 'app.bsky.feed.post', rkey, record, swapRecord: null };
      expect(await xrpc(pds.url, PUT, call, shop.accessJwt)).toMatchObject({ status: 200 });
    },
  };
}

/** A create of the version before whose answer was lost. */
async function sentByVersionBefore(shop: BlueskyShop, text: string, rkey: string) {
  shop.proxy.setFault(PUT, beforePds(RESET));
  const scheduleId = await taken(stage, shop, { text });
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'outcome_unknown' });
  return { scheduleId, ...(await asVersionBefore(shop, scheduleId, rkey)) };
}

it('of the version before is asked for under its own key', async () => {
  const shop = await openBlueskyShop(stage, pds);
  const { scheduleId, arrive } = await sentByVersionBefore(shop, 'old and live', '3mn7pppubowp4');
  await arrive();
  const uri = `at://${shop.did}/app.bsky.feed.post/3mn7pppubowp4`;
  expect(await pass(stage, scheduleId)).toMatchObject({ state: 'published', platformPostId: uri });
  expect(shop.proxy.count(PUT).received).toBe(1);
});

it('of the version before keeps its key: a late arrival meets the second create and is adopted', async () => {
  const shop = await openBlueskyShop(stage, pds);
  const { scheduleId, arrive } = await sentByVersionBefore(shop, 'old and late', '3mn7pppubowp4');
  await arrive();
  shop.proxy.setFault(GET, HIDDEN, Number.POSITIVE_INFINITY);
  await until('another create has met it', async () => {
    await pass(stage, scheduleId);
    return shop.proxy.count(PUT).received === 2;
  });
  shop.proxy.clearFaults();
  await passesUntil(scheduleId, 'published');
  const uri = `at://${shop.did}/app.bsky.feed.post/3mn7pppubowp4`;
  expect((await shop.live()).map((post) => post.uri)).toEqual([uri]);
});

it('of the version before that never arrived is sent again under the same key', async () => {
  const shop = await openBlueskyShop(stage, pds);
  const { scheduleId, arrive } = await sentByVersionBefore(shop, 'old and lost', '3mn7pppubowp4');
  await passesUntil(scheduleId, 'published');
  await expect(arrive()).rejects.toThrow();
  const uri = `at://${shop.did}/app.bsky.feed.post/3mn7pppubowp4`;
  expect((await shop.live()).map((post) => post.uri)).toEqual([uri]);
});

it('of another text is left alone: a person decides, and no second post is made', async () => {
  const shop = await openBlueskyShop(stage, pds);
  const scheduleId = await wronglyAbsent(shop, 'before the edit');
  const { db } = stage.context.ledger;
  await db
    .update(schedules)
    .set({ content: { text: 'after the edit', media: [] } })
    .where(eq(schedules.id, scheduleId));
  await say(stage, scheduleId, 'replay');
  await passesUntil(scheduleId, 'unconfirmed');
  const { cause } = await pass(stage, scheduleId);
  expect(cause?.text).toContain('An earlier version of this post is live, at at://');
  const texts = z.array(z.object({ value: z.object({ text: z.string() }) })).parse(await shop.live());
  expect(texts).toEqual([{ value: { text: 'before the edit' } }]);
});

it('and a post of somebody else under its key is left alone too', async () => {
  const shop = await openBlueskyShop(stage, pds);
  shop.proxy.setFault(PUT, beforePds(RESET));
  const scheduleId = await taken(stage, shop, { text: 'ours' });
  await pass(stage, scheduleId);
  const [intent] = await intentsOf(stage, scheduleId);
  const { rkey } = z.object({ rkey: z.string() }).parse(intent?.markers);
  await putPost(pds.url, shop, rkey, 'theirs');
  await passesUntil(scheduleId, 'unconfirmed');
  expect(await shop.live()).toHaveLength(1);
});
