// Files whose content is run: believed only where nobody but this user can have written them.
import { type BigIntStats, constants } from 'node:fs';
import { lstat, mkdir, open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where this user's programs keep what they can make again; `cacheHome` is XDG_CACHE_HOME. */
export function cacheFolderOf(cacheHome: string | undefined): string {
  return join(cacheHome ?? join(homedir(), '.cache'), 'oncepost');
}

/** Makes the folder, for this user only, where there is none; false when it is not ours alone to write in. */
export async function isOwnFolder(folder: string): Promise<boolean> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await lstat(folder, { bigint: true });
  return found.isDirectory() && isOursAlone(found);
}

/** The text of a file of ours; nothing where there is none, or one that is a link, another's, or open to others. */
export async function readOwnFile(path: string): Promise<string | undefined> {
  // Opened once and asked through the handle, so that what was looked at is what is read.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const found = await file.stat({ bigint: true });
    return found.isFile() && found.nlink === 1n && isOursAlone(found) ? await file.readFile('utf8') : undefined;
  } finally {
    await file.close();
  }
}

const OTHERS_WRITE = 0o022n;

/** A system without users' numbers has no others to mind. */
function isOursAlone({ uid, mode }: BigIntStats): boolean {
  const ours = process.getuid?.();
  return ours === undefined || (uid === BigInt(ours) && (mode & OTHERS_WRITE) === 0n);
}
