// Every start that cannot succeed ends in one sentence and exit code 1, and leaves nothing running.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  alive,
  everyPid,
  runsOf,
  settings,
  settingsWithoutServers,
  startEverything,
  type Wanted,
} from './support/everything.ts';
import { startHelper, until } from './support/folders.ts';
import { onSmallDisk } from './support/small-disk.ts';

describe('the start of everything is refused', () => {
  it.each([
    ['server', 'the Oncepost server', 'ONCEPOST_PORT'],
    ['sandbox', 'the sandbox', 'ONCEPOST_SANDBOX_PORT'],
    ['postgres', 'PostgreSQL', 'ONCEPOST_POSTGRES_PORT'],
    ['temporal', 'Temporal', 'ONCEPOST_TEMPORAL_PORT'],
    ['temporalUi', 'the Temporal UI', 'ONCEPOST_TEMPORAL_UI_PORT'],
  ] as const)('when the port of %s is taken, before anything is started', async (which, purpose, variable) => {
    const wanted = await settings();
    const port = wanted.ports[which];
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const start = startEverything(wanted);
    expect(await start.ended()).toBe(1);
    expect(start.lines).toEqual([
      `StartRefused: Port ${port} on 127.0.0.1, needed for ${purpose}, is used by another program; nothing was started or changed on it; stop that program, or set ${variable} to a free port, then start again.`,
    ]);
    expect(await everyPid(wanted)).toEqual([]);
  });

  it('when one port is given twice', async () => {
    const wanted = await settings();
    const start = startEverything({ ...wanted, ports: { ...wanted.ports, sandbox: wanted.ports.server } });
    expect(await start.ended()).toBe(1);
    expect(start.lines).toEqual([
      `StartRefused: Port ${wanted.ports.server} is given to both the Oncepost server and the sandbox; nothing was started; set ONCEPOST_PORT or ONCEPOST_SANDBOX_PORT to another port.`,
    ]);
  });

  it('on a data folder of a newer version', async () => {
    const wanted = await settings();
    await mkdir(wanted.dataFolder);
    await writeFile(join(wanted.dataFolder, 'version'), '2\n');
    const start = startEverything(wanted);
    expect(await start.ended()).toBe(1);
    expect(start.lines).toEqual([
      `StartRefused: The data folder ${wanted.dataFolder} was made by a newer version of Oncepost (its version is 2, this one knows 1); its data is untouched; start the version of Oncepost that made it, or name another folder in ONCEPOST_DATA.`,
    ]);
    expect(await readdir(wanted.dataFolder)).toEqual(['version']);
  });

  it('on a folder that holds something else', async () => {
    const wanted = await settings();
    await mkdir(wanted.dataFolder);
    await writeFile(join(wanted.dataFolder, 'thesis.txt'), 'years of work');
    const start = startEverything(wanted);
    expect(await start.ended()).toBe(1);
    expect(start.lines).toEqual([
      `StartRefused: The folder ${wanted.dataFolder} holds other things (thesis.txt) and is not a data folder of Oncepost; nothing was changed; name an empty or a new folder in ONCEPOST_DATA.`,
    ]);
  });

  it('where no folder can be', async () => {
    const wanted = { ...(await settings()), dataFolder: '/dev/null/data' };
    const start = startEverything(wanted);
    expect(await start.ended()).toBe(1);
    expect(start.lines).toEqual([
      'StartRefused: The data folder /dev/null/data cannot be made or written by this user (the system says ENOTDIR); nothing was changed; give this user the right to write there, or name another folder in ONCEPOST_DATA.',
    ]);
  });

  it('on a disk without room', async () => {
    const wanted = await settings();
    await mkdir(wanted.dataFolder);
    const start = startHelper('everything.ts', wanted, { prefix: onSmallDisk(wanted.dataFolder, 50 * 1024) });
    expect(await start.ended()).toBe(1);
    expect(start.lines).toEqual([
      `StartRefused: The disk that holds ${wanted.dataFolder} is full: 50 MB are free and 256 MB are needed to start; what was stored before is safe; free some space there, or name a folder on another disk in ONCEPOST_DATA.`,
    ]);
  });

  it('when the key of the stored tokens is lost, and not when it is given', async () => {
    const wanted = await settingsWithoutServers();
    const first = startEverything(wanted);
    await first.line(/^Ctrl-C stops everything/);
    first.process.kill('SIGINT');
    await first.ended();
    const key = (await runsOf(wanted, 'worker'))[0]?.given.ONCEPOST_SECRET_KEY ?? '';
    await rm(join(wanted.dataFolder, 'secret.key'));

    const second = startEverything(wanted);
    expect(await second.ended()).toBe(1);
    expect(second.lines).toEqual([
      `StartRefused: The file ${wanted.dataFolder}/secret.key is missing, and without its key the stored tokens cannot be read; all data is untouched; bring the file back from a backup, or set ONCEPOST_SECRET_KEY to the key used before.`,
    ]);

    const third = startEverything({ ...wanted, secretKey: key });
    await third.line(/^Ctrl-C stops everything/);
    third.process.kill('SIGINT');
    expect(await third.ended()).toBe(0);
  });
});

