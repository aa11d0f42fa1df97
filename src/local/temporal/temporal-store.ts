// The file in which the local Temporal server keeps all workflows, in a folder closed to others (the server itself would let
// them read it), and whether it was ever whole.
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, writePrivateFile } from '../../runtime/private-file.ts';

const STORE_FILE = 'temporal.db';

/** How the server is told where its store is, and the folder it must be started in. */
export interface StorePlace {
  readonly args: readonly string[];
  readonly cwd: string;
}

/**
 * The store's place inside a data folder. The server makes an address of the file's path: after a "?" or a "#" the rest of it
 * would be lost, and the store lie somewhere else, in one file for all. From such a folder it gets the bare name, and a
 * setting it does not know tells the servers of several folders apart.
 */
export function storePlace(dataFolder: string): StorePlace {
  const folder = storeFolder(dataFolder);
  const path = join(folder, STORE_FILE);
  if (!/[?#%]/.test(path)) return { args: ['--db-filename', path], cwd: '/' };
  const mark = `oncepost.store=${JSON.stringify(folder)}`;
  return { args: ['--db-filename', STORE_FILE, '--dynamic-config-value', mark], cwd: folder };
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
