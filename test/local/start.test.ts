// `npm start` as a process: real PostgreSQL, real Temporal, stand-ins for our own programs. Whatever is killed comes back.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { alive, everyPid, postgresOf, runsOf, settings, startEverything, temporalOf } from './support/everything.ts';
import { until } from './support/folders.ts';

describe('the start of everything', () => {
  it('brings up all servers and programs, tells them what they need, and prints the addresses', async () => {
    const wanted = await settings();
    const { ports, dataFolder } = wanted;
    const start = startEverything(wanted);
    await start.line(/^Practice /);

    expect(start.lines).toEqual([
      'Starting PostgreSQL',
      'Creating the database (first start, a few seconds)',
      'Starting Temporal',
      'Preparing the database',
      'Starting server, worker',
      'Making the practice publishes of the sandbox workspace (first start of this version)',
      '',
      `Oncepost     http://127.0.0.1:${ports.server}`,
      `API docs     http://127.0.0.1:${ports.server}/docs`,
      `Temporal UI  http://127.0.0.1:${ports.temporalUi}`,
      `Sandbox      http://127.0.0.1:${ports.sandbox}`,
      `Data         ${dataFolder}`,
      'Ctrl-C stops everything; what is under way goes on at the next start.',
      'Making the practice runs of the sandbox workspace (first start of this version)',
      `Practice     three runs of a pipeline: http://127.0.0.1:${ports.server}/runs`,
    ]);
    const key = (await readFile(join(dataFolder, 'secret.key'), 'utf8')).trim();
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
    for (const name of ['migrate', 'server', 'worker', 'practice', 'practice-runs']) {
      expect(await runsOf(wanted, name)).toEqual([
        {
          name,
          pid: expect.any(Number),
          given: {
            DATABASE_URL: expect.stringMatching(`^postgresql://oncepost:.+@127.0.0.1:${ports.postgres}/oncepost$`),
            TEMPORAL_ADDRESS: `127.0.0.1:${ports.temporal}`,
            TEMPORAL_NAMESPACE: 'default',
            ONCEPOST_SECRET_KEY: key,
            ONCEPOST_HOST: '127.0.0.1',
            ONCEPOST_PORT: String(ports.server),
            ONCEPOST_SANDBOX_PORT: String(ports.sandbox),
            OF_THE_USER: 'kept',
          },
        },
      ]);
    }
    const modes = await Promise.all([dataFolder, join(dataFolder, 'secret.key')].map((path) => stat(path)));
    expect(modes.map(({ mode }) => mode & 0o777)).toEqual([0o700, 0o600]);

    const pids = await everyPid(wanted);
    expect(pids).toHaveLength(4);
    start.process.kill('SIGINT');
    start.process.kill('SIGINT'); // an impatient second Ctrl-C
    expect(await start.ended()).toBe(0);
    expect(start.lines.at(-1)).toBe('Stopped');
    expect(alive(pids)).toEqual([]);
  });

  it('starts again whatever of it is killed, and says so', async () => {
    const wanted = await settings();
    const start = startEverything(wanted);
    await start.line(/^Ctrl-C stops everything/);
    const [server = 0, worker = 0, postgres = 0, temporal = 0] = await everyPid(wanted);
    for (const pid of [worker, postgres, temporal]) process.kill(pid, 'SIGKILL');

    await start.line(/^The worker was ended by SIGKILL; starting it again$/);
    await start.line(/^The PostgreSQL server ended; starting it again$/);
    await start.line(/^The Temporal server ended; starting it again$/);
    await until(async () => (await runsOf(wanted, 'worker')).length === 2);
    await until(() => ![undefined, postgres].includes(postgresOf(wanted)));
    await until(() => ![undefined, temporal].includes(temporalOf(wanted)));
    expect(alive([server])).toEqual([server]);

    start.process.kill('SIGTERM');
    expect(await start.ended()).toBe(0);
    expect(alive(await everyPid(wanted))).toEqual([]);
  });

  it('finds all of it again when everything was killed at once', async () => {
    const wanted = await settings();
    const first = startEverything(wanted);
    await first.line(/^Ctrl-C stops everything/);
    for (const pid of [first.process.pid ?? 0, ...(await everyPid(wanted))]) process.kill(pid, 'SIGKILL');
    await first.ended();

    const second = startEverything(wanted);
    await second.line(/^Ctrl-C stops everything/);
    const [before, after] = await runsOf(wanted, 'worker');
    expect(after?.given).toEqual(before?.given);
    expect(await runsOf(wanted, 'migrate')).toHaveLength(2);
    expect(await runsOf(wanted, 'practice')).toHaveLength(1);
    second.process.kill('SIGINT');
    expect(await second.ended()).toBe(0);
  });

  it('adopts the servers, and ends programs that cling on, when only the supervisor was killed', async () => {
    const wanted = { ...(await settings()), behaviours: { server: 'stays', worker: 'clings' } };
    const first = startEverything(wanted);
    await first.line(/^Ctrl-C stops everything/);
    const [server = 0, worker = 0, ...servers] = await everyPid(wanted);
    first.process.kill('SIGKILL');
    await until(() => alive([server]).length === 0);
    expect(alive([worker, ...servers])).toEqual([worker, ...servers]);

    const second = startEverything(wanted);
    await second.line(/^Ctrl-C stops everything/);
    expect(alive([worker, ...servers])).toEqual(servers);
    expect([postgresOf(wanted), temporalOf(wanted)]).toEqual(servers);

    const third = startEverything(wanted);
    expect(await third.ended()).toBe(1);
    expect(third.lines).toEqual([
      `StartRefused: Oncepost already runs on the data folder ${wanted.dataFolder} (process ${second.process.pid}) at http://127.0.0.1:${wanted.ports.server}; nothing was changed; use that one, stop it with Ctrl-C in its terminal, or name another folder in ONCEPOST_DATA.`,
    ]);
    second.process.kill('SIGINT');
    expect(await second.ended()).toBe(0);
  });
});
