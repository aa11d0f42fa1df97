// The local Temporal server: real, with its store in the data folder; killed in every way, its workflows stay.
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startTemporalServer, type TemporalServerOptions } from '../../src/local/temporal/temporal.ts';
import { findTemporalProgram } from '../../src/local/temporal/temporal-program.ts';
import { identify } from '../../src/runtime/processes.ts';
import { freePort } from '../harness/free-port.ts';
import { startHelper, temporaryFolder } from './support/folders.ts';
import { refusalOf } from './support/postgres.ts';
import { onSmallDisk } from './support/small-disk.ts';

let program: string;
beforeAll(async () => {
  program = await findTemporalProgram({ onProgress: console.log });
});

/** Settings of a server in a folder and on ports of its own. */
async function settings(): Promise<TemporalServerOptions> {
  return {
    program,
    dataFolder: await temporaryFolder(),
    port: await freePort(),
    uiPort: await freePort(),
    namespace: 'default',
    searchAttributes: { PublishState: 'Keyword' },
  };
}

async function onServer<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

function startWorkflow(address: string, workflowId: string): Promise<unknown> {
  return onServer(address, (client) => client.workflow.start('publish', { workflowId, taskQueue: 'nobody' }));
}

function statusOf(address: string, workflowId: string): Promise<string> {
  return onServer(address, async (client) => (await client.workflow.getHandle(workflowId).describe()).status.name);
}

describe('the local Temporal server', () => {
  it('serves the namespace with its search attributes, its retention and its UI', async () => {
    const wanted = await settings();
    const server = await startTemporalServer({ ...wanted, namespace: 'posts', retentionMs: 30 * 86_400_000 });
    await onServer(server.address, async ({ connection }) => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'posts' });
      expect(customAttributes).toMatchObject({ PublishState: 2 });
      const { config } = await connection.workflowService.describeNamespace({ namespace: 'posts' });
      expect(String(config?.workflowExecutionRetentionTtl?.seconds)).toBe('2592000');
    });
    const page = await fetch(server.uiUrl);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')]);
    await server.stop();
    expect(identify(server.pid)).toBeUndefined();
  });

  it('keeps its workflows when it is killed without warning and started again', async () => {
    const wanted = await settings();
    const first = await startTemporalServer(wanted);
    await startWorkflow(first.address, 'publish/kept');
    process.kill(first.pid, 'SIGKILL');
    await first.exited();

    const second = await startTemporalServer(wanted);
    expect(second.adopted).toBe(false);
    expect(await statusOf(second.address, 'publish/kept')).toBe('RUNNING');
    await second.stop();
  });

  it('outlives the process that started it, and is adopted by the next start with the same settings', async () => {
    const wanted = { ...(await settings()), searchAttributes: {} };
    const holder = startHelper('temporal-holder.ts', wanted);
    const pid = Number((await holder.line(/^serving/)).split(' ')[1]);
    holder.process.kill('SIGKILL');
    await holder.ended();

    const server = await startTemporalServer(wanted);
    expect(server).toMatchObject({ adopted: true, pid });
    await server.stop();
    expect(identify(pid)).toBeUndefined();
  });

  it('is started again on the same store when its settings change, and registers new search attributes there', async () => {
    const wanted = await settings();
    const first = await startTemporalServer(wanted);
    await startWorkflow(first.address, 'publish/before');
    const searchAttributes = { PublishState: 'Keyword', PublishCause: 'Keyword' } as const;
    const second = await startTemporalServer({ ...wanted, searchAttributes });
    expect(second.adopted).toBe(false);
    expect(identify(first.pid)).toBeUndefined();
    expect(await statusOf(second.address, 'publish/before')).toBe('RUNNING');
    await onServer(second.address, async ({ connection }) => {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      expect(customAttributes).toMatchObject({ PublishState: 2, PublishCause: 2 });
    });
    await second.stop();
  });

  it('starts afresh over a store that was killed while it was made', async () => {
    const wanted = await settings();
    await mkdir(join(wanted.dataFolder, 'temporal'));
    await writeFile(join(wanted.dataFolder, 'temporal', 'temporal.db'), '');
    const server = await startTemporalServer(wanted);
    await startWorkflow(server.address, 'publish/fresh');
    await server.stop();
  });
});

describe('the local Temporal server refuses to start', () => {
  it.each([
    ['port', 'Temporal', 'ONCEPOST_TEMPORAL_PORT'],
    ['uiPort', 'the Temporal UI', 'ONCEPOST_TEMPORAL_UI_PORT'],
  ] as const)('when another program has its %s', async (which, purpose, variable) => {
    const wanted = await settings();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(wanted[which], '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    expect(await refusalOf(startTemporalServer(wanted))).toBe(
      `Port ${wanted[which]} on 127.0.0.1, needed for ${purpose}, is used by another program; nothing was started or changed on it; stop that program, or set ${variable} to a free port, then start again.`,
    );
  });

  it('when a search attribute is stored with another type', async () => {
    const wanted = await settings();
    await (await startTemporalServer(wanted)).stop();
    expect(await refusalOf(startTemporalServer({ ...wanted, searchAttributes: { PublishState: 'Int' } }))).toBe(
      'The search attribute PublishState is stored in Temporal with another type than Int of temporal.yaml; running publishes are kept; give it its former type, or a new name.',
    );
  });

  it('on a full disk', async () => {
    const wanted = await settings();
    const helper = startHelper('temporal-holder.ts', wanted, { prefix: onSmallDisk(wanted.dataFolder, 300) });
    expect(await helper.ended()).toBe(1);
    expect(helper.lines.at(-1)).toMatch(
      /^StartRefused: The disk that holds .* is full, so nothing more could be written;/,
    );
  });
});
