// Fifty replays of one failed publish at once, by signals, by updates and by both: one attempt, one post.
import { isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MessageVerdict } from '../../src/domain/messages/messages.ts';
import { holdAt } from '../harness/crash-file.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { ask, attemptsOf, failedPublish, messagesOf, postsOf, untilMessages } from './shop.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.startWorker();
  await stage.startWorker();
});
afterAll(() => stage.close());

type Failed = Awaited<ReturnType<typeof failedPublish>>;

/** One that comes when the run is over is not taken. */
const bySignal = ({ handle }: Failed, number: number) =>
  handle.signal('replay', { requestedBy: `operator ${number}` }).catch((error: unknown) => {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  });

/** Temporal takes ten updates at a time for one run, so a client asks again; null when the run is over before its turn. */
async function byUpdate({ scheduleId }: Failed, number: number): Promise<MessageVerdict | null> {
  for (;;) {
    try {
      return await ask(stage, scheduleId, 'requestReplay', { requestedBy: `operator ${number}` });
    } catch (error) {
      const cause = error instanceof Error ? error.cause : undefined;
      const busy = isGrpcServiceError(cause) && cause.code === RESOURCE_EXHAUSTED;
      if (!busy) return null;
    }
  }
}

const RESOURCE_EXHAUSTED = 8;
const fifty = Array.from({ length: 50 }, (_, number) => number);

it.each([
  ['signals', bySignal],
  ['updates', byUpdate],
  [
    'signals and updates, in turn',
    (failed: Failed, number: number) => (number % 2 ? bySignal : byUpdate)(failed, number),
  ],
])('fifty %s at once make one attempt and one post', async (_, send) => {
  const failed = await failedPublish(stage);
  const { shop, handle, scheduleId } = failed;
  await Promise.all(fifty.map((number) => send(failed, number)));
  expect(await handle.result()).toMatchObject({ state: 'published', attempts: 2 });
  expect(await shop.live()).toHaveLength(1);
  expect(await shop.creates()).toBe(2);
  expect((await attemptsOf(stage, scheduleId)).map(({ outcome }) => outcome)).toEqual(['refused', 'published']);
  expect(await postsOf(stage, scheduleId)).toHaveLength(1);
  const verdicts = (await messagesOf(stage, scheduleId)).map(({ verdict }) => verdict);
  expect(verdicts.filter(({ accepted }) => accepted)).toHaveLength(1);
  for (const { accepted, reason } of verdicts) {
    if (!accepted) expect(['still-running', 'already-posted']).toContain(reason);
  }
});

it('loses none of fifty signals: each has its verdict in the record', async () => {
  const failed = await failedPublish(stage);
  // The run stays open until the last of them is sent.
  const hold = holdAt(stage.folder, { point: 'attempt_opened', scheduleId: failed.scheduleId });
  await Promise.all(fifty.map((number) => bySignal(failed, number)));
  hold.release();
  await untilMessages(stage, failed.scheduleId, 50);
  const senders = (await messagesOf(stage, failed.scheduleId)).map(({ body }) => JSON.stringify(body));
  expect(new Set(senders).size).toBe(50);
  expect(await failed.handle.result()).toMatchObject({ state: 'published', attempts: 2 });
});
