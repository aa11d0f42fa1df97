// A database of version 0.1 is taken over: its rows are keyed by their workspaces, and its runs keep their workflow ids.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate as applyMigrations } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { migrate } from '../../src/ledger/database/migrate.ts';
import { MIGRATIONS_FOLDER } from '../../src/ledger/database/schema-version.ts';

/** The migrations that version 0.1 came with. */
const OF_VERSION_0_1 = 5;

const journalSchema = z.looseObject({ entries: z.array(z.unknown()) });

const WORKSPACE = '11111111-1111-4111-8111-111111111111';
const ACCOUNT = '22222222-2222-4222-8222-222222222222';
const INTENT = '33333333-3333-4333-8333-333333333333';
const POST = '44444444-4444-4444-8444-444444444444';

let client: postgres.Sql;
beforeAll(async () => {
  const admin = postgres(inject('postgresUrl'), { max: 1, onnotice: () => {} });
  await admin.unsafe('create database version_0_1');
  await admin.end();
  const url = new URL(inject('postgresUrl'));
  url.pathname = '/version_0_1';
  client = postgres(url.href, { max: 1, onnotice: () => {} });
  const folder = mkdtempSync(join(tmpdir(), 'oncepost-0.1-'));
  cpSync(MIGRATIONS_FOLDER, folder, { recursive: true });
  const journal = join(folder, 'meta/_journal.json');
  const { entries, ...rest } = journalSchema.parse(JSON.parse(readFileSync(journal, 'utf8')));
  writeFileSync(journal, JSON.stringify({ ...rest, entries: entries.slice(0, OF_VERSION_0_1) }));
  await applyMigrations(drizzle(client), { migrationsFolder: folder });
  rmSync(folder, { recursive: true });
  await client.unsafe(ROWS);
  await migrate(url.href);
});
afterAll(() => client.end());

const ACTOR = `'{"type": "SYSTEM", "id": "oncepost", "label": "system"}'`;
const ROWS = `
  insert into workspaces values ('${WORKSPACE}', 'acme', now());
  insert into connected_accounts (id, workspace_id, platform, name, remote_id, scopes, status, sealed_grant,
    rate_limit_resets_at, connected_at, created_by)
  values ('${ACCOUNT}', '${WORKSPACE}', 'x', 'acme-x', '1', '{}', 'connected', '\\x00', '2999-01-01T00:00:00.250Z',
    '2026-10-01T00:00:00Z', ${ACTOR});
  insert into schedules (id, workspace_id, account_id, platform, content, delivery, fingerprint, publish_at, state, trace_id,
    creator, last_actor, created_at, updated_at)
  select id, '${WORKSPACE}', '${ACCOUNT}', 'x', '{"text": "Hello", "media": []}', '{}', 'f-' || id, now(), 'outcome_unknown',
    gen_random_uuid(), ${ACTOR}, ${ACTOR}, now(), now() from unnest(array['open', 'live']) as id;
  insert into attempts (id, schedule_id, number, fence, worker, started_at, ended_at, outcome)
  values (gen_random_uuid(), 'open', 1, 7, 'w', now(), now(), 'outcome_unknown');
  insert into intents (id, schedule_id, account_id, fingerprint, attempt_number, fence, state, sent_at, send_deadline, markers)
  values ('${INTENT}', 'open', '${ACCOUNT}', 'f-open', 1, 7, 'unknown', now(), now(), '{"text": "Hello"}');
  insert into remote_objects values ('open', 'x.media.0', '"1849"');
  insert into messages values ('open', 'm1', 'replay', '{}', '{}', now());
  insert into approvals values (gen_random_uuid(), 'open', 'f-open', 'approved', ${ACTOR}, now());
  begin;
  update schedules set state = 'published' where id = 'live';
  insert into posts values ('${POST}', 'live', '${ACCOUNT}', 'f-live', '1850', null, now(), 'answered');
  commit;`;

it.each(['attempts', 'intents', 'remote_objects', 'messages', 'approvals'])(
  '%s belong to the workspace',
  async (table) => {
    const rows = await client.unsafe(`select workspace_id, schedule_id from ${table}`);
    expect([...rows]).toEqual([{ workspace_id: WORKSPACE, schedule_id: 'open' }]);
  },
);

it('a schedule keeps the workflow id that its run was started under', async () => {
  const rows = await client.unsafe('select id, workflow_id from schedules order by id');
  expect([...rows]).toEqual([
    { id: 'live', workflow_id: 'publish/live' },
    { id: 'open', workflow_id: 'publish/open' },
  ]);
});

it('another workspace may have the same id, and a second schedule of this one may not', async () => {
  const other = '55555555-5555-4555-8555-555555555555';
  await client.unsafe(`insert into workspaces values ('${other}', 'other', now());
    insert into connected_accounts (id, workspace_id, platform, name, remote_id, scopes, status, sealed_grant, connected_at,
      grant_saved_at, created_by)
    values ('${other}', '${other}', 'x', 'theirs', '2', '{}', 'connected', '\\x00', now(), now(), ${ACTOR})`);
  const again = (workspaceId: string, accountId: string, workflowId: string) =>
    client.unsafe(`insert into schedules (id, workspace_id, workflow_id, account_id, platform, content, delivery, fingerprint,
      publish_at, state, trace_id, creator, last_actor, created_at, updated_at)
    values ('open', '${workspaceId}', '${workflowId}', '${accountId}', 'x', '{}', '{}', 'f', now(), 'queued',
      gen_random_uuid(), ${ACTOR}, ${ACTOR}, now(), now())`);
  await again(other, other, 'publish/other/open');
  await expect(again(WORKSPACE, ACCOUNT, 'publish/acme/open')).rejects.toThrow('schedules_workspace_id_id_pk');
});

it('a throttle that named no kind of call holds all of them, and a grant is as old as its connection', async () => {
  const [account] = await client.unsafe(
    `select rate_limits, grant_saved_at::text from connected_accounts where id = '${ACCOUNT}'`,
  );
  const until = '2999-01-01T00:00:00.250Z';
  expect(account).toEqual({
    rate_limits: { create: until, read: until, upload: until, token: until },
    grant_saved_at: '2026-10-01 00:00:00+00',
  });
});

it('a post is still a fact, and no second create is permitted beside it', async () => {
  await expect(client.unsafe(`update posts set workspace_id = gen_random_uuid()`)).rejects.toThrow('posts are facts');
  const second =
    client.unsafe(`insert into intents (id, workspace_id, schedule_id, account_id, fingerprint, attempt_number, fence,
      state, sent_at, send_deadline, markers)
    values (gen_random_uuid(), '${WORKSPACE}', 'live', '${ACCOUNT}', 'f', 2, 8, 'sent', now(), now(), '{}')`);
  await expect(second).rejects.toThrow('already has a post');
});
