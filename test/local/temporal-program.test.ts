// Where the Temporal server comes from, tried in a network namespace without any network and with a PATH made for the test.
import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findTemporalProgram } from '../../src/local/temporal/temporal-program.ts';
import { type Helper, startHelper, temporaryFolder } from './support/folders.ts';

let real: string;
beforeAll(async () => {
  real = await findTemporalProgram({ onProgress: console.log });
});

/** A PATH folder with `env` and the shell scripts given, by name. */
async function pathWith(folder: string, scripts: Readonly<Record<string, string>>): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of ['env', 'sleep', 'cp']) await symlink(`/usr/bin/${name}`, join(bin, name));
  for (const [name, body] of Object.entries(scripts)) await script(join(bin, name), body);
  return bin;
}

async function script(path: string, body: string): Promise<void> {
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
}

const offline =
  process.getuid?.() === 0 ? ['/usr/bin/unshare', '--net'] : ['/usr/bin/unshare', '--user', '--map-root-user', '--net'];

function look(cacheHome: string, path: string, program?: string): Helper {
  return startHelper(
    'temporal-finder.ts',
    { cacheHome, program },
    { prefix: offline, environment: { PATH: path, HOME: cacheHome } },
  );
}

/** Stands where Go stands: says its version, and "builds" by putting the real server where Go was told to. */
const working = (version: string) => `
if [ "$1" = version ]; then echo "go version go${version} linux/amd64"; exit 0; fi
while [ "$1" != -o ]; do shift; done
sleep 3
echo built >> "$HOME/builds"
cp "${real}" "$2"`;

describe('the Temporal server program', () => {
  it('is the one named, and nothing else is tried when that one is unfit', async () => {
    const folder = await temporaryFolder();
    const path = await pathWith(folder, { older: 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"' });
    const older = join(path, 'older');
    expect(await look(folder, path, real).line(/^found/)).toBe(`found ${real}`);
    for (const [program, what] of [
      [older, 'which holds the older server 1.29'],
      ['/usr/bin/env', 'which is not the Temporal CLI'],
      [join(folder, 'nothing'), 'which is not there or cannot be run'],
    ] as const) {
      const helper = look(folder, path, program);
      expect(await helper.ended()).toBe(1);
      expect(helper.lines).toEqual([
        `StartRefused: ONCEPOST_TEMPORAL_PROGRAM names ${program}, ${what}; nothing was started; name a Temporal CLI with server 1.32 or later, or unset it to let one be found.`,
      ]);
    }
  });

  it('is the one on the PATH, then the one in the cache', async () => {
    const folder = await temporaryFolder();
    const path = await pathWith(folder, { temporal: 'echo "temporal version 1.8.2 (Server 1.32.1, UI 2.54.1)"' });
    expect(await look(folder, path).line(/^found/)).toBe('found temporal');

    const older = await temporaryFolder();
    const oldPath = await pathWith(older, { temporal: 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"' });
    const cached = join(older, 'oncepost', 'temporal-1.32.1');
    await mkdir(join(older, 'oncepost'));
    await symlink(real, cached);
    expect(await look(older, oldPath).line(/^found/)).toBe(`found ${cached}`);
  });

  it('is built with Go where there is neither, once for two who look at the same time, and kept', async () => {
    const folder = await temporaryFolder();
    const path = await pathWith(folder, { go: working('1.26.8') });
    const both = [look(folder, path), look(folder, path)];
    const cached = join(folder, 'oncepost', 'temporal-1.32.1');
    for (const helper of both) expect(await helper.line(/^found/)).toBe(`found ${cached}`);
    const lines = both.flatMap(({ lines }) => lines);
    expect(lines.filter((line) => line.startsWith('progress: Building'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('progress: Waiting for process'))).toHaveLength(1);
    await Promise.all(both.map((helper) => helper.ended()));
    expect(await readdir(join(folder, 'oncepost'))).toEqual(['temporal-1.32.1']);
    expect(await look(folder, path).line(/^found/)).toBe(`found ${cached}`);
  });

  it('is built by the next start when a build was killed', async () => {
    const folder = await temporaryFolder();
    const path = await pathWith(folder, { go: working('1.26.8') });
    const killed = look(folder, path);
    await killed.line(/Building/);
    killed.process.kill('SIGKILL');
    await killed.ended();
    expect(await look(folder, path).line(/^found/)).toBe(`found ${join(folder, 'oncepost', 'temporal-1.32.1')}`);
  });

  it.each([
    ['no Go', {}, 'it cannot be built, because Go 1.26.8 or later is not installed'],
    [
      'a Go that is too old',
      {
        go: 'echo "go version go1.22.1 linux/amd64"; [ "$1" = version ] || { echo "go: go.mod requires go >= 1.26.8 (running go 1.22.1; GOTOOLCHAIN=local)"; exit 1; }',
      },
      'it cannot be built, because Go 1.22.1 is installed and 1.26.8 is needed',
    ],
    [
      'a Go that cannot reach its modules',
      {
        go: 'echo "go version go1.26.8 linux/amd64"; [ "$1" = version ] || { echo "dial tcp: lookup proxy.golang.org: no such host"; exit 1; }',
      },
      'its build with Go failed (go version go1.26.8 linux/amd64 | dial tcp: lookup proxy.golang.org: no such host)',
    ],
  ])('cannot be had without internet and with %s: one sentence lists all ways', async (_case, scripts, reason) => {
    const folder = await temporaryFolder();
    const helper = look(folder, await pathWith(folder, scripts));
    expect(await helper.ended()).toBe(1);
    expect(helper.lines.at(-1)).toBe(
      `StartRefused: No Temporal server was found or could be made (the PATH has no temporal program; its download could not be reached; ${reason}); nothing was started; set TEMPORAL_ADDRESS to a running Temporal, or ONCEPOST_TEMPORAL_PROGRAM to a Temporal CLI, or put one on the PATH, or start once with internet access, or install Go 1.26.8 or later so that it can be built.`,
    );
  });
});
