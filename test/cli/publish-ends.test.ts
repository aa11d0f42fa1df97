// `oncepost publish` says how it ended, and never "not published" of a post that may be live.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { type Ended, oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { ask, openShop, type Shop, someText } from '../workflow/shop.ts';

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

function publish({ name }: Shop, id: string, text: string): Promise<Ended> {
  const env = { ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key };
  return oncepost(['publish', '--account', name, '--id', id, '--text', text], env);
}

it('a post that nobody can tell of: it says so, with what to do', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'commit_then_reset' });
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' }, { call: 'timeline', times: null });
  const { code, stdout } = await publish(shop, crypto.randomUUID(), someText());
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^Not known whether it is live \(unconfirmed\)\. unknown: Nobody can tell whether the post is live: /,
  );
});

it('a post that was refused: it is not published, and the failure is typed', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' });
  const { code, stdout } = await publish(shop, crypto.randomUUID(), someText());
  expect(code).toBe(1);
  expect(stdout).toMatch(/^Not published \(failed\)\. \w+: /);
});

it('a post that a person takes over: not published until they have done so', async () => {
  const shop = await openShop(stage);
  await shop.fault({ kind: 'refuse_before', preset: 'forbidden' });
  const id = crypto.randomUUID();
  const text = someText();
  await publish(shop, id, text);
  await stage.temporal.workflow.getHandle(workflowIdOf(id)).signal('handoff', { owner: 'Olga' });
  // Messages are answered in their order: this one is refused for the one before it.
  expect(await ask(stage, id, 'requestReplay')).toMatchObject({ reason: 'handoff-not-replayable' });
  expect(await publish(shop, id, text)).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^Not published \(handoff_pending\)\. .+ Next: open_handoff\.\n$/),
  });
  expect(await ask(stage, id, 'completeHandoff', { completedBy: 'Olga' })).toMatchObject({ accepted: true });
  expect(await publish(shop, id, text)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Published by a person \(handoff_completed\)\./),
  });
});
