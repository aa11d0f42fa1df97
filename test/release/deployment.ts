// What an operator does with the versions of workers: the `temporal` program's own commands, and a second build beside the first.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import type { Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Types a command of the `temporal` program as it was told; a terminal would be asked whether it is meant. */
async function type(command: string): Promise<void> {
  const args = [...command.split(' ').slice(1), '--yes', '--address', inject('temporalAddress')];
  await run(inject('temporalProgram'), args);
}

/** All it works on is known to be asked for by the build (workflows, activities, large media, recovery, stages): before that it cannot be made current. */
function untilPolled(stage: Stage, deploymentName: string, buildId: string): Promise<true> {
  return until(
    `build ${buildId} polls`,
    async () => (await describeVersion(stage, deploymentName, buildId)).versionTaskQueues.length === 5,
  );
}

/** temporal.api.enums.v1.TaskQueueType */
const ACTIVITY_QUEUE = 2;

/** Who asks for publishes, as `<pid>@<host>`. */
export async function pollersOf({ temporal: { connection }, taskQueue }: Stage): Promise<string[]> {
  const queue = { namespace: 'default', taskQueue: { name: taskQueue }, taskQueueType: ACTIVITY_QUEUE };
  const { pollers } = await connection.workflowService.describeTaskQueue(queue);
  return pollers.map(({ identity }) => identity ?? '');
}

/** An operator makes a build current whose workers poll. */
export async function makeCurrent(stage: Stage, deployment: string, build: string): Promise<void> {
  await untilPolled(stage, deployment, build);
  await type(setCurrent(deployment, build));
  await until(`every task queue knows that ${build} is current`, () => isRouted(stage, deployment));
}

/** temporal.api.enums.v1.RoutingConfigUpdateState */
const COMPLETED = 2;

/** Until then a task of a run may still go to the version before. */
async function isRouted({ temporal: { connection } }: Stage, deploymentName: string): Promise<boolean> {
  const { workerDeploymentInfo: info } = await connection.workflowService.describeWorkerDeployment({
    namespace: 'default',
    deploymentName,
  });
  return info?.routingConfigUpdateState === COMPLETED;
}

/** The command by which an operator makes a build current. */
export const setCurrent = (deployment: string, build: string) =>
  `temporal worker deployment set-current-version --deployment-name ${deployment} --build-id ${build}`;

/** temporal.api.enums.v1.VersionDrainageStatus */
const DRAINED = 2;

/** No run is bound to the build any more, says Temporal. */
export async function isDrained(stage: Stage, deploymentName: string, buildId: string): Promise<boolean> {
  const { workerDeploymentVersionInfo: info } = await describeVersion(stage, deploymentName, buildId);
  return info?.drainageInfo?.status === DRAINED;
}

function describeVersion({ temporal: { connection } }: Stage, deploymentName: string, buildId: string) {
  const deploymentVersion = { deploymentName, buildId };
  return connection.workflowService.describeWorkerDeploymentVersion({ namespace: 'default', deploymentVersion });
}

/** What the environment of a worker says of its version. */
export const asBuild = (deployment: string, build: string) => ({
  ONCEPOST_DEPLOYMENT: deployment,
  ONCEPOST_BUILD_ID: build,
  ONCEPOST_LOG_LEVEL: 'info',
});

/** The builds that completed workflow tasks of a run, in their order; null stands for a worker without a version. */
export async function buildsOf(stage: Stage, workflowId: string): Promise<(string | null)[]> {
  const { events } = await stage.temporal.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).flatMap(({ workflowTaskCompletedEventAttributes: completed }) =>
    completed ? [completed.deploymentVersion?.buildId ?? null] : [],
  );
}

/** Another build of the program, its sources changed, in a folder of its own. */
export interface ChangedBuild {
  /** Its command line, as a script to start. */
  readonly program: string;
  remove(): void;
}

/** Copies this program and replaces some pieces of one file. */
export function changedBuild(
  file: string,
  ...changes: readonly (readonly [before: string, after: string])[]
): ChangedBuild {
  const folder = mkdtempSync(join(tmpdir(), 'oncepost-build-'));
  for (const part of ['bin', 'src', 'workflows', 'activities', 'package.json', 'temporal.yaml']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const path = join(folder, file);
  let source = readFileSync(path, 'utf8');
  for (const [before, after] of changes) {
    if (!source.includes(before)) throw new TypeError(`${file} does not hold what is to be changed: ${before}`);
    source = source.replace(before, after);
  }
  writeFileSync(path, source);
  return {
    program: pathToFileURL(join(folder, 'bin/oncepost.mjs')).href,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
