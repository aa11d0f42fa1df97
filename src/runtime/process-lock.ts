// A lock between processes of one machine: a file that names its holder. The lock of a holder that was killed is taken over.
import { randomBytes } from 'node:crypto';
import { link, rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readIfThere, writePrivateFile } from './private-file.ts';
import { identify, isRunning } from './processes.ts';

const holderSchema = z.object({ pid: z.number().int().positive(), startedAt: z.string(), note: z.string() });

/** Who holds a lock, with a note for those who meet it. */
export type LockHolder = Readonly<z.infer<typeof holderSchema>>;

/** A lock that is ours until it is released or this process ends, however it ends. */
export interface HeldLock {
  readonly held: true;
  note(text: string): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lock, or says who has it. The folder must exist. */
export async function takeLock(
  path: string,
): Promise<HeldLock | { readonly held: false; readonly holder: LockHolder }> {
  const self = { ...identify(process.pid), note: '' };
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, JSON.stringify(self), { mode: 0o600 });
  try {
    for (;;) {
      if (await linked(draft, path)) return heldLock(path, self);
      const holder = parseHolder(await readIfThere(path));
      if (holder !== undefined && isRunning(holder)) return { held: false, holder };
      await removeStale(path);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

function heldLock(path: string, self: object): HeldLock {
  return {
    held: true,
    note: (note) => writePrivateFile(path, JSON.stringify({ ...self, note })),
    release: () => rm(path, { force: true }),
  };
}

/** Sets a stale lock aside. Two may try at once, so what was set aside is looked at again, and put back if it is a live one. */
async function removeStale(path: string): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return; // another one was faster
  }
  const holder = parseHolder(await readIfThere(aside));
  if (holder !== undefined && isRunning(holder)) await linked(aside, path);
  await rm(aside, { force: true });
}

/** A link appears whole or not at all, and only where nothing stands: that is what makes it a lock. */
async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function parseHolder(text: string | undefined): LockHolder | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
