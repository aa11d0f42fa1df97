// Small files of ours in the data folder: readable by this user only, and never seen half written.
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Writes the whole file or nothing; the file is readable by its owner only (0600). */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeFile(temporary, text, { mode: 0o600, flush: true });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** The file's text, or nothing when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The file's text; made once, from `make`, when there is none. */
export async function readOrCreate(path: string, make: () => string): Promise<string> {
  const there = await readIfThere(path);
  if (there !== undefined && there.trim() !== '') return there.trim();
  const made = make();
  await writePrivateFile(path, `${made}\n`);
  return made;
}
