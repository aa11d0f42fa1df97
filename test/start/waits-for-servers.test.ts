// A process that stays, started while its database or Temporal is away: it waits, says so once, is unhealthy meanwhile, and
// goes on by itself.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { startDatabaseWire } from '../harness/database-wire.ts';
import { freePort } from '../harness/free-port.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { until } from '../harness/until.ts';

const PROGRAM = fileURLToPath(new URL('../../bin/oncepost.mjs', import.meta.url));

/** A process under a supervisor that hears when it is ready. */
interface Started {
  readonly child: ChildProcess;
  /** The words that it wrote to its log, in order. */
  said(): string[];
  ready(): boolean;
}

describe('started while a server is away', () => {
  let stage: Stage;
  const closing: { close(): Promise<void> }[] = [];
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    stage = await openStage();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    for (const one of closing.splice(0)) await one.close();
  });
  afterAll(() => stage.close());

  const start = (command: string, env: Readonly<Record<string, string>>): Started => {
    const child = fork(PROGRAM, [command], {
      env: { ...process.env, ...stage.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    children.push(child);
    let output = '';
    let isReady = false;
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('message', () => {
      isReady = true;
    });
    const words = (line: string) => (line.startsWith('{') ? String(JSON.parse(line).msg) : line);
    return {
      child,
      ready: () => isReady,
      said: () => output.split('\n').filter(Boolean).map(words),
    };
  };

  const databaseAt = (port: number) => {
    const url = new URL(stage.databaseUrl);
    url.hostname = '127.0.0.1';
    url.port = String(port);
    return url.href;
  };
  const away = (port: number) =>
    `PostgreSQL does not answer at 127.0.0.1:${port} (ECONNREFUSED); what is stored is safe; this process waits for it, and goes on by itself`;

  it('a server listens and answers 503 with what is missing, and 200 once the database is back', async () => {
    const [port, databasePort] = [await freePort(), await freePort()];
    const server = start('server', { ONCEPOST_PORT: String(port), DATABASE_URL: databaseAt(databasePort) });
    const health = async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/health`);
      return { status: answer.status, body: await answer.json() };
    };
    expect(await until('it answers', health)).toEqual({
      status: 503,
      body: {
        status: 'degraded',
        database: 'failing',
        temporal: 'ok',
        audit: 'failing',
        clock: 'ok',
        says: 'PostgreSQL does not answer; what is stored is safe.',
      },
    });
    await until('it has said so', () => server.said().includes(away(databasePort)));
    // It asks every second, and does not repeat itself.
    const asked = performance.now();
    await until('it has asked again', () => performance.now() - asked > 2_500);
    expect(server.said()).toEqual([away(databasePort)]);
    expect(server.ready()).toBe(false);

    closing.push(await startDatabaseWire(stage.databaseUrl, databasePort));
    await until('it is ready', () => server.ready());
    expect(await until('it is healthy', async () => (await health()).status === 200 && health())).toMatchObject({
      body: { status: 'ok', says: 'Everything answers.' },
    });
    expect(server.said()).toEqual([away(databasePort), 'PostgreSQL answers again; this process goes on']);
  });

  it('a worker waits for the database, then for Temporal, and polls once both are there', async () => {
    const [databasePort, temporalPort] = [await freePort(), await freePort()];
    const worker = start('worker', {
      DATABASE_URL: databaseAt(databasePort),
      TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}`,
    });
    await until('it waits for the database', () => worker.said().includes(away(databasePort)));
    closing.push(await startDatabaseWire(stage.databaseUrl, databasePort));
    const forTemporal = `Temporal does not answer at 127.0.0.1:${temporalPort} (Connection refused); what is stored is safe; this process waits for it, and goes on by itself`;
    await until('it waits for Temporal', () => worker.said().includes(forTemporal));
    expect(worker.said()).toEqual([away(databasePort), forTemporal]);
    expect(worker.ready()).toBe(false);
    closing.push(await startTcpProxy(`http://${inject('temporalAddress')}`, temporalPort));
    await until('it polls', () => worker.ready());
    expect(worker.child.exitCode).toBeNull();
  });

  it('a worker says so too where Temporal takes the connection and never answers, and goes on once it does', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    const temporalPort = await freePort();
    await once(silent.listen(temporalPort, '127.0.0.1'), 'listening');
    const worker = start('worker', { TEMPORAL_ADDRESS: `127.0.0.1:${temporalPort}` });
    const forTemporal = `Temporal does not answer at 127.0.0.1:${temporalPort} (no answer within 10 s); what is stored is safe; this process waits for it, and goes on by itself`;
    await until('it waits for Temporal', () => worker.said().includes(forTemporal));
    expect(worker.ready()).toBe(false);
    silent.close();
    closing.push(await startTcpProxy(`http://${inject('temporalAddress')}`, temporalPort));
    await until('it polls', () => worker.ready());
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('a worker that waits ends in order at %s', async (signal) => {
    const port = await freePort();
    const worker = start('worker', { DATABASE_URL: databaseAt(port) });
    await until('it waits', () => worker.said().includes(away(port)));
    worker.child.kill(signal);
    expect(await once(worker.child, 'exit')).toEqual([0, null]);
  });

  it('a worker that waits ends when its supervisor is gone', async () => {
    const port = await freePort();
    const worker = start('worker', { DATABASE_URL: databaseAt(port) });
    await until('it waits', () => worker.said().includes(away(port)));
    worker.child.disconnect();
    expect(await once(worker.child, 'exit')).toEqual([0, null]);
  });

  it.each(['worker', 'server'])(
    'a %s that finds the wrong password when the database is there does not wait',
    async (command) => {
      const [port, databasePort] = [await freePort(), await freePort()];
      const url = new URL(databaseAt(databasePort));
      url.password = 'not-the-password';
      const waiting = start(command, { ONCEPOST_PORT: String(port), DATABASE_URL: url.href });
      await until('it waits', () => waiting.said().includes(away(databasePort)));
      const ended = once(waiting.child, 'exit');
      closing.push(await startDatabaseWire(stage.databaseUrl, databasePort));
      expect(await ended).toEqual([78, null]);
      expect(waiting.said().at(-1)).toBe(
        'PostgreSQL refused the user or the password in DATABASE_URL; nothing was started; correct it, then start again.',
      );
    },
  );
});
