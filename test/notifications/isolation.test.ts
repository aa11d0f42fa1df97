// Whatever telling people meets, publishes go on, and whoever is away keeps nobody else waiting.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { failedPublish, openShop, someText } from '../workflow/shop.ts';
import { look, messages, openTold, SECRETS, webhook } from './place.ts';
import { openReceiver, type Receiver } from './receiver.ts';

let stage: Stage;
let well: Receiver;
let hangs: Receiver;
beforeAll(async () => {
  well = await openReceiver();
  hangs = await openReceiver();
  hangs.answers('hang');
  stage = await openTold({
    hangs: webhook(hangs.url),
    well: webhook(well.url),
    nobody: webhook('http://127.0.0.1:1/'),
  });
});
afterAll(async () => {
  await stage?.close();
  await well?.close();
  await hangs?.close();
});

const stateOf = async (channel: string) => (await messages(stage)).filter((one) => one.channel === channel);

it('a worker that dies in the middle delivers again, under the same id', async () => {
  const worker = await stage.startWorker(SECRETS);
  await failedPublish(stage);
  await look(stage);
  await until('the receiver that hangs has it', () => hangs.received.length > 0);
  await worker.kill();
  hangs.answers(204);
  await stage.startWorker(SECRETS);
  await until('it came again', () => hangs.received.length > 1);
  const ids = hangs.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(1);
  await until('it is delivered', async () => (await stateOf('hangs'))[0]?.state === 'delivered');
});

it('a receiver that hangs and one that is away delay neither twenty publishes nor the receiver that is well', async () => {
  hangs.answers('hang');
  well.forget();
  await failedPublish(stage);
  await look(stage);
  await until('the receiver that hangs has it', () => hangs.received.length > 2);
  const shops = await Promise.all([1, 2, 3, 4].map(() => openShop(stage)));
  const ends = Array.from({ length: 20 }, async (_, n) => {
    const shop = shops[n % shops.length];
    return (await stage.startPublish({ account: shop?.name, text: someText() })).result();
  });
  const results = await Promise.all(ends);
  expect(results.map(({ state }) => state)).toEqual(Array.from({ length: 20 }, () => 'published'));
  expect((await stateOf('hangs')).map(({ state }) => state)).toContain('waiting');
  await until('the well one has it', () => well.received.length > 0);
  const absent = await until('the absent one was tried', async () =>
    (await stateOf('nobody')).find(({ tries }) => tries > 0),
  );
  expect(absent).toMatchObject({ state: 'waiting', failure: 'Nothing listens at the address of the receiver.' });
  hangs.answers(204);
});

it('a database that refuses its rows stops no publish, and what happened meanwhile is told afterwards', async () => {
  const { db } = stage.context.ledger;
  await db.execute(sql`alter table notifications add constraint refuse_all check (false) not valid`);
  well.forget();
  const { shop } = await failedPublish(stage);
  await look(stage);
  expect(await (await stage.startPublish({ account: shop.name, text: someText() })).result()).toMatchObject({
    state: 'published',
  });
  expect(well.received).toEqual([]);
  await db.execute(sql`alter table notifications drop constraint refuse_all`);
  await look(stage);
  await until('it was told', () => well.received.some(({ body }) => body.includes(shop.name)));
});
