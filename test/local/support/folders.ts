// Folders and helper processes of one test: removed and ended when the test is over, whatever happened.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { findProcess, stopProcess } from '../../../src/runtime/processes.ts';

/** A new empty folder; when the test is over, every process that names it is ended and it is removed. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'oncepost-test-')));
  onTestFinished(async () => {
    await endProcessesOf(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });
  return folder;
}

/** Ends every process whose command line names the folder. */
async function endProcessesOf(folder: string): Promise<void> {
  for (let found = findProcess(folder); found !== undefined; found = findProcess(folder)) {
    await stopProcess(found, [{ signal: 'SIGKILL', waitMs: 5_000 }]);
  }
}

/** A helper program of the tests, running as a process of its own. */
export interface Helper {
  readonly process: ChildProcess;
  /** Every line it wrote to stdout or stderr so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line, past or future, that matches; rejects when the helper ends without one. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves with its exit code, or the signal that ended it. */
  ended(): Promise<number | string>;
}

/** Where and with what a helper runs. `prefix` is put before Node, e.g. to give it a disk of its own. */
export interface HelperPlace {
  readonly prefix?: readonly string[];
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Starts `test/local/stand-ins/<script>` with one JSON argument, in a process group of its own. */
export function startHelper(script: string, argument: unknown, place: HelperPlace = {}): Helper {
  const path = fileURLToPath(new URL(`../stand-ins/${script}`, import.meta.url));
  const words = [...(place.prefix ?? []), process.execPath, path, JSON.stringify(argument)];
  const [command = process.execPath, ...args] = words;
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: place.environment ?? process.env,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  const end = new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'ended'));
  });
  let over = false;
  end.then(() => {
    over = true;
  });
  const line = async (pattern: RegExp) => {
    for (;;) {
      const found = lines.find((text) => pattern.test(text));
      if (found !== undefined) return found;
      if (over) throw new TypeError(`the helper ended without a line like ${pattern}:\n${lines.join('\n')}`);
      await pause(20);
    }
  };
  return { process: child, lines, line, ended: () => end };
}

/** Resolves when the condition holds; it is asked again every 20 ms. The test's own time limit ends a hopeless wait. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}
