// A database that cannot be used: away, closed to us, not prepared for this version, or prepared by a newer one.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../harness/free-port.ts';
import { oncepost } from '../harness/program.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { exitCodeUnderSupervisor, refusalOf, SECRETS, type Variables, waitOf } from './refused-start.ts';

const COMMANDS = ['worker', 'server'] as const;
const NEWER =
  'The database was prepared by a newer version of Oncepost: it records a migration that this version does not know; nothing in it was changed; start the version that prepared it, or name another database in DATABASE_URL.';

describe('a start is refused on a database', () => {
  let stage: Stage;
  let name: string;
  let admin: postgres.Sql;
  beforeAll(async () => {
    stage = await openStage();
    admin = postgres(stage.databaseUrl, { max: 1, onnotice: () => {} });
    name = `bad_input_${randomBytes(4).toString('hex')}`;
    await admin`create role ${admin(name)} login password ${admin.unsafe(`'${SECRETS.password}'`)}`;
    await admin`create database ${admin(name)}`;
  });
  afterAll(async () => {
    await admin`drop database if exists ${admin(name)} with (force)`;
    await admin`drop role if exists ${admin(name)}`;
    await admin.end();
    await stage.close();
  });

  const at = (change: (url: URL) => void): Variables => {
    const url = new URL(stage.databaseUrl);
    change(url);
    return { ...stage.env, DATABASE_URL: url.href };
  };

  it('that does not answer a migration, and a supervisor may start it again', async () => {
    const env = at((url) => {
      url.port = '1';
    });
    expect(await refusalOf('migrate', env)).toBe(
      'PostgreSQL does not answer at 127.0.0.1:1 (ECONNREFUSED); what is stored is safe; start it, or correct DATABASE_URL, then start again.',
    );
    expect(await exitCodeUnderSupervisor('migrate', env)).toBe(1);
  });

  it.each([...COMMANDS, 'practice'])('before which a pooler refuses how a %s connects', async (command) => {
    const told = ['SFATAL', 'C08P01', 'Munsupported startup parameter', ''].join('\0');
    const length = Buffer.alloc(4);
    length.writeInt32BE(4 + told.length + 1);
    const answer = Buffer.concat([Buffer.from('E'), length, Buffer.from(`${told}\0`)]);
    const pooler = createServer((socket) => socket.once('data', () => socket.end(answer)).on('error', () => {}));
    const port = await freePort();
    await once(pooler.listen(port, '127.0.0.1'), 'listening');
    const env = at((url) => {
      url.port = String(port);
    });
    if (command !== 'practice') {
      expect(await waitOf(command, env)).toBe(
        `What answers for PostgreSQL at 127.0.0.1:${port} refuses how we connect (08P01); what is stored is safe; this process waits for it, and goes on by itself`,
      );
      return void pooler.close();
    }
    expect(await refusalOf(command, env)).toBe(
      `What answers for PostgreSQL at 127.0.0.1:${port} refuses how we connect (08P01); what is stored is safe; if it is a pooler, let it pass on or ignore idle_in_transaction_session_timeout, statement_timeout, lock_timeout, synchronous_commit, then start again.`,
    );
    pooler.close();
  });

  it.each([...COMMANDS, 'migrate'])('for whose user a %s has the wrong password', async (command) => {
    const env = at((url) => {
      url.password = SECRETS.password;
    });
    expect(await refusalOf(command, env)).toBe(
      'PostgreSQL refused the user or the password in DATABASE_URL; nothing was started; correct it, then start again.',
    );
    expect(await exitCodeUnderSupervisor(command, env)).toBe(78);
  });

  it.each([...COMMANDS, 'migrate'])('that is not there for a %s', async (command) => {
    const env = at((url) => {
      url.pathname = '/nowhere';
    });
    expect(await refusalOf(command, env)).toBe(
      'PostgreSQL has no database of the name in DATABASE_URL; nothing was started; correct it, then start again.',
    );
  });

  it.each(COMMANDS)('on which the user of a %s has no rights', async (command) => {
    const env = at((url) => {
      url.username = name;
      url.password = SECRETS.password;
    });
    expect(await refusalOf(command, env)).toBe(
      'The user in DATABASE_URL lacks a right on the database; nothing was started; grant it, then start again.',
    );
  });

  it.each(COMMANDS)('that was never prepared for a %s', async (command) => {
    const env = at((url) => {
      url.pathname = `/${name}`;
    });
    expect(await refusalOf(command, env)).toBe(
      'The database is not prepared for Oncepost; nothing was started and nothing in it was changed; run "oncepost migrate" with the same DATABASE_URL, then start again.',
    );
  });

  it.each(COMMANDS)('that lacks the newest migration of the %s', async (command) => {
    await admin`begin`;
    const [newest] = await admin<{ id: number; hash: string; created_at: string }[]>`
      delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations) returning *`;
    await admin`commit`;
    try {
      expect(await refusalOf(command, stage.env)).toMatch(
        /^The database lacks the migration \d{4}_\w+ of this version; nothing was started and nothing in it was changed; run "oncepost migrate" with the same DATABASE_URL, then start again\.$/,
      );
    } finally {
      await admin`insert into drizzle.__drizzle_migrations ${admin(newest ?? {})}`;
    }
  });

  it.each([...COMMANDS, 'migrate'])(
    'that a newer version prepared for a %s, and leaves it as it is',
    async (command) => {
      await admin`insert into drizzle.__drizzle_migrations (hash, created_at) values ('of-the-future', 4102444800000)`;
      const before = await schemaOf();
      try {
        expect(await refusalOf(command, stage.env)).toBe(NEWER);
        expect(await exitCodeUnderSupervisor(command, stage.env)).toBe(78);
        expect(await schemaOf()).toEqual(before);
      } finally {
        await admin`delete from drizzle.__drizzle_migrations where hash = 'of-the-future'`;
      }
    },
  );

  it('until it is prepared: the migration brings an empty one to this version', async () => {
    const env = at((url) => {
      url.pathname = `/${name}`;
    });
    expect(await oncepost(['migrate'], env)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await oncepost(['keys', 'create', '--workspace', 'first', '--name', 'nightly'], env)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^op_\S+\n$/),
    });
  });

  async function schemaOf() {
    return admin`
      select table_schema, table_name, column_name, data_type from information_schema.columns
      where table_schema in ('public', 'drizzle') order by 1, 2, 3`.then((rows) => [...rows]);
  }
});
