// Crash points for tests: a file in the stage's folder says where the next worker that comes by dies, and every point
// that is reached is written down, so that a sweep can prove that each one fired.
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CrashPoints } from '../../src/publishing/points.ts';

const armFile = (folder: string) => join(folder, 'crash-armed.json');
const censusFile = (folder: string) => join(folder, 'crash-census.txt');

/** The worker's side: dies by SIGKILL at the armed point, once. */
export function crashPoints(folder: string): CrashPoints {
  return {
    async reach(point, scheduleId) {
      appendFileSync(censusFile(folder), `${point} ${scheduleId}\n`);
      const arm = readArm(folder);
      if (arm?.point !== point || (arm.scheduleId !== undefined && arm.scheduleId !== scheduleId)) return;
      // Whoever manages to rename the file is the one that dies.
      try {
        renameSync(armFile(folder), join(folder, 'crash-fired.json'));
      } catch {
        return;
      }
      process.kill(process.pid, arm.signal ?? 'SIGKILL');
      // The signal is on its way; nothing more may happen meanwhile.
      await new Promise(() => {});
    },
  };
}

interface Arm {
  readonly point: string;
  readonly scheduleId?: string;
  readonly signal?: 'SIGKILL' | 'SIGSTOP';
}

function readArm(folder: string): Arm | null {
  try {
    return JSON.parse(readFileSync(armFile(folder), 'utf8'));
  } catch {
    return null;
  }
}

/** The test's side: the next worker that reaches the point dies there. */
export function armCrash(folder: string, arm: Arm): void {
  writeFileSync(`${armFile(folder)}.new`, JSON.stringify(arm));
  renameSync(`${armFile(folder)}.new`, armFile(folder));
}

/** Whether an armed point has been reached by a worker that then died. */
export function crashPending(folder: string): boolean {
  return existsSync(armFile(folder));
}

/** Every point reached so far, in order, for one schedule. */
export function census(folder: string, scheduleId: string): string[] {
  if (!existsSync(censusFile(folder))) return [];
  return readFileSync(censusFile(folder), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith(` ${scheduleId}`))
    .map((line) => line.split(' ')[0] ?? '');
}
