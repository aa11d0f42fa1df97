// Finds the embedded PostgreSQL that an earlier start left running, and clears what one that was killed left behind.
import { realpath, rm } from 'node:fs/promises';
import { readIfThere } from '../../runtime/private-file.ts';
import { findProcess, isNumberTaken, type RunningCommand } from '../../runtime/processes.ts';
import { clusterPaths } from './postgres-cluster.ts';

/** Whether the running server of this data folder holds the port already. */
export async function postgresHoldsPort(dataFolder: string, port: number): Promise<boolean> {
  const running = runningServer(clusterPaths(await realpath(dataFolder)).cluster);
  return running !== undefined && listensOn(running, port);
}

/**
 * A lock file left behind holds a number that may be a stranger's by now, or a zombie's, and PostgreSQL would believe its server to
 * run. Where nobody has the number it removes the file itself; its check of shared memory guards the cluster in any case.
 */
export async function removeStaleLock(lockFile: string): Promise<void> {
  const pid = Number((await readIfThere(lockFile))?.split('\n')[0]);
  if (pid > 0 && isNumberTaken(pid)) await rm(lockFile, { force: true });
}

/** The server process of a cluster, known by its own arguments. */
export function runningServer(cluster: string): RunningCommand | undefined {
  return findProcess(`/postgres ${serverArgs(cluster).join(' ')} `);
}

/** Whether a server was started on the port. */
export function listensOn(server: RunningCommand, port: number): boolean {
  return server.command.includes(` -p ${port} `);
}

/** The first arguments of every server of ours, by which it is known again. */
export function serverArgs(cluster: string): readonly string[] {
  return ['-D', cluster, '-h', '127.0.0.1'];
}
