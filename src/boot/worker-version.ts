// The release that a worker belongs to, as Temporal's Worker Versioning knows it, and which release gets the publishes.
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Env } from '../runtime/env.ts';

/** One build of one deployment. */
export interface WorkerVersion {
  readonly deploymentName: string;
  readonly buildId: string;
}

/** The version that the environment names; null for a worker without one. */
export function versionOf({ ONCEPOST_DEPLOYMENT, ONCEPOST_BUILD_ID }: Env): WorkerVersion | null {
  if (ONCEPOST_DEPLOYMENT === undefined || ONCEPOST_BUILD_ID === undefined) return null;
  return { deploymentName: ONCEPOST_DEPLOYMENT, buildId: ONCEPOST_BUILD_ID };
}

/**
 * What the worker tells Temporal of its version. A publish may wait for a person for weeks, so it is not bound to the
 * build that began it: it goes on under whatever build is current, and every change of a workflow keeps to what the
 * stored histories did (test/histories).
 */
export function deploymentOptions(version: WorkerVersion | null): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (version === null) return {};
  return {
    workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' },
  };
}

/** What is said at the start of which workers get the publishes of a queue; null when this one does. */
export interface VersionWord {
  readonly level: 'warn' | 'info';
  readonly text: string;
}

/** The word for a worker of version `own` on a queue whose publishes go to `current`; null stands for workers without a version. */
export function versionWord(own: WorkerVersion | null, current: WorkerVersion | null): VersionWord | null {
  if (own?.deploymentName === current?.deploymentName && own?.buildId === current?.buildId) return null;
  if (own === null) {
    return {
      level: 'warn',
      text: `publishes go to ${told(current)} and none reaches this worker, which has no version; start it with ONCEPOST_DEPLOYMENT and ONCEPOST_BUILD_ID`,
    };
  }
  const command = `"temporal worker deployment set-current-version --deployment-name ${own.deploymentName} --build-id ${own.buildId}"`;
  if (current === null) {
    return {
      level: 'warn',
      text: `no version is current, so publishes go to workers without a version and none reaches this worker, of ${told(own)}; make its version current with ${command}`,
    };
  }
  return {
    level: 'info',
    text: `publishes go to ${told(current)}; to move them to this worker's ${told(own)}, use ${command}`,
  };
}

const told = (version: WorkerVersion | null) =>
  version === null ? 'no version' : `build "${version.buildId}" of deployment "${version.deploymentName}"`;

/** temporal.api.enums.v1.TaskQueueType */
const WORKFLOW_QUEUE = 1;

/** Says which version the publishes of the queue go to, where this worker is of another. A worker works without the word. */
export async function tellVersion(
  { connection, namespace, queue, log }: TellingRooms,
  own: WorkerVersion | null,
): Promise<void> {
  try {
    const { versioningInfo } = await connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: queue },
      taskQueueType: WORKFLOW_QUEUE,
    });
    const { deploymentName, buildId } = versioningInfo?.currentDeploymentVersion ?? {};
    const word = versionWord(own, deploymentName && buildId ? { deploymentName, buildId } : null);
    if (word) log[word.level]({ version: own }, word.text);
  } catch (error) {
    if (own) log.warn({ err: error, version: own }, 'Temporal does not say which version the publishes go to');
  }
}

interface TellingRooms {
  readonly connection: Pick<NativeConnection, 'workflowService'>;
  readonly namespace: string;
  readonly queue: string;
  readonly log: Logger;
}
