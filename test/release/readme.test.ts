// The README's examples, as a newcomer copies them: each is taken, and all three are one schedule and one post.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openApi, type TestApi } from '../api/open-api.ts';
import { openStage, type Stage } from '../harness/stage.ts';

const README = new URL('../../README.md', import.meta.url);

let stage: Stage;
let api: TestApi;
let readme: string;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  await stage.connectSandboxAccount({ platform: 'x', name: 'sandbox-x' });
  api = await openApi(stage);
  readme = await readFile(README, 'utf8');
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

function found(pattern: RegExp): string {
  const [, text] = pattern.exec(readme) ?? [];
  if (text === undefined) throw new TypeError(`the README has nothing like ${pattern}`);
  return text;
}

it('hand the same post over by HTTP, by the client and by a workflow start, and it is published once', async () => {
  const [method = '', path = ''] = found(/curl -X (\S+ http:\/\/127\.0\.0\.1:7800\S+)/).split(' http://127.0.0.1:7800');
  const byHttp = await api.ask(method, path.trim(), { json: JSON.parse(found(/-d '(.+)'/)) });
  expect(byHttp).toMatchObject({ status: 201, body: { id: 'launch-42', created: true } });
  // The client's object is JSON but for the quotes.
  const wanted = found(/oncepost\.publish\((\{.+\})\)/)
    .replace(/(\w+):/g, '"$1":')
    .replaceAll("'", '"');
  const { item } = await api.client().publish(JSON.parse(wanted));
  expect(item).toMatchObject({ id: 'launch-42', state: 'published' });
  const start = JSON.parse(found(/```json\n(.+)\n```/));
  const workflowId = found(/with the id `(\S+)`/);
  // The item is published a moment before its run has closed, and a run that is open can not be started again.
  await stage.temporal.workflow.getHandle(workflowId).result();
  const handle = await stage.temporal.workflow.start(found(/start workflow type `(\w+)`/), {
    workflowId,
    taskQueue: stage.taskQueue,
    args: [start],
  });
  expect(await handle.result()).toMatchObject({ state: 'published', attempts: 1 });
  expect(await stage.sandbox.live({ platform: 'x' })).toHaveLength(1);
});
