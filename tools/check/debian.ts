// Installs packages of Debian, one apt-get at a time: two that run at once refuse each other.
import { existsSync } from 'node:fs';
import { oneAtATime } from '../../test/pds/one-at-a-time.ts';
import { runProgram } from './run-program.ts';

const APT_GET = ['DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', '--yes', '-o=Dpkg::Use-Pty=0'];
/** Another program of this machine may be at it: it is waited for, in seconds. */
const PATIENCE = '-o=DPkg::Lock::Timeout=300';

/** Whether this process may install packages at all: as root, on Debian. */
export function mayInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** Installs them without what they merely recommend; true when apt-get says so. */
export function installFromDebian(packages: readonly string[]): Promise<boolean> {
  const run = (...args: readonly string[]) => runProgram('env', [...APT_GET, PATIENCE, ...args], '/');
  return oneAtATime(
    'apt-get',
    async () => (await run('update')) && (await run('install', '--no-install-recommends', ...packages)),
  );
}
