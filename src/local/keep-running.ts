// Keeps a part running: starts it again whenever it ends, after pauses that grow while it keeps failing, and says so in a line.
import { setTimeout as pause } from 'node:timers/promises';
import { StartRefused } from '../runtime/start-refused.ts';
import { type Part, PartEnded, type PartRun } from './part.ts';

/** A part under watch. `stop` ends the watch and the part. */
export interface KeptPart {
  stop(): Promise<void>;
}

/** `onRefusal` is told once when a part refuses for good; everything is to be stopped then. */
export interface Watch {
  readonly print: (line: string) => void;
  readonly onRefusal: (refusal: StartRefused) => void;
}

const pauseMs = { first: 250, most: 30_000 } as const;
const steadyMs = 30_000;
const firstTries = 5;

/** Starts a part for the first time; a few failures are forgiven. @throws StartRefused when it will not serve. */
export async function startFirst(part: Part, print: (line: string) => void, signal: AbortSignal): Promise<PartRun> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await part.start(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof PartEnded)) throw error;
      if (failures === firstTries) {
        throw new StartRefused(
          `The ${part.name} ${error.message}, ${firstTries} times; what is stored is safe; look into its log in the data folder, repair what it names, and start again.`,
        );
      }
      print(`The ${part.name} ${error.message}; trying again`);
      await pause(pauseAfter(failures), undefined, { signal });
    }
  }
}

/** Watches a running part until it is stopped. */
export function keepRunning(part: Part, first: PartRun, watch: Watch): KeptPart {
  const stopping = new AbortController();
  const watching = watchRuns(part, first, watch, stopping.signal);
  return {
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
}

async function watchRuns(part: Part, first: PartRun, watch: Watch, stopping: AbortSignal): Promise<void> {
  let run: PartRun | undefined = first;
  let failures = 0;
  while (run !== undefined) {
    const steady = AbortSignal.timeout(steadyMs);
    const end = await Promise.race([endOf(run), aborted(stopping)]);
    if (stopping.aborted) return run.stop();
    if (end instanceof StartRefused && part.refusalEndsAll) return watch.onRefusal(end);
    watch.print(`The ${part.name} ${end instanceof Error ? end.message : end}; starting it again`);
    failures = steady.aborted ? 0 : failures + 1;
    run = await startAgain(part, failures, watch, stopping);
  }
}

/** The next run, or nothing when everything is being stopped. A reason that stays the same is told once. */
async function startAgain(
  part: Part,
  failed: number,
  watch: Watch,
  stopping: AbortSignal,
): Promise<PartRun | undefined> {
  let told = '';
  for (let failures = failed; !stopping.aborted; failures += 1) {
    const run = await startAfterPause(part, failures, stopping);
    if (!(run instanceof Error)) return run;
    if (stopping.aborted) return undefined;
    if (run instanceof StartRefused && part.refusalEndsAll) {
      watch.onRefusal(run);
      return undefined;
    }
    if (run.message !== told) watch.print(`The ${part.name} could not be started again: ${run.message}`);
    told = run.message;
  }
  return undefined;
}

async function startAfterPause(part: Part, failures: number, stopping: AbortSignal): Promise<PartRun | Error> {
  try {
    if (failures > 0) await pause(pauseAfter(failures), undefined, { signal: stopping });
    return await part.start(stopping);
  } catch (error) {
    return error instanceof Error ? error : new PartEnded(String(error));
  }
}

async function endOf(run: PartRun): Promise<string | StartRefused> {
  try {
    return await run.exited();
  } catch (error) {
    if (error instanceof StartRefused) return error;
    throw error;
  }
}

function pauseAfter(failures: number): number {
  return Math.min(pauseMs.most, pauseMs.first * 2 ** Math.min(failures, 10));
}

function aborted(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('was stopped');
    signal.addEventListener('abort', () => resolve('was stopped'), { once: true });
  });
}
