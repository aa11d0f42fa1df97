// Runs one program, in sight of whoever waits for it.
import { spawn } from 'node:child_process';

/** True when it exits with 0. Its output goes straight to ours, or nowhere; it reads nothing. */
export async function runProgram(
  command: string,
  args: readonly string[],
  cwd: string,
  output: 'inherit' | 'ignore' = 'inherit',
): Promise<boolean> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', output, output] });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(false);
    });
    child.once('close', (code) => resolve(code === 0));
  });
}
