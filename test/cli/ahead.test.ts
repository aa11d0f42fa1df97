// The command line looks ahead: the night, the last moment of a post, and how long a workspace's posts are worth publishing (R8).
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { WORKSPACE } from '../harness/workflow-id.ts';
import { taken } from '../publishing/passes.ts';
import { openShop, type Shop, scheduleOf } from '../workflow/shop.ts';

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

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const run = (...args: readonly string[]) =>
  oncepost([...args], { ...stage.env, ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key });

it('tonight ends with 0 while nothing is in the way, and with 1 once something is', async () => {
  await taken(stage, shop, { id: 'fine', publishAt: inHours(1) });
  const calm = await run('tonight', '--fresh');
  expect(calm).toMatchObject({ code: 0, stdout: '1 due within a day, 0 will not go out as they stand.\n' });
  await taken(stage, shop, { id: 'waits', publishAt: inHours(1), approvalRequired: true });
  const first = await run('tonight', '--limit', '1');
  expect(first.code).toBe(1);
  expect(first.stdout).toContain('2 due within a day, 1 will not go out as they stand.');
  expect(first.stdout).toContain(`waits  ${shop.name} on x\n  The present version of the post is not approved`);
  const [, cursor = ''] = /More: --cursor (\S+)/.exec(first.stdout) ?? [];
  const second = await run('tonight', '--limit', '1', '--cursor', cursor, '--json');
  expect(second.code).toBe(1);
  expect(JSON.parse(second.stdout)).toMatchObject({
    due: 2,
    stopped: 1,
    publishes: [{ item: { id: 'fine' } }],
    nextCursor: null,
  });
});

it('publish refuses a last moment that lies before the time', async () => {
  const refused = await run(
    'publish',
    '--account',
    shop.name,
    '--text',
    'x',
    '--at',
    inHours(2),
    '--before',
    inHours(1),
  );
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('publishBefore must lie after the time it is due'),
  });
});

it('workspace --publish-within gives what is taken in from then on a last moment, until it says always', async () => {
  expect((await run('workspace', '--name', WORKSPACE, '--publish-within', '6h')).stdout).toBe(
    'Posts go out within 6 hours or not at all.\n',
  );
  const publishAt = inHours(1);
  const within = await taken(stage, shop, { publishAt });
  const last = (await scheduleOf(stage, within))?.publishBefore;
  expect(last?.getTime()).toBe(Date.parse(publishAt) + 6 * 3_600_000);
  expect(await run('workspace', '--name', WORKSPACE, '--publish-within', 'soon')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('"soon" is no duration'),
  });
  expect((await run('workspace', '--name', WORKSPACE, '--publish-within', 'always')).stdout).toBe(
    'Posts go out whenever they can.\n',
  );
  const always = await taken(stage, shop, { publishAt });
  expect((await scheduleOf(stage, always))?.publishBefore).toBeNull();
});
