// A new release meets publishes that wait for a person: workers of three builds run side by side on a real server, an
// operator makes one after the other current, and what began under the one before goes on under the next and goes live once.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, type TestProcess } from '../harness/processes.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { attemptsOf, failedPublish } from '../workflow/shop.ts';
import {
  asBuild,
  buildsOf,
  type ChangedBuild,
  changedBuild,
  isDrained,
  makeCurrent,
  pollersOf,
  setCurrent,
} from './deployment.ts';

/** A worker whose workflows were changed has to be bundled, and Temporal tells versions to its parts by and by. */
const PATIENT_MS = 180_000;

/** The next build pauses before an attempt, which no history of the old one holds: `patched` brings such a change in. */
function nextBuild(): ChangedBuild {
  const attempt = 'const attempt = async (scheduleId: string) => {';
  const paused = `${attempt} if (patched('pause-before-attempt')) await condition(() => false, '10ms');`;
  return changedBuild('workflows/publish.ts', ['  setHandler,', '  patched, setHandler,'], [attempt, paused]);
}

describe('builds side by side', () => {
  let stage: Stage;
  let deployment: string;
  let next: ChangedBuild;
  let unversioned: TestProcess;
  let oldWorker: TestProcess;
  let newWorker: TestProcess;
  beforeAll(async () => {
    stage = await openStage();
    deployment = `oncepost-${stage.taskQueue}`;
    next = nextBuild();
    [unversioned, oldWorker, newWorker] = await Promise.all([
      stage.startWorker(),
      stage.startWorker(asBuild(deployment, '0.1.0')),
      startProcess(next.program, { ...stage.env, ...asBuild(deployment, '0.2.0') }, ['worker']),
    ]);
  });
  afterAll(async () => {
    await newWorker?.kill();
    next.remove();
    await stage.close();
  });

  it('while no version is current they say so, with the command that makes theirs current', async () => {
    const [, command] = await until('the word is said', () =>
      /no version is current, so .+ none reaches this worker, .+ make its version current with \\"(.+?)\\"/.exec(
        oldWorker.output(),
      ),
    );
    expect(command).toBe(setCurrent(deployment, '0.1.0'));
    // The health check of a container looks there for its own worker.
    await until('Temporal lists it among those that poll', async () =>
      (await pollersOf(stage)).some((identity) => identity.startsWith(`${oldWorker.child.pid}@`)),
    );
  });

  it(
    'a publish that began before there were versions goes on under the first of them',
    async () => {
      const { shop, handle } = await failedPublish(stage);
      await makeCurrent(stage, deployment, '0.1.0');
      await unversioned.kill();
      await handle.signal('replay', { requestedBy: 'Olga' });
      expect(await handle.result()).toMatchObject({ state: 'published', attempts: 2 });
      const builds = await buildsOf(stage, handle.workflowId);
      expect([builds.at(0), builds.at(-1)]).toEqual([null, '0.1.0']);
      expect(await shop.live()).toHaveLength(1);
    },
    PATIENT_MS,
  );

  it(
    'a publish that waits for a person goes on under the next build, though that build does more, and is live once',
    async () => {
      const { shop, handle, scheduleId } = await failedPublish(stage);
      await makeCurrent(stage, deployment, '0.2.0');
      await handle.signal('replay', { requestedBy: 'Olga' });
      expect(await handle.result()).toMatchObject({ state: 'published', attempts: 2 });
      const builds = await buildsOf(stage, handle.workflowId);
      expect([builds.at(0), builds.at(-1)]).toEqual(['0.1.0', '0.2.0']);
      const { events } = await handle.fetchHistory();
      const markers = events?.map(({ markerRecordedEventAttributes: marker }) => marker?.markerName);
      expect(markers).toContain('core_patch');
      expect(await shop.live()).toHaveLength(1);
      expect(await attemptsOf(stage, scheduleId)).toHaveLength(2);
    },
    PATIENT_MS,
  );

  it(
    'the old build is drained then, and its worker stops in order',
    async () => {
      await until('it is drained', () => isDrained(stage, deployment, '0.1.0'));
      await oldWorker.kill('SIGTERM');
      expect(oldWorker.child.exitCode).toBe(0);
    },
    PATIENT_MS,
  );
});
