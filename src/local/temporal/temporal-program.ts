// Finds the Temporal server program, or gets it, in the order of DESIGN section 10: the one named, the PATH, the per-user
// cache, the SDK's download, a build with Go, and else a clear error that lists these ways.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { cacheFolderOf } from '../../runtime/own-file.ts';
import { takeLock } from '../../runtime/process-lock.ts';
import { StartRefused } from '../../runtime/start-refused.ts';
import { buildTemporal } from './temporal-build.ts';
import { downloadTemporal } from './temporal-download.ts';
import { goVersionNeeded, oldestServerMinor, serverVersion } from './temporal-release.ts';

/** `program`: ONCEPOST_TEMPORAL_PROGRAM. `cacheHome`: XDG_CACHE_HOME, else `~/.cache`. `signal` ends a download or a build. */
export interface FindOptions {
  readonly program?: string | undefined;
  readonly cacheHome?: string | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const execute = promisify(execFile);

/**
 * The path of a program that runs `server start-dev` of server 1.32 or later.
 * @throws StartRefused when the named program is unfit, or when no way leads to one.
 */
export async function findTemporalProgram(options: FindOptions): Promise<string> {
  if (options.program !== undefined) return namedProgram(options.program);
  const onPath = await fitness('temporal');
  if (onPath === 'fit') return 'temporal';
  const cacheFolder = cacheFolderOf(options.cacheHome);
  const cached = join(cacheFolder, `temporal-${serverVersion}`);
  if ((await fitness(cached)) === 'fit') return cached;
  return getProgram(options, cacheFolder, cached, onPath);
}

async function namedProgram(program: string): Promise<string> {
  const found = await fitness(program);
  if (found === 'fit') return program;
  const what = found === 'missing' ? 'which is not there or cannot be run' : `which ${found}`;
  throw new StartRefused(
    `ONCEPOST_TEMPORAL_PROGRAM names ${program}, ${what}; nothing was started; name a Temporal CLI with server 1.${oldestServerMinor} or later, or unset it to let one be found.`,
  );
}

/** Asks the program for its version; says in words what is wrong with it. */
async function fitness(program: string): Promise<string> {
  try {
    const { stdout } = await execute(program, ['--version'], { timeout: 20_000 });
    const [, major, minor] = /Server (\d+)\.(\d+)\./.exec(stdout) ?? [];
    if (major === undefined) return 'is not the Temporal CLI';
    if (Number(major) > 1 || Number(minor) >= oldestServerMinor) return 'fit';
    return `holds the older server ${major}.${minor}`;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' || code === 'EACCES' ? 'missing' : 'does not run';
  }
}

/** Waits for its turn: one process at a time gets the program, and the others use what it got. */
async function getProgram(options: FindOptions, cacheFolder: string, cached: string, onPath: string): Promise<string> {
  await makeCacheFolder(cacheFolder);
  for (let waitedSeconds = 0; ; waitedSeconds += 1) {
    const lock = await takeLock(`${cached}.lock`);
    if (lock.held) {
      try {
        if ((await fitness(cached)) === 'fit') return cached;
        await removeLeftovers(cacheFolder);
        return await downloadOrBuild(options, cached, onPath);
      } finally {
        await lock.release();
      }
    }
    if (waitedSeconds % 15 === 0) {
      options.onProgress?.(`Waiting for process ${lock.holder.pid}, which is getting the Temporal server`);
    }
    await pause(1_000, undefined, options.signal ? { signal: options.signal } : {});
  }
}

async function downloadOrBuild(options: FindOptions, cached: string, onPath: string): Promise<string> {
  const reasons = [
    `the PATH has ${onPath === 'missing' ? 'no temporal program' : `a temporal program that ${onPath}`}`,
  ];
  for (const get of [downloadTemporal, buildTemporal]) {
    const found = await get(cached, options.onProgress ?? (() => {}), options.signal);
    if ('path' in found) return found.path;
    reasons.push(found.failed);
  }
  throw new StartRefused(
    `No Temporal server was found or could be made (${reasons.join('; ')}); nothing was started; set TEMPORAL_ADDRESS to a running Temporal, or ONCEPOST_TEMPORAL_PROGRAM to a Temporal CLI, or put one on the PATH, or start once with internet access, or install Go ${goVersionNeeded} or later so that it can be built.`,
  );
}

/** What an ended download or build left behind, and a program that does not run. Our own lock stays. */
async function removeLeftovers(cacheFolder: string): Promise<void> {
  const name = `temporal-${serverVersion}`;
  for (const entry of await readdir(cacheFolder)) {
    const leftover = entry === name || entry === `${name}.building` || entry.startsWith(`${name}.download-`);
    if (leftover) await rm(join(cacheFolder, entry), { recursive: true, force: true });
  }
}

async function makeCacheFolder(cacheFolder: string): Promise<void> {
  try {
    await mkdir(cacheFolder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StartRefused(
      `The cache folder ${cacheFolder} for the Temporal server cannot be made (${String(error)}); nothing was started; name a writable folder in XDG_CACHE_HOME, or a Temporal CLI in ONCEPOST_TEMPORAL_PROGRAM.`,
    );
  }
}
