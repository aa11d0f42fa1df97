// The private folder of one attempt: made for it alone, and removed whole, whatever the program left in it.
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, realpath, rm } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isFileName, isGroup } from '../../../domain/pipeline/artifact-names.ts';
import type { StageInput } from '../runner.ts';

/** Makes the folder below `base`, for this user only, and answers its real path. `owner` begins its name. */
export async function makeFolder(base: string, owner: string): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  const folder = join(await realpath(base), `${owner}-${randomBytes(9).toString('hex')}`);
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

/** Writes an input under its name, and answers its path. */
export async function writeInput(folder: string, input: StageInput): Promise<string> {
  const path = pathIn(folder, input.name);
  const file = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await file.writeFile(await input.bytes());
  } finally {
    await file.close();
  }
  return path;
}

/** Where a file of this name, or the files of this group, stand in the folder. */
export function pathIn(folder: string, name: string): string {
  if (!isFileName(name) && !isGroup(name))
    throw new TypeError(`an artifact has a plain file name, and ${JSON.stringify(name)} is none`);
  return join(folder, name);
}

/** Why a file cannot be had. `more than the bytes allowed` is told apart, since another cause follows. */
export type Unread = 'absent' | 'outside' | 'no_file' | 'linked' | 'too_large' | 'unreadable';

/**
 * Reads a file of the folder, named from it or by its whole path, of at most `maxBytes`. Links are not followed, wherever on the
 * way they stand, and a file with a second name is not read: it may be another's.
 * Ask only when nobody can change the folder any more.
 */
export async function readInside(folder: string, path: string, maxBytes: number): Promise<Uint8Array | Unread> {
  const whole = resolve(folder, path);
  if (path.includes('\0') || !isBelow(folder, whole)) return 'outside';
  try {
    // A link on the way leads to another real path.
    const parent = resolve(whole, '..');
    if ((await realpath(parent)) !== parent) return 'outside';
    // Without waiting: a named pipe would keep us for ever.
    const file = await open(whole, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size, nlink, isFile } = await statOf(file);
      if (!isFile) return 'no_file';
      if (nlink > 1) return 'linked';
      return size > maxBytes ? 'too_large' : await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    return WORDS[codeOf(error)] ?? 'unreadable';
  }
}

const WORDS: Readonly<Record<string, Unread>> = { ENOENT: 'absent', ENOTDIR: 'absent', ELOOP: 'outside' };

async function statOf(file: Awaited<ReturnType<typeof open>>) {
  const found = await file.stat();
  return { size: found.size, nlink: found.nlink, isFile: found.isFile() };
}

function isBelow(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** Removes the folder with all that is in it. Links are removed, never followed; what was made read-only goes too. */
export async function removeWhole(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true });
  } catch {
    await loosen(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  }
}

/** A folder that its owner may not write in keeps what is in it. */
async function loosen(folder: string): Promise<void> {
  const found = await lstat(folder).catch(() => null);
  if (!found?.isDirectory()) return;
  await chmod(folder, 0o700);
  for (const name of await readdir(folder)) await loosen(join(folder, name));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
