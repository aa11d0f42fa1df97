// A worker: polls the publish queue and runs the workflows and their activities until it is stopped; beside it, with few
// slots each, the queue of publishes whose media are large, and that of what people ask for around publishes.
import { Runtime, Worker } from '@temporalio/worker';
import { createActivities, createRecoveryActivities } from '../../activities/activities.ts';
import { mediaQueueOf, recoveryQueueOf, stagesQueueOf } from '../domain/temporal/task-queues.ts';
import { cacheFolderOf } from '../runtime/own-file.ts';
import { StartRefused } from '../runtime/start-refused.ts';
import { activityFailures } from './activity-failures.ts';
import { watchClock } from './clock-watch.ts';
import { assertUsable, type Context } from './context.ts';
import { ensureNotificationSchedules } from './notification-schedules.ts';
import { openNotifying } from './notifying.ts';
import { dataConverterOf } from './payload-codec.ts';
import { ensureRecurring } from './recurring.ts';
import { openStageRunners } from './stage-runners.ts';
import { openWorkerConnection } from './temporal-connection.ts';
import { untilThere } from './until-there.ts';
import { deploymentOptions, tellVersion, versionOf } from './worker-version.ts';
import { workflowBundle } from './workflow-bundle.ts';

export interface RunningWorker {
  /** Resolves when the worker has stopped; rejects when it failed. */
  readonly stopped: Promise<void>;
  stop(): void;
}

/**
 * Starts a worker and answers when it polls; a database or a Temporal that is away is waited for. Null when it was asked to
 * stop before that. @throws StartRefused
 */
export async function startWorker(context: Context, stop: Promise<void> = NEVER): Promise<RunningWorker | null> {
  const { settings, env, log } = context;
  installRuntime(env.ONCEPOST_METRICS);
  const version = versionOf(env);
  const notifying = openNotifying(context);
  const temporal = await untilThere({ log, stop }, async () => {
    await assertUsable(context);
    return openWorkerConnection(settings);
  });
  if (temporal === null) return null;
  const { connection, namespace } = temporal;
  const { publish: queue, media, stages } = settings.taskQueues;
  const clock = watchClock(context);
  const stageRunners = await openStageRunners(context);
  const activities = createActivities(context, notifying, stageRunners);
  const shared = {
    connection,
    namespace,
    ...dataConverterOf(env.ONCEPOST_PAYLOAD_KEY ?? []),
    interceptors: { activity: [activityFailures(log, clock)] },
    ...rateOf(queue.maxPublishesPerSecond),
    ...deploymentOptions(version),
    // Less than between two heartbeats of a publish, so that each is sent at once.
    maxHeartbeatThrottleInterval: settings.timeouts.heartbeatMs / 8,
    // A publish that is past its call is let finish: longer than a create may take.
    shutdownGraceTime: settings.timeouts.sendWindowMs + settings.timeouts.answerMs,
  };
  const worker = await Worker.create({
    ...shared,
    taskQueue: queue.name,
    workflowBundle: await workflowBundle(settings, cacheFolderOf(env.XDG_CACHE_HOME)),
    activities,
    maxConcurrentActivityTaskExecutions: queue.maxConcurrentPublishes,
  });
  const carrier = await Worker.create({
    ...shared,
    taskQueue: mediaQueueOf(queue.name),
    activities: { publish: activities.publish },
    maxConcurrentActivityTaskExecutions: media.maxConcurrentPublishes,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: FEW_POLLS },
  });
  const helper = await Worker.create({
    ...shared,
    taskQueue: recoveryQueueOf(queue.name),
    activities: createRecoveryActivities(context, notifying, stageRunners),
    maxConcurrentActivityTaskExecutions: MOST_RECOVERING,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: FEW_POLLS },
  });
  const stager = await Worker.create({
    ...shared,
    taskQueue: stagesQueueOf(queue.name),
    activities: { runStage: activities.runStage },
    maxConcurrentActivityTaskExecutions: stages.maxConcurrentStages,
    activityTaskPollerBehavior: { type: 'simple-maximum', maximum: FEW_POLLS },
  });
  await keepSwept(context, worker);
  await keepNotifying(context, worker);
  await tellVersion({ connection, namespace, queue: queue.name, log }, version);
  const workers = [worker, carrier, helper, stager];
  const stopAll = () => workers.forEach(stopOnce);
  const stopped = runAll(workers, stopAll).finally(async () => {
    clock.stop();
    await notifying.close();
    await stageRunners.close();
    await connection.close();
  });
  return { stopped, stop: stopAll };
}

/** What these queues bring takes long, so they seldom ask for one. */
const FEW_POLLS = 1;

/** Batches, exports, re-checks, notifications and sweeps that one worker runs at a time. */
const MOST_RECOVERING = 10;

/** Runs until all have stopped; where one fails, the others are stopped too. */
async function runAll(workers: readonly Worker[], stop: () => void): Promise<void> {
  const ends = await Promise.allSettled(workers.map((worker) => worker.run().finally(stop)));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
}

const NEVER = new Promise<void>(() => {});

/** A rate, however high, makes the server hand out each publish by itself, after its workflow task. */
function rateOf(perSecond: number | undefined) {
  return perSecond === undefined ? {} : { maxTaskQueueActivitiesPerSecond: perSecond };
}

/** Publishes run without the sweep too; what it would find then waits until a worker may set it up. */
async function keepSwept({ settings, log }: Context, { client }: Worker): Promise<void> {
  try {
    if (client) await ensureRecurring(client, settings);
  } catch (error) {
    log.warn({ err: error }, 'the recurring schedules could not be set up; lost workflows will not be noticed');
  }
}

/** Publishes run without notifications, too. */
async function keepNotifying({ settings, log }: Context, { client }: Worker): Promise<void> {
  try {
    if (client) await ensureNotificationSchedules(client, settings);
  } catch (error) {
    log.warn({ err: error }, 'the schedules of notifications could not be set up; nobody may be told of what happens');
  }
}

function stopOnce(worker: Worker): void {
  if (worker.getState() === 'RUNNING') worker.shutdown();
}

function installRuntime(metricsAddress: string | undefined): void {
  try {
    Runtime.install({
      // Stopping is ours: the process's own handler shuts the worker down.
      shutdownSignals: [],
      telemetryOptions: {
        logging: { filter: 'WARN' },
        ...(metricsAddress ? { metrics: { prometheus: { bindAddress: metricsAddress } } } : {}),
      },
    });
  } catch (error) {
    if (metricsAddress === undefined) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new StartRefused(
      `The metrics cannot be served on ${metricsAddress} (${why}); nothing was started; set ONCEPOST_METRICS to a free port of an IP address of this machine, then start again.`,
    );
  }
}
