// Log files of the processes we start: appended to, kept to a bounded size, and readable from where a start began.
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const keptSizeBytes = 16 * 1024 * 1024;

/** An open log. `fd` is for a child's stdout and stderr (close it when the child has it); `sinceOpened` reads what came after. */
export interface LogFile {
  readonly path: string;
  readonly fd: number;
  sinceOpened(): string;
  close(): void;
}

/** Opens a log for appending; one that has grown past 16 MB is first set aside as `<path>.1`. */
export function openLog(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (sizeOf(path) > keptSizeBytes) renameSync(path, `${path}.1`);
  const from = sizeOf(path);
  const fd = openSync(path, 'a', 0o600);
  return {
    path,
    fd,
    sinceOpened: () => readFileSync(path).subarray(from).toString('utf8'),
    close: () => closeSync(fd),
  };
}

/** The last `count` lines of a text that are not empty, on one line: what a sentence can quote. */
export function lastLines(text: string, count: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(-count).join(' | ').slice(-600);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
