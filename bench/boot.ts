// From the start of a worker process to its first poll, and its memory when it has nothing to do.
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { onStage, quantile, rounded } from './stage.ts';

const RUNS = 5;
/** V8 keeps what loading the modules left behind until a process has been idle for about ten seconds. */
const IDLE_MS = 20_000;

export function boot(): Promise<{ startSeconds: number; idleMb: number }> {
  return onStage({}, async (stage) => {
    // The first start bundles the workflows; every later one finds the bundle.
    await (await stage.startShippedWorker()).kill();
    const seconds: number[] = [];
    const memory: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const startedMs = performance.now();
      const worker = await stage.startShippedWorker();
      seconds.push((performance.now() - startedMs) / 1000);
      await pause(IDLE_MS);
      memory.push(residentMb(worker.child.pid ?? 0));
      await worker.kill();
    }
    return { startSeconds: rounded(quantile(seconds, 0.5)), idleMb: rounded(quantile(memory, 0.5), 0) };
  });
}

function residentMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
