// Brings a Ghost into the user's cache: its package as npm has it, and its own locked dependencies, by its own package
// manager, compiled for the Node that runs it. Nothing of it lies in this repository but what names it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { oneAtATime } from '../pds/one-at-a-time.ts';
import { GhostInstallError } from './errors.ts';

const GHOST = {
  version: '6.65.0',
  integrity: 'sha512-D369qivOmfn4YwvBD1DljOGsHnJzBEQhBsiFnBZD+GjWrBpdZQYYNHneiQcKQVJwUom8eHWml1n5FRLQIwVFOg==',
};
/** What runs the installation and Ghost itself: the package manager and Node 22. */
const TOOL_FILES = ['package.json', 'package-lock.json'];
const COMMAND_TIMEOUT_MS = 15 * 60_000;

/** Where everything lies; another folder as soon as anything that decides its content is another. */
const FOLDER = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'),
  'oncepost',
  `ghost-${GHOST.version}-${digestOfWanted().slice(0, 16)}`,
);
const TOOLS = join(FOLDER, 'tools');
const STAMP = join(FOLDER, '.installed');

/** The folder of the unpacked Ghost. */
export const GHOST_FOLDER = join(FOLDER, 'package');
/** The Node that runs it: version 22, since the database add-on aborts under 24. */
export const GHOST_NODE = join(TOOLS, 'node_modules', '.bin', 'node');

function digestOfWanted(): string {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch} ${GHOST.integrity}`);
  for (const file of TOOL_FILES) hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest('hex');
}

interface Command {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** What to do about it when it fails. */
  readonly remedy: string;
}

async function run(program: string, args: readonly string[], { cwd, env, remedy }: Command): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_TIMEOUT_MS,
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const failure = await new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? null : output));
  });
  if (failure !== null) throw new GhostInstallError(`Ghost could not be installed: ${remedy}\n${failure}`);
}

const REGISTRY = 'check that the npm registry answers, then run the tests again.';
const COMPILER = 'install a C++ compiler, make and python3, then run the tests again.';

async function bringTools(): Promise<void> {
  mkdirSync(TOOLS, { recursive: true });
  for (const file of TOOL_FILES) copyFileSync(join(import.meta.dirname, file), join(TOOLS, file));
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: TOOLS, remedy: REGISTRY });
}

async function bringGhost(): Promise<void> {
  const name = `ghost@${GHOST.version}`;
  await run('npm', ['pack', name, '--ignore-scripts', '--pack-destination', FOLDER], { cwd: FOLDER, remedy: REGISTRY });
  const archive = join(FOLDER, `ghost-${GHOST.version}.tgz`);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (integrity !== GHOST.integrity) {
    throw new GhostInstallError(
      `Ghost could not be installed: the registry's ${name} is not the one that is named here.`,
    );
  }
  await run('tar', ['-xzf', archive, '-C', FOLDER], { cwd: FOLDER, remedy: 'install tar, then run the tests again.' });
  rmSync(archive);
}

/** The package manager passes over an add-on that it could not compile, so this one is compiled by name. */
async function bringDependencies(): Promise<void> {
  const manager = join(TOOLS, 'node_modules', 'pnpm');
  const env = {
    ...process.env,
    PATH: [join(TOOLS, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
    // The headers inside the Node package, so that nothing else is downloaded.
    npm_config_nodedir: join(TOOLS, 'node_modules', `node-${process.platform}-${process.arch}`),
    CI: '1',
  };
  const store = join(FOLDER, 'store');
  const install = [join(manager, 'bin', 'pnpm.mjs'), 'install', '--prod', '--frozen-lockfile', '--ignore-scripts'];
  await run(GHOST_NODE, [...install, '--store-dir', store], { cwd: GHOST_FOLDER, env, remedy: REGISTRY });
  const addon = dirname(createRequire(join(GHOST_FOLDER, 'index.js')).resolve('better-sqlite3/package.json'));
  const compile = [join(manager, 'dist', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js'), 'rebuild', '--release'];
  await run(GHOST_NODE, compile, { cwd: addon, env, remedy: COMPILER });
  rmSync(store, { recursive: true });
}

async function install(): Promise<void> {
  // What an installation left that did not come to its end.
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  await bringTools();
  await bringGhost();
  await bringDependencies();
  writeFileSync(STAMP, '');
}

/**
 * Makes Ghost runnable; costs nothing when it already is. Safe to call from many processes at once.
 * @throws GhostInstallError when its packages or its add-on cannot be had
 */
export async function installGhost(): Promise<void> {
  if (existsSync(STAMP)) return;
  await oneAtATime(FOLDER, async () => {
    if (!existsSync(STAMP)) await install();
  });
}
