// The ground a bench stands on: real servers and processes with the project's own settings, unless a bench changes one.

import { SYSTEM_ACTOR } from '../src/domain/people/actor.ts';
import { takeIn } from '../src/publishing/intake/intake.ts';
import { startPublish } from '../src/publishing/workflows/start-workflow.ts';
import { startProcess, type TestProcess } from '../test/harness/processes.ts';
import { startServers, type TestServers } from '../test/harness/servers.ts';
import type { SettingChanges } from '../test/harness/settings.ts';
import { openStageOn, type Stage, type StageAccount } from '../test/harness/stage-on.ts';
import { workflowIdOf } from '../test/harness/workflow-id.ts';

/** The settings as they are shipped, where the harness shortens them. */
const SHIPPED: SettingChanges = {
  'timeouts.heartbeat': '5s',
  'timeouts.lease': '15s',
  'timeouts.send_window': '15s',
  'timeouts.answer': '60s',
  'timeouts.busy_account': '2s',
  'timeouts.account_wait': '5m',
};

export interface BenchStage extends Stage {
  readonly servers: TestServers;
  /** Starts a worker as users do; the one of the tests has doors that take their time. */
  startShippedWorker(env?: Readonly<Record<string, string>>): Promise<TestProcess>;
}

/** Runs a bench on fresh servers and takes them down again. */
export async function onStage<Figures>(
  changes: SettingChanges,
  work: (stage: BenchStage) => Promise<Figures>,
): Promise<Figures> {
  const servers = await startServers((line) => console.error(line));
  const stage = await openStageOn(servers, { ...SHIPPED, ...changes });
  const workers: TestProcess[] = [];
  const startShippedWorker = async (env: Readonly<Record<string, string>> = {}) => {
    const worker = await startProcess('../../bin/oncepost.mjs', { ...stage.env, ...env }, ['worker']);
    workers.push(worker);
    return worker;
  };
  try {
    return await work(Object.assign(stage, { servers, startShippedWorker }));
  } finally {
    for (const worker of workers) await worker.kill();
    await stage.close();
    await servers.stop();
  }
}

/** Connects `count` X accounts; what the platform allows an account is not what is measured. */
export function connectAccounts(stage: Stage, count: number): Promise<StageAccount[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      stage.connectSandboxAccount({ platform: 'x', name: `bench-${index}`, settings: { quota: 'unlimited' } }),
    ),
  );
}

/** Takes a text post in, as every door of ours does, and answers what `startPublish` needs. */
export async function takeInText(stage: Stage, account: string, text: string, publishAt?: Date) {
  const { ledger, platforms, media, store } = stage.context;
  const intake = { ledger, platforms, media, store, workspaceId: stage.workspaceId, actor: SYSTEM_ACTOR };
  const taken = await takeIn(intake, { account, text, ...(publishAt ? { publishAt: publishAt.toISOString() } : {}) });
  return { ...taken, workspaceId: stage.workspaceId };
}

/** Starts the worker of the floor in a process of its own, and answers how one no-op workflow is run to its end. */
export async function startFloor(stage: Stage) {
  const taskQueue = `${stage.taskQueue}-noop`;
  const worker = await startProcess('../../bench/noop-worker.ts', { ...stage.env, NOOP_QUEUE: taskQueue });
  const run = async (workflowId: string, startDelay?: number): Promise<void> => {
    const delay = startDelay === undefined ? {} : { startDelay };
    await stage.temporal.workflow.execute('noop', { workflowId, taskQueue, ...delay });
  };
  return { run, kill: () => worker.kill() };
}

/** Starts a publish that was taken in and answers its handle. */
export async function start(stage: Stage, taken: Awaited<ReturnType<typeof takeInText>>) {
  await startPublish(stage.temporal, stage.context, taken);
  return stage.temporal.workflow.getHandle(workflowIdOf(taken.scheduleId));
}

/** The value below which the given share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));
