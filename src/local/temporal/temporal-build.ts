// Builds the Temporal server with Go from tools/temporal-server: the Go module proxy carries it where nothing else does.
import { type ChildProcess, spawn } from 'node:child_process';
import { rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { lastLines } from '../../runtime/log-file.ts';
import { packageRoot } from '../../runtime/package-root.ts';
import { diskFull, tellsFullDisk } from '../../runtime/start-refused.ts';
import { type Found, goVersionNeeded } from './temporal-release.ts';

const moduleFolder = join(packageRoot, 'tools', 'temporal-server');
const program = 'github.com/temporalio/cli/cmd/temporal';
const progressMs = 15_000;

/**
 * Builds the program to `target`, which appears only when it is whole. Minutes on the first time; progress is told.
 * @throws StartRefused when the disk is full.
 */
export async function buildTemporal(
  target: string,
  onProgress: (line: string) => void,
  signal?: AbortSignal,
): Promise<Found> {
  const version = await runGo(['version'], signal);
  if (version.code !== 0)
    return { failed: `it cannot be built, because Go ${goVersionNeeded} or later is not installed` };
  onProgress('Building the Temporal server with Go: 4 to 5 minutes, once on this machine');
  const draft = `${target}.building`;
  const began = performance.now();
  const ticking = setInterval(() => {
    onProgress(`Building the Temporal server with Go: ${Math.round((performance.now() - began) / 1000)} s so far`);
  }, progressMs);
  try {
    const build = await runGo(
      ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', draft, program],
      signal,
    );
    signal?.throwIfAborted();
    if (build.code !== 0) return failedBuild(target, version.output, build.output);
    await rename(draft, target);
    onProgress(`Built the Temporal server in ${Math.round((performance.now() - began) / 1000)} s`);
    return { path: target };
  } finally {
    clearInterval(ticking);
    await rm(draft, { force: true });
  }
}

function failedBuild(target: string, version: string, output: string): Found {
  if (tellsFullDisk(output)) throw diskFull(dirname(target));
  const installed = /go(\d+\.\d+(\.\d+)?)/.exec(version)?.[1] ?? 'an unknown version';
  // Go before 1.21 cannot even read the version line, and says so in other words.
  if (/requires go >=|toolchain not available|invalid go version|unknown directive/.test(output)) {
    return { failed: `it cannot be built, because Go ${installed} is installed and ${goVersionNeeded} is needed` };
  }
  return { failed: `its build with Go failed (${lastLines(output, 2)})` };
}

function runGo(args: readonly string[], signal?: AbortSignal): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    // `env` adds the one variable and leaves the rest of the environment to Go: its proxy, its caches, its flags.
    const child: ChildProcess = spawn('env', ['CGO_ENABLED=0', 'go', ...args], {
      cwd: moduleFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal ? { signal } : {}),
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const output = () => Buffer.concat(chunks).toString('utf8');
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output() }));
  });
}
