// `oncepost worker`: one worker process; start as many as the night needs.
import { Command } from 'commander';
import { buildContext } from '../boot/context.ts';
import { startWorker } from '../boot/worker.ts';
import type { Env } from '../runtime/env.ts';
import { stopRequested, tellReady } from '../runtime/process-manners.ts';

export function workerCommand(env: Env): Command {
  return new Command('worker').description('run one worker process').action(async () => {
    const stop = stopRequested();
    const context = await buildContext(env);
    const worker = await startWorker(context, stop);
    if (worker) {
      tellReady();
      context.log.info({ worker: context.worker }, 'the worker polls');
      await Promise.race([stop, worker.stopped]);
      worker.stop();
      await worker.stopped;
    }
    await context.close();
  });
}
