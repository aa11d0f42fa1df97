// Gets the Temporal server through the SDK's own downloader, in a process of its own that can be ended: the downloader has no
// time limit. What counts as alive is a growing file.
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { cliRelease, type Found } from './temporal-release.ts';

const silenceMs = 20_000;
/** Beside this file, with its ending: `.ts` in a clone, `.js` in a built package. */
const script = fileURLToPath(import.meta.url).replace('temporal-download.', 'temporal-download-script.');

/** Downloads the program to `target`; gives up after 20 s in which no byte arrived. */
export async function downloadTemporal(
  target: string,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<Found> {
  onProgress('Asking the internet for the Temporal server');
  const folder = await mkdtemp(`${target}.download-`);
  try {
    await runDownload(folder, onProgress, signal);
    signal?.throwIfAborted();
    const file = join(folder, `temporal-${cliRelease}`);
    if ((await sizeBytes(file)) === 0) return { failed: 'its download could not be reached' };
    await rename(file, target);
    return { path: target };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runDownload(folder: string, onProgress: (line: string) => void, signal?: AbortSignal): Promise<void> {
  // A process group of its own, because the SDK starts what it has downloaded, and both must be endable at once.
  const child = spawn(process.execPath, [script, folder, cliRelease], { stdio: 'ignore', detached: true });
  const ended = new AbortController();
  child.once('error', () => ended.abort());
  child.once('exit', () => ended.abort());
  let size = 0;
  let silence = AbortSignal.timeout(silenceMs);
  let quiet = AbortSignal.timeout(5_000);
  while (!ended.signal.aborted && !signal?.aborted && !silence.aborted) {
    await pause(200);
    const now = await folderSizeBytes(folder);
    if (now > size) silence = AbortSignal.timeout(silenceMs);
    size = now;
    if (size > 0 && quiet.aborted) {
      onProgress(`Downloading the Temporal server: ${Math.round(size / 1_000_000)} MB so far`);
      quiet = AbortSignal.timeout(5_000);
    }
  }
  endGroup(child.pid);
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended by itself.
  }
}

async function folderSizeBytes(folder: string): Promise<number> {
  let total = 0;
  for (const name of await readdir(folder)) total += await sizeBytes(join(folder, name));
  return total;
}

async function sizeBytes(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}
