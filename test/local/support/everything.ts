// Drives the supervisor of stand-ins/everything.ts: its settings, what its programs saw, and what is left of it.
import { join } from 'node:path';
import { z } from 'zod';
import { readIfThere } from '../../../src/runtime/private-file.ts';
import { findProcess, identify } from '../../../src/runtime/processes.ts';
import { freePort } from '../../harness/free-port.ts';
import { type Helper, startHelper, temporaryFolder } from './folders.ts';

/** What one start is told; `behaviours` of the stand-in programs by their name. */
export interface Wanted {
  readonly dataFolder: string;
  readonly ports: Readonly<Record<'server' | 'sandbox' | 'postgres' | 'temporal' | 'temporalUi', number>>;
  readonly behaviours: Readonly<Record<string, string>>;
  readonly databaseUrl?: string;
  readonly temporalAddress?: string;
  readonly secretKey?: string;
}

const seenSchema = z.object({ name: z.string(), pid: z.number(), given: z.record(z.string(), z.string()) });
type Seen = z.infer<typeof seenSchema>;

/** Settings in a folder and on ports of their own, with servers of our own. */
export async function settings(): Promise<Wanted> {
  return {
    dataFolder: join(await temporaryFolder(), 'data'),
    ports: {
      server: await freePort(),
      sandbox: await freePort(),
      postgres: await freePort(),
      temporal: await freePort(),
      temporalUi: await freePort(),
    },
    behaviours: { server: 'stays', worker: 'stays' },
  };
}

/** Settings with servers of the user's own, for what the programs alone are enough. */
export async function settingsWithoutServers(): Promise<Wanted> {
  const databaseUrl = 'postgresql://user@127.0.0.1:1/theirs';
  return { ...(await settings()), databaseUrl, temporalAddress: '127.0.0.1:2' };
}

export function startEverything(wanted: Wanted): Helper {
  return startHelper('everything.ts', wanted);
}

/** Every run of a program so far, in order. */
export async function runsOf(wanted: Wanted, name: string): Promise<Seen[]> {
  const text = (await readIfThere(join(wanted.dataFolder, 'seen'))) ?? '';
  const runs = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => seenSchema.parse(JSON.parse(line)));
  return runs.filter((run) => run.name === name);
}

/** The process numbers of all that a running start consists of, itself excepted. */
export async function everyPid(wanted: Wanted): Promise<number[]> {
  const programs = await Promise.all(['server', 'worker'].map((name) => runsOf(wanted, name)));
  const servers = [postgresOf(wanted), temporalOf(wanted)];
  return [...programs.map((runs) => runs.at(-1)?.pid), ...servers].filter((pid) => pid !== undefined);
}

export function postgresOf({ dataFolder }: Wanted): number | undefined {
  return findProcess(`/postgres -D ${dataFolder}/`)?.pid;
}

export function temporalOf({ dataFolder }: Wanted): number | undefined {
  return findProcess(`--db-filename ${dataFolder}/`)?.pid;
}

export function alive(pids: readonly number[]): number[] {
  return pids.filter((pid) => identify(pid) !== undefined);
}
