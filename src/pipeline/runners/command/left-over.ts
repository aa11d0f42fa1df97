// What a worker left that was killed with a program running: the program goes on, and its folder stays. Both are ended by the next
// start on this machine.
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../../../runtime/ids.ts';
import { identify } from '../../../runtime/processes.ts';
import { endFamily } from './family.ts';
import { removeWhole } from './folder.ts';

/** How the name of a folder begins: with who made it, so that no note of ours can be missing. */
export function ownerMark(pid: number = process.pid): string {
  const startedAt = identify(pid)?.startedAt ?? '';
  return `${pid}-${sha256Hex(startedAt).slice(0, 12)}`;
}

/**
 * Ends the programs below `base` whose worker is gone, and removes their folders. Call it before the first stage is run. No other
 * machine and no other container may use `base`: its workers would not be seen from here.
 * Where processes are not found by their environment (not on Linux), only the folders go.
 */
export async function endLeftPrograms(base: string, graceMs: number): Promise<void> {
  const whole = await realpath(base).catch(() => null);
  if (whole === null) return;
  for (const name of await readdir(whole)) {
    const [, mark, pid] = /^((\d+)-[0-9a-f]{12})-[0-9a-f]{18}$/.exec(name) ?? [];
    if (mark === undefined || ownerMark(Number(pid)) === mark) continue;
    const folder = join(whole, name);
    await endFamily({ group: null, folder }, graceMs);
    await removeWhole(folder);
  }
}
