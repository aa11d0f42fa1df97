// The data folder: made for this user only, of a version this program knows, with room on its disk, and held by one start.
import { randomBytes } from 'node:crypto';
import { access, constants, mkdir, readdir, realpath, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { readIfThere, readOrCreate, writePrivateFile } from '../runtime/private-file.ts';
import { type HeldLock, takeLock } from '../runtime/process-lock.ts';
import { refusingFullDisk, StartRefused, tellsFullDisk } from '../runtime/start-refused.ts';

/** An opened data folder: its absolute path, our lock on it, and the key that seals stored tokens (base64). */
export interface DataFolder {
  readonly path: string;
  readonly lock: HeldLock;
  readonly secretKey: string;
}

const version = 1;
const KEY_FILE = 'secret.key';
const neededBytes = { first: 256 * 1024 * 1024, later: 32 * 1024 * 1024 } as const;

/**
 * Opens the folder, making it on the first start.
 * @throws StartRefused when it cannot be used, was made by a newer version, has no room, or is in use by another start.
 */
export function openDataFolder(wanted: string, givenKey: string | undefined): Promise<DataFolder> {
  return refusingFullDisk(wanted, () => openFolder(wanted, givenKey));
}

async function openFolder(wanted: string, givenKey: string | undefined): Promise<DataFolder> {
  const path = await makeFolder(wanted);
  const known = await knownVersion(path);
  await assertRoom(path, known ? neededBytes.later : neededBytes.first);
  const lock = await takeLock(join(path, 'lock'));
  if (!lock.held) throw alreadyRuns(path, lock.holder.pid, lock.holder.note);
  try {
    const secretKey = givenKey ?? (await storedKey(path, known));
    // Written last of the three, so that a folder with a version is a folder that is whole.
    if (!known) await writePrivateFile(join(path, 'version'), `${version}\n`);
    return { path, lock, secretKey };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makeFolder(wanted: string): Promise<string> {
  try {
    await mkdir(wanted, { recursive: true, mode: 0o700 });
    await access(wanted, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(wanted);
  } catch (error) {
    if (tellsFullDisk(error)) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StartRefused(
      `The data folder ${wanted} cannot be made or written by this user (the system says ${code}); nothing was changed; give this user the right to write there, or name another folder in ONCEPOST_DATA.`,
    );
  }
}

/** Whether an earlier start made this folder; refuses a newer one's, and a folder full of something else. */
async function knownVersion(path: string): Promise<boolean> {
  const text = await readIfThere(join(path, 'version'));
  if (text === undefined) {
    const strangers = (await readdir(path)).filter(
      (name) => !/^((lock|secret\.key|version)(\..*)?|lost\+found|\..*)$/.test(name),
    );
    if (strangers.length === 0) return false;
    throw new StartRefused(
      `The folder ${path} holds other things (${strangers.slice(0, 3).join(', ')}) and is not a data folder of Oncepost; nothing was changed; name an empty or a new folder in ONCEPOST_DATA.`,
    );
  }
  const theirs = Number(text.trim());
  if (theirs === version) return true;
  const made =
    theirs > version
      ? `was made by a newer version of Oncepost (its version is ${theirs}, this one knows ${version})`
      : 'has an unreadable version file';
  throw new StartRefused(
    `The data folder ${path} ${made}; its data is untouched; start the version of Oncepost that made it, or name another folder in ONCEPOST_DATA.`,
  );
}

async function assertRoom(path: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (free >= needed) return;
  const mb = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MB`;
  throw new StartRefused(
    `The disk that holds ${path} is full: ${mb(free)} are free and ${mb(needed)} are needed to start; what was stored before is safe; free some space there, or name a folder on another disk in ONCEPOST_DATA.`,
  );
}

/** The key that a start made in this folder, in base64; undefined where there is none. */
export async function secretKeyOf(folder: string): Promise<string | undefined> {
  return (await readIfThere(join(folder, KEY_FILE)))?.trim();
}

async function storedKey(path: string, known: boolean): Promise<string> {
  const file = join(path, KEY_FILE);
  if (!known) return readOrCreate(file, () => randomBytes(32).toString('base64'));
  const key = (await readIfThere(file))?.trim();
  if (key) return key;
  throw new StartRefused(
    `The file ${file} is missing, and without its key the stored tokens cannot be read; all data is untouched; bring the file back from a backup, or set ONCEPOST_SECRET_KEY to the key used before.`,
  );
}

function alreadyRuns(path: string, pid: number, addresses: string): StartRefused {
  const where = addresses === '' ? 'and is still starting' : `at ${addresses}`;
  return new StartRefused(
    `Oncepost already runs on the data folder ${path} (process ${pid}) ${where}; nothing was changed; use that one, stop it with Ctrl-C in its terminal, or name another folder in ONCEPOST_DATA.`,
  );
}
