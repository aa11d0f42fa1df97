// One run of Ghost as a child process: from spawn to its first answer, to its end.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../harness/until.ts';
import { GhostStartError } from './errors.ts';
import { GHOST_FOLDER, GHOST_NODE } from './install-ghost.ts';

const START_TIMEOUT_MS = 120_000;

/** A running Ghost process. */
export interface ServerProcess {
  /** Asks the process to end by closing its stdin, and waits until it has. */
  end(): Promise<void>;
  /** Sends SIGKILL, and waits until the process is gone. */
  kill(): Promise<void>;
}

const isGone = (child: ChildProcessWithoutNullStreams) => child.exitCode !== null || child.signalCode !== null;

async function gone(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (!isGone(child)) await once(child, 'exit');
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ghost/api/admin/site/`)).ok;
  } catch {
    return false;
  }
}

/**
 * Starts Ghost on the site in `folder` and waits until it answers.
 * @throws GhostStartError when it ends before; `EADDRINUSE` stands in the message when the port was taken
 */
export async function startServerProcess({ folder, url }: { folder: string; url: string }): Promise<ServerProcess> {
  const args = ['--import', join(import.meta.dirname, 'end-with-stdin.mjs'), join(GHOST_FOLDER, 'index.js')];
  const child = spawn(GHOST_NODE, args, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let said = '';
  const keep = (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => keep(Buffer.from(error.message)));
  child.stdin.on('error', () => undefined);
  await until('Ghost answers', async () => isGone(child) || (await answers(url)), START_TIMEOUT_MS);
  if (isGone(child)) throw new GhostStartError(`Ghost did not start: ${said}`);
  return {
    async end() {
      child.stdin.end();
      await gone(child);
    },
    async kill() {
      child.kill('SIGKILL');
      await gone(child);
    },
  };
}
