// The command line recovers what the pages recover: it lists, shows, claims, decides and replays, in words or as JSON.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { schedules } from '../../src/ledger/schema/schedules.ts';
import { makeSamples } from '../../src/sandbox/media/samples.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { place, placeAccount } from '../recovery/place.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  api = await openApi(stage);
  const fine = await placeAccount(stage, { name: 'fine' });
  await place(stage, { id: 'one', state: 'failed', cause: 'media_invalid', accountId: fine, text: 'The first' });
  await place(stage, { id: 'two', state: 'unconfirmed', cause: 'unknown', accountId: fine, openIntent: true });
  const account = await stage.connectSandboxAccount({ platform: 'x', name: 'night', settings: { quota: 'unlimited' } });
  const { db } = stage.context.ledger;
  for (const id of ['n1', 'n2']) {
    await place(stage, { id, state: 'failed', cause: 'publish_failed', accountId: account.id, text: `Post ${id}` });
    await db
      .update(schedules)
      .set({ workflowId: workflowIdOf(id) })
      .where(eq(schedules.id, id));
  }
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const run = (...args: readonly string[]) =>
  oncepost([...args], { ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key });

it('lists items by a filter and shows one with what may be done about it', async () => {
  const listed = await run('items', '--account', 'fine', '--cause', 'media_invalid', '--json');
  expect(JSON.parse(listed.stdout)).toMatchObject({ items: [{ id: 'one', text: 'The first' }], nextCursor: null });
  const shown = await run('show', 'one');
  expect(shown.stdout).toContain('one  failed  x/fine');
  expect(shown.stdout).toContain('Now: replay, reschedule, handoff, cancel, edit, review.');
  expect(await run('items', '--cause', 'nonsense')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not known'),
  });
});

it('uploads a file, and says what a post names it by', async () => {
  const path = join(stage.folder, 'picture.jpg');
  await writeFile(path, makeSamples().get('sample.jpg')?.bytes ?? '');
  expect((await run('media', 'upload', path)).stdout).toMatch(/^media:[0-9a-f]{64}\n$/);
  expect(await run('media', 'upload', join(stage.folder, 'nowhere.jpg'))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/nowhere\.jpg could not be read, so nothing was stored/),
  });
});

it('claims, reschedules, resolves and cancels, and tells a refusal in the words of the server', async () => {
  expect((await run('claim', 'one')).stdout).toBe('Claimed by nightly.\n');
  const at = new Date(Date.now() + 86_400_000).toISOString();
  expect((await run('reschedule', 'one', '--at', at)).stdout).toBe(`It goes out ${at}.\n`);
  expect((await run('cancel', 'one')).stdout).toBe('Canceled.\n');
  expect(await run('cancel', 'one')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The publish has ended'),
  });
  const decided = await run('resolve', 'two', '--live', '42', '--evidence', 'seen on the profile');
  expect(decided.stdout).toBe('Recorded; it is published.\n');
});

it('has a publish try again now that waits for a platform, and not before the time that the platform named', async () => {
  const accountId = await placeAccount(stage, { name: 'away' });
  await place(stage, { id: 'away', state: 'retry_later', cause: 'publish_failed', accountId });
  await place(stage, { id: 'throttled', state: 'retry_later', cause: 'rate_limited', accountId });
  expect((await run('resume', 'away')).stdout).toBe('It tries again now.\n');
  expect(await run('resume', 'throttled')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The platform itself named the time to come back'),
  });
});

it('replays an incident together and follows it to its end', async () => {
  expect((await run('incidents')).stdout).toContain('x/night  publish_failed  2 can be replayed together.');
  const ended = await run('replay', '--account', 'night', '--cause', 'publish_failed', '--follow');
  expect(ended.stdout).toBe('accepted: 2\nn1  accepted  It runs again.\nn2  accepted  It runs again.\n');
  expect((await run('batches')).stdout).toBe('None.\n');
  expect((await run('batches', '--ended')).stdout).toMatch(
    /^[0-9a-f-]{36} {2}night {2}publish_failed {2}2 members {2}ended \S+Z {2}asked for by nightly \S+Z\n$/,
  );
  expect((await run('activity', '--type', 'batch')).stdout).toMatch(
    /batch\.ended[\s\S]+batch\.asked[\s\S]+The chain: whole\./,
  );
  expect(await run('replay', '--account', 'night')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('nothing was sent'),
  });
});
