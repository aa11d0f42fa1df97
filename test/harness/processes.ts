// Starts our processes for tests, keeps what they say, and makes sure that none outlives its test file.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface TestProcess {
  readonly child: ChildProcess;
  /** What it told when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** What it wrote to stderr so far. */
  output(): string;
  kill(signal?: NodeJS.Signals): Promise<void>;
  readonly exited: Promise<unknown>;
}

/** Forks a script of this folder and waits until it says that it is ready. */
export async function startProcess(
  script: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<TestProcess> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = once(child, 'exit');
  const ready = await Promise.race([
    once(child, 'message').then(([message]) => message),
    exited.then(([code]) => Promise.reject(new TypeError(`${script} ended with ${code}: ${output}`))),
  ]);
  return {
    child,
    ready,
    exited,
    output: () => output,
    async kill(signal = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await exited;
    },
  };
}
