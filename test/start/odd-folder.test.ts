// A checkout in a folder whose name means something to addresses and shells: `npm start` there, a publish, and every way of
// stopping it, at npm and below, after which nothing of it runs.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../harness/until.ts';
import { startPorts } from './ports.ts';

const ROOT = join(import.meta.dirname, '../..');
const PARTS = ['bin', 'src', 'workflows', 'activities', 'tools', 'package.json', 'temporal.yaml'];
const run = promisify(execFile);

interface Running {
  readonly npm: ChildProcess;
  /** The process that npm started. */
  readonly below: number;
  /** Every process of this folder, those included that were started apart. */
  readonly all: readonly number[];
}

describe("a checkout in a folder named 'on ce#post ü %41'", () => {
  let folder: string;
  let checkout: string;
  let env: Record<string, string>;
  let npm: ChildProcess | null = null;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oncepost-odd-'));
    checkout = join(folder, 'on ce#post ü %41');
    await mkdir(checkout);
    for (const part of PARTS) cpSync(join(ROOT, part), join(checkout, part), { recursive: true });
    await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    env = {
      // As in a shell of a user who has this Node: npm finds it by its name.
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      HOME: process.env.HOME ?? '',
      XDG_CACHE_HOME: join(folder, 'cache'),
      ...(await startPorts()),
      ONCEPOST_TEMPORAL_PROGRAM: inject('temporalProgram'),
    };
  });
  afterAll(async () => {
    for (const pid of processesOf(checkout)) process.kill(pid, 'SIGKILL');
    npm?.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function start(): Promise<Running> {
    // In a group of its own, as in a terminal; a signal goes to the one process it is meant for.
    npm = spawn('npm', ['start'], { cwd: checkout, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [npm.stdout, npm.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const serves = until('everything serves', () => output.includes('Ctrl-C stops everything'), 170_000);
    await serves.catch((cause) => {
      throw new TypeError(`it never served, but said: ${output}`, { cause });
    });
    const [below = 0] = childrenOf(npm.pid ?? 0);
    return { npm, below, all: processesOf(checkout) };
  }

  const untilNothingRuns = ({ all }: Running) =>
    until('nothing of it runs', () => processesOf(checkout).length === 0 && all.every((pid) => !isThere(pid)));

  it('starts, keeps its store inside it, publishes, and ends as a whole at SIGTERM to npm', async () => {
    const running = await start();
    const published = await run(
      process.execPath,
      ['bin/oncepost.mjs', 'publish', '--account', 'sandbox-x', '--text', 'From a folder with a name of its own'],
      { cwd: checkout, env },
    );
    expect(published.stdout).toMatch(/^https:\/\/x\.com\/i\/web\/status\/\d+\n$/);
    expect((await readdir(folder)).toSorted()).toEqual(['cache', 'on ce#post ü %41']);
    expect(await readdir(join(checkout, 'data/temporal'))).toContain('temporal.db');
    // npm, the supervisor, three programs, two servers: not a handful of them, but all, must be seen here.
    expect(running.all.length).toBeGreaterThanOrEqual(6);
    running.npm.kill('SIGTERM');
    await untilNothingRuns(running);
    expect(await readFile(join(checkout, 'data/logs/temporal.log'), 'utf8')).not.toMatch(/panic/);
  }, 300_000);

  it.each([
    ['SIGHUP', 'npm'],
    ['SIGINT', 'npm'],
    ['SIGHUP', 'below'],
    ['SIGTERM', 'below'],
  ] as const)(
    'starts again on its data, and ends as a whole at %s to %s',
    async (signal, target) => {
      const running = await start();
      const ended = once(running.npm, 'exit');
      process.kill(target === 'npm' ? (running.npm.pid ?? 0) : running.below, signal);
      await ended;
      await untilNothingRuns(running);
    },
    300_000,
  );
});

/** The processes whose arguments or environment name the folder. */
function processesOf(path: string): number[] {
  return pids().filter((pid) => read(pid, 'cmdline').includes(path) || read(pid, 'environ').includes(path));
}

function childrenOf(parent: number): number[] {
  return pids().filter((pid) => Number(/\) \S (\d+)/.exec(read(pid, 'stat'))?.[1]) === parent);
}

function isThere(pid: number): boolean {
  return pids().includes(pid) && !/\) Z /.test(read(pid, 'stat'));
}

function pids(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
