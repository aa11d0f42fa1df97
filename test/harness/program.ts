// The command line as a process of its own.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startProcess, type TestProcess } from './processes.ts';

const PROGRAM_URL = '../../bin/oncepost.mjs';
const PROGRAM = fileURLToPath(new URL(PROGRAM_URL, import.meta.url));

/** A command that was let in by mistake must not outlive its test. */
export const ENDED_WITHIN_MS = 45_000;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process of ours needs to be started at all, and where Node keeps its modules compiled. */
export function bareEnvironment(): Record<string, string> {
  const { PATH = '', HOME = '', NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }) };
}

/** `oncepost` with nothing in its environment but what is given, and `input` on its stdin. */
export function oncepost(args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: { ...bareEnvironment(), ...env }, timeout: ENDED_WITHIN_MS, killSignal: 'SIGKILL' } as const;
    const { stdin } = execFile(process.execPath, [PROGRAM, ...args], options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
    // A command that ends without reading it closes the pipe.
    stdin?.on('error', () => {}).end(input);
  });
}

/** `oncepost` with a command that runs on, once it says that it is ready. Kill it at the end. */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): Promise<TestProcess> {
  return startProcess(PROGRAM_URL, env, args);
}
