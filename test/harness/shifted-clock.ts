// A clock that a test can move: the shift stands in a file of the stage, read whenever somebody asks for the time.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../src/runtime/clock.ts';

const shiftFile = (folder: string) => join(folder, 'clock-shift-ms');

export function shiftedClock(folder: string): Clock {
  return { machineNow: () => new Date(), now: () => new Date(Date.now() + readShift(folder)) };
}

export function shiftClock(folder: string, shiftMs: number): void {
  // Whole or not at all: a worker may be reading it.
  writeFileSync(`${shiftFile(folder)}.new`, String(shiftMs));
  renameSync(`${shiftFile(folder)}.new`, shiftFile(folder));
}

function readShift(folder: string): number {
  try {
    return Number(readFileSync(shiftFile(folder), 'utf8')) || 0;
  } catch {
    return 0;
  }
}
