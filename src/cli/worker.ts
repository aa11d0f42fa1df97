// `oncepost worker`: one worker process; start as many as the night needs.
import { Command } from 'commander';
import { createContext } from '../boot/context.ts';
import { startWorker } from '../boot/worker.ts';
import type { Env } from '../runtime/env.ts';
import { stopRequested, tellReady } from '../runtime/process-manners.ts';

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
