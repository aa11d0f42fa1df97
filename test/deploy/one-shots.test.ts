// What the containers run around a Temporal server, against a real one: the script that makes the namespace, and the
// health check that asks whether this machine's worker polls.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTemporalServer, type TemporalServer } from '../../src/local/temporal/temporal.ts';
import { findTemporalProgram } from '../../src/local/temporal/temporal-program.ts';
import { freePort } from '../harness/free-port.ts';
import { root } from './compose-file.ts';

const keyword = 2;
const whole = 3;

let folder: string;
let server: TemporalServer;
let connection: Connection;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oncepost-one-shots-'));
  const program = await findTemporalProgram({
    program: process.env.ONCEPOST_TEMPORAL_PROGRAM,
    cacheHome: process.env.XDG_CACHE_HOME,
  });
  // The scripts call it `temporal`, as it is called in the image.
  mkdirSync(join(folder, 'bin'));
  if (isAbsolute(program)) symlinkSync(program, join(folder, 'bin/temporal'));
  const [port, uiPort] = [await freePort(), await freePort()];
  server = await startTemporalServer({
    ...{ program, dataFolder: join(folder, 'data'), port, uiPort },
    ...{ namespace: 'default', searchAttributes: {} },
  });
  connection = await Connection.connect({ address: server.address });
});
afterAll(async () => {
  await connection?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const path = [join(folder, 'bin'), process.env.PATH].join(delimiter);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { HOME: folder, PATH: path, TEMPORAL_ADDRESS: server.address, ...env },
  });
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
}

describe('create-namespace.sh', () => {
  const createNamespace = (namespace: string, retention: string, attributes: string) =>
    run('sh', ['deploy/temporal/create-namespace.sh'], {
      TEMPORAL_NAMESPACE: namespace,
      NAMESPACE_RETENTION: retention,
      SEARCH_ATTRIBUTES: attributes,
    });

  async function state(namespace: string) {
    const { config } = await connection.workflowService.describeNamespace({ namespace });
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const ours = Object.entries(customAttributes ?? {}).filter(([name]) => name.startsWith('Publish'));
    return {
      retentionDays: Number(config?.workflowExecutionRetentionTtl?.seconds) / 86_400,
      attributes: Object.fromEntries(ours),
    };
  }

  test('makes the namespace with its retention and its search attributes', async () => {
    expect(createNamespace('fresh', '30d', 'PublishState=Keyword PublishTries=Int')).toEqual({
      status: 0,
      stdout: 'Namespace fresh is ready: retention 30d, search attributes PublishState=Keyword PublishTries=Int.',
      stderr: '',
    });
    expect(await state('fresh')).toEqual({
      retentionDays: 30,
      attributes: { PublishState: keyword, PublishTries: whole },
    });
  });

  test('run again keeps what is there, sets the retention anew and adds what is missing', async () => {
    expect(createNamespace('kept', '30d', 'PublishState=Keyword').status).toBe(0);
    expect(createNamespace('kept', '7d', 'PublishState=Keyword PublishCause=Keyword').status).toBe(0);
    expect(await state('kept')).toEqual({
      retentionDays: 7,
      attributes: { PublishState: keyword, PublishCause: keyword },
    });
  });
});

describe('the health of a container', () => {
  const health = (...args: readonly string[]) => run(process.execPath, ['tools/health/main.ts', ...args], {});

  test('a worker that polls is healthy, one that never did is not', async () => {
    expect(health('worker')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^Temporal has not heard a worker of \S+ ask for work on oncepost-publish for two minutes\.$/,
      ),
    });
    const native = await NativeConnection.connect({ address: server.address });
    try {
      const activities = { publish: async () => {} };
      const worker = await Worker.create({ connection: native, taskQueue: 'oncepost-publish', activities });
      await worker.runUntil(() =>
        expect.poll(() => health('worker'), { timeout: 120_000 }).toMatchObject({ status: 0 }),
      );
    } finally {
      await native.close();
    }
  });

  test('a server that does not answer is not healthy', async () => {
    const { status, stderr } = run(process.execPath, ['tools/health/main.ts', 'server'], {
      ONCEPOST_PORT: String(await freePort()),
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'It cannot be asked: fetch failed' });
  });

  test('a check there is not is not healthy', () => {
    expect(health()).toMatchObject({ status: 1, stderr: 'Name what to check: server or worker.' });
  });
});
