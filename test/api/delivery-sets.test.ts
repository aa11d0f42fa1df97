// Members of a delivery set agree on how many they are, and are no more than that; what does not fit is not stored.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from '../harness/stage.ts';
import { openShop, type Shop, someText } from '../workflow/shop.ts';
import { openApi, type TestApi } from './open-api.ts';

let stage: Stage;
let api: TestApi;
let shop: Shop;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
  shop = await openShop(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

function member(set: string, memberCount: number, id: string = randomUUID()) {
  const publishAt = new Date(Date.now() + 3_600_000).toISOString();
  const json = { id, account: shop.name, text: someText(), publishAt, deliverySet: { id: set, memberCount } };
  return api.ask('POST', '/api/schedules', { json });
}
const refusal = (problem: string) => ({
  status: 422,
  body: { error: { code: 'invalid_schedule', problems: [{ field: 'deliverySet', problem }] } },
});

it('a member that counts otherwise than those before it is refused, and not stored', async () => {
  const set = `launch-${randomUUID()}`;
  expect((await member(set, 3)).status).toBe(201);
  const id = randomUUID();
  expect(await member(set, 2, id)).toMatchObject(refusal('has 3 members, as the posts before it said, not 2'));
  expect((await api.ask('GET', `/api/schedules/${id}`)).status).toBe(404);
});

it('one too many is refused, also where several come at once', async () => {
  const set = `launch-${randomUUID()}`;
  const answers = await Promise.all(Array.from({ length: 5 }, () => member(set, 2)));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 201, 422, 422, 422]);
  expect(await member(set, 2)).toMatchObject(refusal('is complete with its 2 members'));
});
