// The embedded PostgreSQL: real binaries, also as root; killed in every way, its data stays and the next start finds it.
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { identify, isRunning } from '../../src/runtime/processes.ts';
import { freePort } from '../harness/free-port.ts';
import { startHelper, temporaryFolder, until } from './support/folders.ts';
import { leaveNote, onDatabase, readNotes } from './support/postgres.ts';

describe('the embedded PostgreSQL', () => {
  it('serves a UTF-8 database named oncepost on loopback, behind a password that only this user can read', async () => {
    const dataFolder = await temporaryFolder();
    const port = await freePort();
    const server = await startEmbeddedPostgres({ dataFolder, port });

    const [row] = await onDatabase(
      server.url,
      (sql) => sql`
        select current_database() as database, current_setting('server_encoding') as encoding, version(),
          current_setting('listen_addresses') as address, current_setting('unix_socket_directories') as socket,
          (select count(*)::int from pg_database where datcollate <> 'C') as located`,
    );
    expect(row).toMatchObject({ database: 'oncepost', encoding: 'UTF8', address: '127.0.0.1', socket: '', located: 0 });
    expect(row?.version).toMatch(/^PostgreSQL 18\./);
    expect((await stat(join(dataFolder, 'postgres.password'))).mode & 0o777).toBe(0o600);
    const stranger = server.url.replace(/:[^:@]+@/, ':guess@');
    await expect(onDatabase(stranger, (sql) => sql`select 1`)).rejects.toMatchObject({ code: '28P01' });

    await server.stop();
    expect(identify(server.pid)).toBeUndefined();
  });

  it('keeps its data when it is killed without warning and started again', async () => {
    const dataFolder = await temporaryFolder();
    const port = await freePort();
    const first = await startEmbeddedPostgres({ dataFolder, port });
    await leaveNote(first.url, 'before the kill');
    process.kill(first.pid, 'SIGKILL');
    await first.exited();

    const second = await startEmbeddedPostgres({ dataFolder, port });
    expect(second).toMatchObject({ adopted: false, url: first.url });
    expect(await readNotes(second.url)).toEqual(['before the kill']);
    await second.stop();
  });

  it('outlives the process that started it, and is adopted by the next start', async () => {
    const dataFolder = await temporaryFolder();
    const port = await freePort();
    const holder = startHelper('postgres-holder.ts', { dataFolder, port, stay: true });
    const pid = Number((await holder.line(/^serving/)).split(' ')[1]);
    holder.process.kill('SIGKILL');
    await holder.ended();

    const server = await startEmbeddedPostgres({ dataFolder, port });
    expect(server).toMatchObject({ adopted: true, pid });
    await leaveNote(server.url, 'adopted');
    expect(await readNotes(server.url)).toEqual(['adopted']);
    await server.stop();
    expect(identify(pid)).toBeUndefined();
  });

  it('moves to another port when asked, with its data', async () => {
    const dataFolder = await temporaryFolder();
    const first = await startEmbeddedPostgres({ dataFolder, port: await freePort() });
    await leaveNote(first.url, 'moved');
    const second = await startEmbeddedPostgres({ dataFolder, port: await freePort() });
    expect(second.adopted).toBe(false);
    expect(identify(first.pid)).toBeUndefined();
    expect(await readNotes(second.url)).toEqual(['moved']);
    await second.stop();
  });

  it('replaces a server of ours that hangs', async () => {
    const dataFolder = await temporaryFolder();
    const port = await freePort();
    const hanging = await startEmbeddedPostgres({ dataFolder, port });
    await leaveNote(hanging.url, 'kept');
    process.kill(hanging.pid, 'SIGSTOP');

    const server = await startEmbeddedPostgres({ dataFolder, port });
    expect(server.adopted).toBe(false);
    expect(identify(hanging.pid)).toBeUndefined();
    expect(await readNotes(server.url)).toEqual(['kept']);
    await server.stop();
  });

  it('neither trusts nor kills a stranger whose number stands in a lock file left behind', async () => {
    const dataFolder = await temporaryFolder();
    const port = await freePort();
    const first = await startEmbeddedPostgres({ dataFolder, port });
    process.kill(first.pid, 'SIGKILL');
    await first.exited();
    const lockFile = join(dataFolder, 'postgres', 'postmaster.pid');
    const left = await readFile(lockFile, 'utf8');
    const stranger = startHelper('idle.ts', {});
    await stranger.line(/^idle/);
    const known = identify(stranger.process.pid ?? 0);
    await writeFile(lockFile, left.replace(/^\d+/, String(stranger.process.pid)));

    const server = await startEmbeddedPostgres({ dataFolder, port });
    expect(server.adopted).toBe(false);
    expect(known !== undefined && isRunning(known)).toBe(true);
    stranger.process.kill('SIGKILL');
    await server.stop();
  });

  it('starts afresh over a creation that was killed half way', async () => {
    const dataFolder = await temporaryFolder();
    const port = await freePort();
    const killed = startHelper('postgres-holder.ts', { dataFolder, port, stay: true });
    await until(() => creationBegan(dataFolder));
    killed.process.kill('SIGKILL');
    await killed.ended();

    const server = await startEmbeddedPostgres({ dataFolder, port });
    await leaveNote(server.url, 'whole');
    expect(await readNotes(server.url)).toEqual(['whole']);
    await server.stop();
  });

  it('starts afresh while the creation of a killed start still writes its files', async () => {
    const dataFolder = await temporaryFolder();
    const draft = join(dataFolder, 'postgres.new-0a1b2c3d');
    const orphan = startHelper('initdb-orphan.ts', { draft, forMs: 700 });
    await orphan.line(/^writing$/);

    const server = await startEmbeddedPostgres({ dataFolder, port: await freePort() });
    expect(await orphan.ended()).toBe(0);
    expect(await creationBegan(dataFolder)).toBe(false);
    await server.stop();
  });
});

async function creationBegan(dataFolder: string): Promise<boolean> {
  return (await readdir(dataFolder)).some((name) => name.startsWith('postgres.new-'));
}
