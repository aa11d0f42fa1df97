// A worker as production runs it, but for two doors: a clock that the test can move, and crash points that are armed.

import { buildContext } from '../../src/boot/context.ts';
import { startWorker } from '../../src/boot/worker.ts';
import { readEnv } from '../../src/runtime/env.ts';
import { EXIT_REFUSED, stopRequested, tellReady } from '../../src/runtime/process-manners.ts';
import { StartRefused } from '../../src/runtime/start-refused.ts';
import { crashPoints } from './crash-file.ts';
import { shiftedClock } from './shifted-clock.ts';

const folder = process.env.STAGE_FOLDER ?? '.';
try {
  const stop = stopRequested();
  const context = await buildContext(readEnv(process.env), {
    clock: shiftedClock(folder),
    points: crashPoints(folder),
  });
  const worker = await startWorker(context, stop);
  if (worker) {
    tellReady();
    await Promise.race([stop, worker.stopped]);
    worker.stop();
    await worker.stopped;
  }
  await context.close();
  process.exit(0);
} catch (error) {
  console.error(error instanceof StartRefused ? error.message : error);
  process.exit(EXIT_REFUSED);
}
