// Brings test/pds/node_modules up to its lock file, with a better-sqlite3 add-on that fits the Node in there.
// The add-on is the only thing not in the npm registry: it is compiled once (about 80 s) and kept in the user's cache.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PdsInstallError } from './errors.ts';
import { oneAtATime } from './one-at-a-time.ts';

const FOLDER = import.meta.dirname;
const MODULES = join(FOLDER, 'node_modules');
const STAMP = join(MODULES, '.oncepost-installed');
const ADDON = join(MODULES, 'better-sqlite3/build/Release/better_sqlite3.node');
const COMMAND_TIMEOUT_MS = 15 * 60_000;

/** The Node that runs the PDS: version 22 from the folder's own packages. */
export const PDS_NODE = join(MODULES, '.bin/node');

interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(command, args, {
    cwd: FOLDER,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: COMMAND_TIMEOUT_MS,
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Digest of everything that decides what an up-to-date folder holds. */
function wanted(): string {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const file of ['package.json', 'package-lock.json']) hash.update(readFileSync(join(FOLDER, file)));
  return hash.digest('hex');
}

function upToDate(): boolean {
  return existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted();
}

async function addonLoads(): Promise<boolean> {
  const open = "new (require('better-sqlite3'))(':memory:').close()";
  return existsSync(ADDON) && (await run(PDS_NODE, ['-e', open], process.env)).ok;
}

function cachedAddon(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'oncepost', `pds-addon-${wanted().slice(0, 16)}.node`);
}

/** Copies through a temporary name, so that nobody ever meets half a file. */
function copyWhole(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  const partial = `${to}.${process.pid}`;
  copyFileSync(from, partial);
  renameSync(partial, to);
}

/** Downloads the add-on where GitHub can be reached, else compiles it against the headers inside the Node package. */
async function buildAddon(): Promise<void> {
  const env = {
    ...process.env,
    PATH: [join(MODULES, '.bin'), process.env.PATH ?? ''].join(delimiter),
    npm_config_ignore_scripts: 'false',
    npm_config_nodedir: join(MODULES, `node-${process.platform}-${process.arch}`),
  };
  const built = await run('npm', ['rebuild', 'better-sqlite3', '--prefix', FOLDER], env);
  if (built.ok && (await addonLoads())) return copyWhole(ADDON, cachedAddon());
  throw new PdsInstallError(
    `The PDS's database add-on could not be had: its download was refused and compiling it failed. ` +
      `Install a C++ compiler, make and python3, then run the tests again.\n${built.output}`,
  );
}

async function install(): Promise<void> {
  const fetched = await run('npm', ['ci', '--ignore-scripts', '--prefix', FOLDER], process.env);
  if (!fetched.ok) {
    throw new PdsInstallError(`npm ci failed in test/pds; check that the npm registry answers.\n${fetched.output}`);
  }
  if (existsSync(cachedAddon())) copyWhole(cachedAddon(), ADDON);
  if (!(await addonLoads())) await buildAddon();
  writeFileSync(STAMP, wanted());
}

/**
 * Makes the PDS runnable; costs nothing when it already is. Safe to call from many processes at once.
 * @throws PdsInstallError when the packages or the add-on cannot be had
 */
export async function installPds(): Promise<void> {
  if (upToDate()) return;
  await oneAtATime(FOLDER, async () => {
    if (!upToDate()) await install();
  });
}
