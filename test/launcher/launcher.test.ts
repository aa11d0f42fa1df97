// bin/oncepost.mjs: which files it starts, and what it does under a Node that is too old for them.
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const launcher = join(import.meta.dirname, '../../bin/oncepost.mjs');
/** Makes the Node that runs the launcher say that it is an old one. */
const oldNode = ["--import=data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.20.2'})"];

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-launcher-'));
  mkdirSync(join(folder, 'bin'));
  cpSync(launcher, join(folder, 'bin/oncepost.mjs'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  chmodSync(join(folder, path), 0o755);
}

const command = (from: string) => `console.log('${from}', ...process.argv.slice(2)); process.exitCode = 3;`;

function launchIn(cwd: string, nodeOptions: readonly string[], ...args: readonly string[]) {
  const child = spawn(process.execPath, [...nodeOptions, 'bin/oncepost.mjs', ...args], { cwd });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const outcome = new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout: said.stdout.trim(), stderr: said.stderr.trim() }));
  });
  return { child, outcome };
}

function launch(nodeOptions: readonly string[], ...args: readonly string[]) {
  return launchIn(folder, nodeOptions, ...args);
}

describe('the launcher', () => {
  test('starts the sources in a clone, even where something was built', async () => {
    write('src/cli/main.ts', command('sources'));
    write('dist/src/cli/main.js', command('built'));
    expect(await launch([], 'publish', '--text', 'Hello there').outcome).toEqual({
      code: 3,
      stdout: 'sources publish --text Hello there',
      stderr: '',
    });
  });

  test('starts the built files in a released package', async () => {
    write('dist/src/cli/main.js', command('built'));
    expect(await launch([], 'start').outcome).toEqual({ code: 3, stdout: 'built start', stderr: '' });
  });
});

describe('the launcher under an old Node', () => {
  test('says in one sentence what is needed when there is no other', async () => {
    write('src/cli/main.ts', command('sources'));
    expect(await launch(oldNode, 'start').outcome).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Oncepost needs Node 24, but this is Node 20.20.2 and there is no other in node_modules; nothing was started; run "npm ci" here, or install Node 24.',
    });
  });

  const packaged = '#!/bin/sh\nfor last; do :; done\necho "packaged Node: $last"\nexit 5\n';
  const handedOver = { code: 5, stdout: 'packaged Node: start', stderr: '' };

  test('hands over to the one that npm installed in the clone', async () => {
    write('node_modules/.bin/node', packaged);
    expect(await launch(oldNode, 'start').outcome).toEqual(handedOver);
  });

  test('hands over to the one that npm installed beside the released package', async () => {
    write('project/node_modules/.bin/node', packaged);
    const installed = join(folder, 'project/node_modules/oncepost');
    cpSync(join(folder, 'bin'), join(installed, 'bin'), { recursive: true });
    expect(await launchIn(installed, oldNode, 'start').outcome).toEqual(handedOver);
  });

  const stoppable = (signal: string) => `#!${process.execPath}
setInterval(() => {}, 60_000);
process.once('${signal}', () => { console.log('stopped cleanly'); process.exit(6); });
console.log('started');
`;

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)('passes %s on and ends as the other ends', async (signal) => {
    write('node_modules/.bin/node', stoppable(signal));
    const { child, outcome } = launch(oldNode, 'start');
    child.stdout.once('data', () => child.kill(signal));
    expect(await outcome).toEqual({ code: 6, stdout: 'started\nstopped cleanly', stderr: '' });
  });

  test('stops the other when npm, which started it, is gone without a word', async () => {
    write('node_modules/.bin/node', stoppable('SIGTERM'));
    const launched = [process.execPath, ...oldNode, 'bin/oncepost.mjs', 'start'].map(
      (word) => `'${word.replaceAll("'", "'\\''")}'`,
    );
    // A shell in the place of npm, which starts it and waits.
    const npm = spawn('sh', ['-c', `${launched.join(' ')}; exit`], {
      cwd: folder,
      env: { ...process.env, npm_lifecycle_event: 'start' },
    });
    let said = '';
    npm.stdout.on('data', (chunk) => {
      said += chunk;
      if (String(chunk).includes('started')) npm.kill('SIGKILL');
    });
    // The pipe closes when the last of them has ended.
    await new Promise((resolve) => npm.stdout.once('close', resolve));
    expect(said).toBe('started\nstopped cleanly\n');
  });
});
