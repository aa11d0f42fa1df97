// /api/holds, the client's calls over it and `oncepost hold`: publishing stops at once, shows what it keeps back, and goes on (R8).
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { activeHolds, releaseHold } from '../../src/ledger/holds/holds.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { pass, taken } from '../publishing/passes.ts';
import { OLGA, openShop, scheduleOf } from '../workflow/shop.ts';
import { openApi, type TestApi } from './open-api.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  api = await openApi(stage);
});
afterEach(async () => {
  const { ledger } = stage.context;
  const { workspaceId } = stage;
  for (const { id: holdId } of await activeHolds(ledger, workspaceId)) {
    await releaseHold(ledger, { workspaceId, holdId, pace: { kind: 'at_once' }, notOlderThan: null, actor: OLGA });
  }
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const everything = { scope: 'workspace' } as const;

describe('a hold of the whole workspace', () => {
  it('stops every account, is listed with what it keeps back, and lets it go', async () => {
    const client = api.client();
    const shops = [await openShop(stage), await openShop(stage)];
    const { id, placed } = await client.placeHold({ target: everything, reason: 'the election' });
    expect(placed).toBe(true);
    const ids = await Promise.all(shops.map((shop) => taken(stage, shop)));
    for (const one of ids) expect(await pass(stage, one)).toMatchObject({ state: 'held', attempts: 0 });
    expect(await client.holds()).toEqual({
      holds: [
        {
          ...{ id, scope: 'workspace', targetId: '', reason: 'the election', placedBy: 'nightly', keptBack: 2 },
          placedAt: expect.any(String),
        },
      ],
    });
    expect(await client.placeHold({ target: everything, reason: 'again' })).toMatchObject({ id, placed: false });
    expect(await client.releaseHold(id, { pace: { kind: 'every', minutes: 5 } })).toEqual({ released: 2, missed: 0 });
    expect(await client.holds()).toEqual({ holds: [] });
    expect(await pass(stage, ids[0] ?? '')).toMatchObject({ state: 'published' });
    expect(await Promise.all(shops.map((shop) => shop.creates()))).toEqual([1, 0]);
  });

  it('leaves what is older than a time to a person', async () => {
    const client = api.client();
    const shop = await openShop(stage);
    const { id } = await client.placeHold({ target: everything, reason: 'the election' });
    const scheduleId = await taken(stage, shop);
    await pass(stage, scheduleId);
    const notOlderThan = new Date(Date.now() + 60_000).toISOString();
    expect(await client.releaseHold(id, { notOlderThan })).toEqual({ released: 0, missed: 1 });
    expect(await scheduleOf(stage, scheduleId)).toMatchObject({ state: 'missed' });
  });
});

describe('the API of holds', () => {
  it('answers what cannot be held, or is not held, in its own words', async () => {
    const ask = (json: unknown) => api.ask('POST', '/api/holds', { json });
    expect(await ask({ target: everything })).toMatchObject({ status: 422 });
    expect(await ask({ target: { scope: 'account', accountId: randomUUID() }, reason: 'x' })).toMatchObject({
      status: 404,
    });
    expect((await api.ask('POST', `/api/holds/${randomUUID()}/release`, { json: {} })).status).toBe(404);
    expect((await api.ask('POST', '/api/holds/nonsense/release', { json: {} })).status).toBe(404);
  });

  it('wants the scope for it, and only reads for whoever may read', async () => {
    const key = await api.newKey(['schedules:read']);
    expect((await api.ask('GET', '/api/holds', { key })).status).toBe(200);
    const json = { target: everything, reason: 'x' };
    expect((await api.ask('POST', '/api/holds', { key, json })).status).toBe(403);
    expect(await activeHolds(stage.context.ledger, stage.workspaceId)).toEqual([]);
  });

  it('says when no post names the delivery set yet', async () => {
    const shop = await openShop(stage);
    const set = `launch-${randomUUID()}`;
    const target = { scope: 'delivery_set', deliverySetId: set } as const;
    const first = await api.client().placeHold({ target, reason: 'x' });
    expect(first).toMatchObject({ placed: true, unknownSet: true });
    await taken(stage, shop, { deliverySet: { id: set, memberCount: 1 } });
    expect(await api.client().placeHold({ target, reason: 'x' })).toEqual({
      id: first.id,
      placed: false,
      unknownSet: false,
    });
  });
});

describe('oncepost hold', () => {
  const run = (...args: readonly string[]) =>
    oncepost(['hold', ...args], { ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key });

  it('stops an account by its name, lists it, and releases it at a pace', async () => {
    const shop = await openShop(stage);
    expect(await run('place', '--account', shop.name, '--reason', 'the news')).toMatchObject({
      code: 0,
      stdout: 'On hold.\n',
    });
    const again = await run('place', '--account', shop.id, '--reason', 'the news');
    expect(again.stdout).toBe('It was on hold already.\n');
    const ids = [await taken(stage, shop), await taken(stage, shop)];
    for (const id of ids) expect(await pass(stage, id)).toMatchObject({ state: 'held' });
    const listed = await run('list');
    expect(listed.stdout).toContain(`account ${shop.id}  2 kept back  the news (nightly, `);
    const [{ id } = { id: '' }] = JSON.parse((await run('list', '--json')).stdout) as { id: string }[];
    const late = new Date(Date.now() - 86_400_000).toISOString();
    expect((await run('release', id, '--every', '10')).stdout).toBe('Released: 2 go out, 0 want a new time.\n');
    const placed = JSON.parse((await run('place', '--account', shop.id, '--reason', 'again', '--json')).stdout);
    expect(placed).toMatchObject({ placed: true, unknownSet: false });
    const released = await run('release', placed.id, '--not-older-than', late, '--json');
    expect(JSON.parse(released.stdout)).toEqual({ released: 0, missed: 0 });
    const [first, second] = await Promise.all(
      ids.map(async (one) => (await scheduleOf(stage, one))?.wakeAt?.getTime() ?? 0),
    );
    expect(Math.abs((second ?? 0) - (first ?? 0))).toBe(600_000);
  });

  it('refuses an account that nobody has, and a name that two have, and warns of a set that no post names', async () => {
    expect(await run('place', '--account', 'nobody', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no account "nobody", so nothing was held'),
    });
    const twins = [
      await stage.connectSandboxAccount({ platform: 'x', name: 'twin' }),
      await stage.connectSandboxAccount({ platform: 'instagram', name: 'twin' }),
    ];
    expect(await run('place', '--account', 'twin', '--reason', 'x')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Several accounts are called "twin"'),
    });
    expect((await run('place', '--account', 'twin', '--platform', 'instagram', '--reason', 'x')).code).toBe(0);
    const active = await activeHolds(stage.context.ledger, stage.workspaceId);
    expect(active.map(({ targetId }) => targetId)).toEqual([twins[1]?.id]);
    expect(await run('place', '--delivery-set', 'lunch', '--reason', 'x')).toMatchObject({
      code: 0,
      stdout: 'On hold.\n',
      stderr: expect.stringContaining('No post names that delivery set yet'),
    });
  });
});
