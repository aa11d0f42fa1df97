// Whoever opens the Temporal UI can write any name: wherever one is shown, it says that it is only their own word, and a name
// that one of our doors has proven says nothing of the kind.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { signal } from '../../workflows/messages.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { oncepost } from '../harness/program.ts';
import { type SignedIn, signIn } from '../harness/signed-in.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { workflowIdOf } from '../harness/workflow-id.ts';
import { ask, failedPublish, REFUSAL, unconfirmedPublish, untilDeniable, untilState } from '../workflow/shop.ts';

const NAME = 'Petra Pretends';
const MARKED = 'Petra Pretends (by their own word)';

let stage: Stage;
let api: TestApi;
let person: SignedIn;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  api = await openApi(stage);
  person = await signIn(stage, api.url);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});

const run = async (...args: readonly string[]) => {
  const env = { ONCEPOST_DATA: stage.folder, ONCEPOST_URL: api.url, ONCEPOST_API_KEY: api.key };
  return (await oncepost([...args], env)).stdout;
};
const pageOf = async (path: string) => (await person.get(path)).text();

/** What stands behind each place where the name stands. */
const behindTheName = (text: string) =>
  text
    .split(NAME)
    .slice(1)
    .map((rest) => rest.slice(0, ' (by their own word)'.length));

function expectMarked(text: string): void {
  expect(text).toContain(MARKED);
  expect(new Set(behindTheName(text))).toEqual(new Set([' (by their own word)']));
}

/** Signals a publish as the Temporal UI does. */
const send = (scheduleId: string, name: string, body: unknown) =>
  stage.temporal.workflow.getHandle(workflowIdOf(scheduleId)).signal(signal(name), body);

it('a handoff that was asked for, taken and completed in the Temporal UI says so on every page, and everywhere else', async () => {
  const { scheduleId } = await failedPublish(stage);
  await send(scheduleId, 'handoff', { requestedBy: NAME, owner: NAME });
  await untilState(stage, scheduleId, 'handoff_pending');
  for (const path of ['/', `/schedules/${scheduleId}`, `/handoff/${scheduleId}`, '/activity']) {
    expectMarked(await pageOf(path));
  }
  expectMarked(await run('items', '--all'));
  expectMarked(await run('show', scheduleId));
  expectMarked(await run('handoff', 'show', scheduleId));
  expectMarked(await run('activity', '--schedule', scheduleId));
  const claimed = { type: 'SELF_DECLARED', label: NAME };
  const record = await api.client().get(scheduleId);
  expect(record.item.owner).toMatchObject({ role: 'handoff_owner', ...claimed });
  expect(record.messages).toMatchObject([{ name: 'handoff', by: claimed }]);
  expect((await api.client().handoff(scheduleId)).handoff?.owner).toMatchObject(claimed);

  expect(await ask(stage, scheduleId, 'completeHandoff', { completedBy: NAME })).toMatchObject({ accepted: true });
  for (const path of [`/schedules/${scheduleId}`, `/handoff/${scheduleId}`]) expectMarked(await pageOf(path));
  expectMarked(await run('handoff', 'show', scheduleId));
  expect((await api.client().handoff(scheduleId)).completion).toMatchObject({ completedBy: NAME, by: claimed });
});

it('a refused replay and a decision from the Temporal UI say so, in the words of the failure too', async () => {
  const { scheduleId } = await unconfirmedPublish(stage, { kind: 'commit_then_reset' });
  await ask(stage, scheduleId, 'requestReplay', { requestedBy: NAME, expectedAttempt: 99 });
  await untilDeniable(stage, scheduleId);
  const denied = { verdict: 'not_live', decidedBy: NAME, evidence: 'nothing on the profile' };
  expect(await ask(stage, scheduleId, 'resolve', denied)).toMatchObject({ accepted: true });
  const { item, messages } = await api.client().get(scheduleId);
  expect(item.cause?.externalText).toBe(`${MARKED} decided that the post is not live.`);
  expect(messages.map(({ by }) => by.type)).toEqual(['SELF_DECLARED', 'SELF_DECLARED']);
  for (const path of ['/', `/schedules/${scheduleId}`]) expectMarked(await pageOf(path));
});

it('what is proven is told without it: a person on a page by name, a key as a key', async () => {
  const { scheduleId, shop } = await failedPublish(stage);
  await shop.fault(REFUSAL, { times: null });
  await api.client().send('handoff', scheduleId, {});
  expect((await api.client().get(scheduleId)).messages).toMatchObject([
    { name: 'handoff', by: { type: 'API_KEY', label: 'nightly' } },
  ]);
  await person.submit(`/handoff/${scheduleId}/completion`, {});
  const { completion } = await api.client().handoff(scheduleId);
  expect(completion?.by).toMatchObject({ type: 'USER', label: 'You, on this machine' });
  const pack = await pageOf(`/handoff/${scheduleId}`);
  expect(pack).toContain('You, on this machine</dd>');
  expect(pack).not.toContain('by their own word');
  const story = await pageOf(`/schedules/${scheduleId}`);
  expect(story).toContain('<strong>handoff</strong> by nightly (API key)');
  expect(story).toContain('a workflow start (by their own word)</dd>');
});
