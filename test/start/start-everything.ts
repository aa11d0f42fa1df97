// `npm start` as a process of its own, in a folder and on ports of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { createOncepostClient, type OncepostClient } from '../../src/client/client.ts';
import { until } from '../harness/until.ts';
import { startPorts } from './ports.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const PROGRAM = join(ROOT, 'bin/oncepost.mjs');

export interface Everything {
  readonly folder: string;
  /** What it is started with, beside the environment of the tests. */
  readonly env: Readonly<Record<string, string>> & Awaited<ReturnType<typeof startPorts>>;
  /** Of its workspace for practice. */
  readonly client: OncepostClient;
  /** What the present start has said. */
  output(): string;
  pid(): number;
  /** Starts it again, until it says that it serves. */
  start(): Promise<void>;
  /** As Ctrl-C does; answers the exit code. */
  stop(): Promise<number | null>;
  /** Ends it at once, where it still runs, and removes its folder. */
  remove(): Promise<void>;
}

/** Starts it for the first time, until it says that it serves. */
export async function startEverything(name: string): Promise<Everything> {
  const folder = await mkdtemp(join(tmpdir(), `oncepost-${name}-`));
  const env = {
    ONCEPOST_DATA: join(folder, 'data'),
    ...(await startPorts()),
    ONCEPOST_TEMPORAL_PROGRAM: inject('temporalProgram'),
  };
  let started: ChildProcess;
  let output = '';
  const start = async () => {
    output = '';
    started = spawn(process.execPath, [PROGRAM, 'start'], { cwd: ROOT, env: { ...process.env, ...env } });
    for (const stream of [started.stdout, started.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    await until('everything serves', () => output.includes('Ctrl-C stops everything'), 120_000);
  };
  await start();
  const apiKey = await readFile(join(folder, 'data/api-key'), 'utf8');
  return {
    folder,
    env,
    client: createOncepostClient({ url: `http://127.0.0.1:${env.ONCEPOST_PORT}`, apiKey }),
    output: () => output,
    pid: () => started.pid ?? 0,
    start,
    async stop() {
      started.kill('SIGINT');
      if (started.exitCode === null && started.signalCode === null) await once(started, 'exit');
      return started.exitCode;
    },
    async remove() {
      started.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
