// Runs one program to its end and answers what it wrote.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { WordpressCallError } from './errors.ts';

const run = promisify(execFile);
const MOST_BYTES = 64 * 1024 ** 2;

/** What the program wrote to its stdout. @throws WordpressCallError with the end of what it complained of */
export async function runCommand(command: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(command, [...args], { maxBuffer: MOST_BYTES })).stdout;
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    throw new WordpressCallError(`${command} failed: ${told.slice(-4_000)}`);
  }
}
