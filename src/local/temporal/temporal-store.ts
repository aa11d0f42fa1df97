// The file in which the local Temporal server keeps all workflows, in a folder closed to others (the server itself would let
// them read it), and whether it was ever whole.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from '../../runtime/private-file.ts';

/** The store's file inside a data folder. */
export function storeFile(dataFolder: string): string {
  return join(storeFolder(dataFolder), 'temporal.db');
}

/** A server killed while it made its store leaves one that can never be opened; nothing was in it yet, so it is removed. */
export async function prepareStore(dataFolder: string): Promise<void> {
  const folder = storeFolder(dataFolder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readIfThere(markFile(dataFolder))) !== undefined) return;
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

/** Notes that a server has answered from this store, so from now on it is never removed. */
export async function markStoreWhole(dataFolder: string): Promise<void> {
  await writePrivateFile(markFile(dataFolder), '');
}

function storeFolder(dataFolder: string): string {
  return join(dataFolder, 'temporal');
}

function markFile(dataFolder: string): string {
  return join(storeFolder(dataFolder), 'whole');
}