describe('a program of ours', () => {
  it('that refuses to start ends everything with its own sentence', async () => {
    const wanted = { ...(await settingsWithoutServers()), behaviours: { server: 'stays', worker: 'refuses' } };
    const start = startEverything(wanted);
    expect(await start.ended()).toBe(1);
    expect(start.lines.at(-1)).toBe(
      'StartRefused: temporal.yaml line 7: heartbeat must be shorter than attempt; nothing was started; correct it.',
    );
    expect(await livePrograms(wanted)).toEqual([]);
  });

  it('that refuses to go on later ends everything too', async () => {
    const wanted = { ...(await settingsWithoutServers()), behaviours: { server: 'refusesLater', worker: 'stays' } };
    const start = startEverything(wanted);
    await start.line(/^Ctrl-C stops everything/);
    process.kill((await runsOf(wanted, 'server'))[0]?.pid ?? 0, 'SIGUSR2');
    expect(await start.ended()).toBe(1);
    expect(start.lines.at(-1)).toBe(
      'StartRefused: the database is of a newer version; it is untouched; start that version.',
    );
    expect(await livePrograms(wanted)).toEqual([]);
  });

  it('that keeps failing is tried five times, and its last words are told', async () => {
    const wanted = { ...(await settingsWithoutServers()), behaviours: { server: 'breaks', worker: 'stays' } };
    const start = startEverything(wanted);
    expect(await start.ended()).toBe(1);
    expect(start.lines.at(-1)).toBe(
      'StartRefused: The server ended with code 1 (it last said: cannot open the journal) before it was ready, 5 times; what is stored is safe; look into its log in the data folder, repair what it names, and start again.',
    );
    expect(await runsOf(wanted, 'server')).toHaveLength(5);
    expect(await livePrograms(wanted)).toEqual([]);
  });

  it('that migrates and fails ends everything before the others are started', async () => {
    const wanted = { ...(await settingsWithoutServers()), behaviours: { migrate: 'breaks' } };
    const start = startEverything(wanted);
    expect(await start.ended()).toBe(1);
    expect(start.lines.at(-1)).toBe(
      `StartRefused: The database could not be prepared (cannot open the journal; all of it: ${wanted.dataFolder}/logs/migrate.log); its data is as it was before; repair that and start again.`,
    );
    expect(await runsOf(wanted, 'server')).toEqual([]);
  });

  it('that logs an error has it told at the terminal once, and all of it kept in its log', async () => {
    const wanted = { ...(await settingsWithoutServers()), behaviours: { server: 'logsErrors', worker: 'stays' } };
    const start = startEverything(wanted);
    await start.line(/^Ctrl-C stops everything/);
    expect(start.lines.filter((line) => line.includes('answered 500'))).toEqual(['server: the platform answered 500']);
    expect(start.lines.filter((line) => line.includes('nothing to see'))).toEqual([]);
    start.process.kill('SIGINT');
    expect(await start.ended()).toBe(0);
  });

  it('that makes the practice runs may fail, too, and is ended when everything stops', async () => {
    const wanted = await settingsWithoutServers();
    const failing = { ...wanted.behaviours, 'practice-runs': 'breaks' };
    const start = startEverything({ ...wanted, behaviours: failing });
    await start.line(/^The practice runs could not all be made .* the next start tries again\.$/);
    start.process.kill('SIGINT');
    expect(await start.ended()).toBe(0);
    const lasting = { ...wanted.behaviours, 'practice-runs': 'stays' };
    const again = startEverything({ ...wanted, behaviours: lasting });
    await again.line(/^Ctrl-C stops everything/);
    await until(async () => (await runsOf(wanted, 'practice-runs')).length === 2);
    const pids = (await runsOf(wanted, 'practice-runs')).map(({ pid }) => pid);
    again.process.kill('SIGINT');
    expect(await again.ended()).toBe(0);
    expect(alive(pids)).toEqual([]);
  });

  it('that makes the practice publishes may fail: all else runs, and the next start tries again', async () => {
    const wanted = await settingsWithoutServers();
    const start = startEverything({ ...wanted, behaviours: { ...wanted.behaviours, practice: 'breaks' } });
    await start.line(/^Ctrl-C stops everything/);
    await start.line(/^The practice publishes could not all be made .* the next start tries again\.$/);
    start.process.kill('SIGINT');
    await start.ended();
    const again = startEverything(wanted);
    await again.line(/^Ctrl-C stops everything/);
    expect(await runsOf(wanted, 'practice')).toHaveLength(2);
    again.process.kill('SIGINT');
    await again.ended();
  });
});

/** The stand-in programs that still run. */
async function livePrograms(wanted: Wanted): Promise<number[]> {
  return alive(await everyPid(wanted));
}
