// Whether Temporal has lately heard this machine's worker ask for publishes. A worker that hangs stops asking.
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { loadSettings } from '../../src/runtime/settings/load-settings.ts';

/** A poll is held open for up to a minute, so a healthy worker is heard at least that often. */
const silenceLimitMs = 2 * 60_000;

/** temporal.api.enums.v1.TaskQueueType */
const activityQueue = 2;

/**
 * Undefined when a worker of this host polls the publish queue; else the sentence that says what is wrong. Workers are
 * told apart by the host in their identity, which by default is `<pid>@<host>`.
 */
export async function workerPolls(settingsFile: string): Promise<string | undefined> {
  const settings = loadSettings(settingsFile);
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect({
    ...connectionOptions,
    connectTimeout: 5_000,
    // Of itself it would follow `http_proxy`; the worker reaches Temporal directly.
    channelArgs: { 'grpc.enable_http_proxy': 0 },
  });
  try {
    const { name } = settings.taskQueues.publish;
    const { pollers } = await connection.workflowService.describeTaskQueue({
      namespace: namespace ?? settings.namespace.name,
      taskQueue: { name },
      taskQueueType: activityQueue,
    });
    const heardMs = (pollers ?? [])
      .filter(({ identity }) => identity?.endsWith(`@${hostname()}`))
      .map(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000);
    if (heardMs.some((atMs) => Date.now() - atMs < silenceLimitMs)) return undefined;
    return `Temporal has not heard a worker of ${hostname()} ask for work on ${name} for two minutes.`;
  } finally {
    await connection.close();
  }
}
