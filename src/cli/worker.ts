// `oncepost worker`: one worker process; start as many as the night needs.
import { Command } from 'commander';
import { stopRequested, tellReady } from '../runtime/child.ts';
import { createContext } from '../runtime/context.ts';
import type { Env } from '../runtime/env.ts';
import { startWorker } from '../runtime/worker.ts';

export function workerCommand(env: Env): Command {
  return new Command('worker').description('run one worker process').action(async () => {
    const context = await createContext(env);
    const worker = await startWorker(context);
    tellReady();
    context.log.info({ worker: context.worker }, 'the worker polls');
    await Promise.race([stopRequested(), worker.stopped]);
    worker.stop();
    await worker.stopped;
    await context.close();
  });
}
