#!/usr/bin/env node
// Starts the command line: the sources in a clone, the built files in a released package. Plain JavaScript that an old
// Node can read, because it is also what tells an old Node so.
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const neededMajor = 24;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The Node 24 that npm installed beside us, in a clone or as a dependency of somebody's project. */
function packagedNode() {
  const candidates = [here('../node_modules/.bin/node'), here('../../.bin/node')];
  return candidates.find((path) => existsSync(path) && realpathSync(path) !== realpathSync(process.execPath));
}

/** Runs the same command with another Node; its signals and its exit are passed on, so nobody notices the change. */
function runWith(node) {
  const child = spawn(node, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  // Ctrl-C reaches the whole process group by itself: the child hears it twice then, which changes nothing.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm does not pass every signal on; when it is gone, what it started must end too.
  const parent = process.ppid;
  const look = () => process.ppid !== parent && child.kill('SIGTERM');
  if (process.env.npm_lifecycle_event !== undefined) setInterval(look, 500);
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function start() {
  // Imported by address: in a path, a "#" or a "%" of a folder's name would mean something else.
  const source = new URL('../src/cli/main.ts', import.meta.url);
  return import(existsSync(source) ? source : new URL('../dist/src/cli/main.js', import.meta.url));
}

if (Number.parseInt(process.versions.node, 10) >= neededMajor) {
  await start();
} else {
  const node = packagedNode();
  if (node) {
    runWith(node);
  } else {
    console.error(
      `Oncepost needs Node ${neededMajor}, but this is Node ${process.versions.node} and there is no other in node_modules; nothing was started; run "npm ci" here, or install Node ${neededMajor}.`,
    );
    process.exitCode = 1;
  }
}
