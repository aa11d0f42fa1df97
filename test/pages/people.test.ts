// /people and /keys: what admins change there, who is told in the trail, and what cannot be done.
import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invite } from '../../src/ledger/people/invitations.ts';
import type { RunningServer } from '../../src/web/server.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { freePort } from '../harness/free-port.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { until } from '../harness/until.ts';
import { serveWithProvider } from '../identity/serve-with-provider.ts';
import { noticeOf, otherWorkspace, person, type Seen, type Visitor, visitor } from './visitor.ts';

let stage: Stage;
let server: RunningServer;
beforeAll(async () => {
  stage = await openStage();
  server = await serveWithProvider(stage, { port: await freePort(), issuer: 'https://id.example' });
});
afterAll(async () => {
  await server.close();
  await stage.close();
});

/** A workspace of its own with an admin who looks at it. */
async function workspaceWithAdmin() {
  const workspaceId = await otherWorkspace(stage, `workspace ${randomUUID()}`);
  const admin = await person(stage, { role: 'admin', workspaceId, name: 'Ada Admin' });
  return { workspaceId, admin, visit: visitor(server.url, admin.sessionId) };
}

async function trail(workspaceId: string) {
  return stage.context.ledger.db.execute<{ type: string; who: string; payload: Record<string, unknown> }>(
    sql`select type, actor ->> 'label' as who, payload from audit_events
      where workspace_id = ${workspaceId} and type <> 'person.signed_in' order by position`,
  );
}

async function firstInvitation(visit: Visitor): Promise<string> {
  return /\/people\/invitations\/([0-9a-f-]{36})\/revoke/.exec((await visit.get('/people')).text)?.[1] ?? '';
}

describe('an invitation', () => {
  it('is made in lower case with the address to give, listed, and revoked; the trail says by whom', async () => {
    const { workspaceId, visit } = await workspaceWithAdmin();
    await visit.post('/people/invitations', { email: ' Grace@Example.com ', role: 'approver' });
    expect(noticeOf(visit)).toBe(
      `grace@example.com is invited as approver. Tell them to sign in at ${server.url}/sign-in within seven days.`,
    );
    expect((await visit.get('/people')).text).toContain('grace@example.com');
    await visit.post(`/people/invitations/${await firstInvitation(visit)}/revoke`);
    expect(noticeOf(visit)).toBe('The invitation is revoked: it binds nobody any more.');
    expect((await visit.get('/people')).text).toContain('Nobody is invited.');
    expect(await trail(workspaceId)).toMatchObject([
      { type: 'person.invited', who: 'Ada Admin', payload: { email: 'grace@example.com', role: 'approver' } },
      {
        type: 'person.invitation_revoked',
        who: 'Ada Admin',
        payload: { email: 'grace@example.com', role: 'approver' },
      },
    ]);
  });

  it('takes the place of the one before it to the same address, also when two are made at once', async () => {
    const { visit } = await workspaceWithAdmin();
    const roles = ['viewer', 'operator', 'approver'];
    await Promise.all(roles.map((role) => visit.post('/people/invitations', { email: 'twice@example.com', role })));
    const { text } = await visit.get('/people');
    expect(text.match(/<td>twice@example\.com<\/td>/g)).toHaveLength(1);
  });

  it.each([
    ['no-address', 'viewer'],
    ['', 'viewer'],
    ['a@example.com', 'owner'],
    [`${'a'.repeat(250)}@example.com`, 'viewer'],
  ])('is not made for %j as %j', async (email, role) => {
    const { workspaceId, visit } = await workspaceWithAdmin();
    await visit.post('/people/invitations', { email, role });
    expect(noticeOf(visit)).toBe(
      'That is no email address with a role, so nobody was invited; correct it and send it again.',
    );
    expect(await trail(workspaceId)).toEqual([]);
  });

  it('is not made for somebody who belongs to the workspace', async () => {
    const { workspaceId, admin, visit } = await workspaceWithAdmin();
    await visit.post('/people/invitations', { email: admin.email, role: 'viewer' });
    expect(noticeOf(visit)).toMatch(/belongs to .* already, so nobody was invited/);
    expect(await trail(workspaceId)).toEqual([]);
  });
});

describe('a member', () => {
  it('gets another role, which holds at the next request', async () => {
    const { workspaceId, visit } = await workspaceWithAdmin();
    const grace = await person(stage, { role: 'viewer', workspaceId, name: 'Grace' });
    const theirs = visitor(server.url, grace.sessionId);
    expect((await theirs.get('/keys')).status).toBe(403);
    await visit.post(`/people/${grace.userId}/role`, { role: 'admin' });
    expect(noticeOf(visit)).toBe('Grace is admin now.');
    expect((await theirs.get('/keys')).status).toBe(200);
    expect(await trail(workspaceId)).toMatchObject([
      { type: 'person.role_changed', who: 'Ada Admin', payload: { name: 'Grace', before: 'viewer', role: 'admin' } },
    ]);
  });

  it('who is removed is signed out at once', async () => {
    const { workspaceId, visit } = await workspaceWithAdmin();
    const grace = await person(stage, { role: 'operator', workspaceId, name: 'Grace' });
    const theirs = visitor(server.url, grace.sessionId);
    expect((await theirs.get('/')).status).toBe(200);
    await visit.post(`/people/${grace.userId}/remove`);
    expect((await theirs.get('/')).location).toBe('/sign-in');
    expect(
      (await visitor(server.url, grace.sessionId).post('/keys', { name: 'late', 'scope:replay': 'on' })).location,
    ).toBe('/sign-in');
    expect(await trail(workspaceId)).toMatchObject([
      { type: 'person.removed', who: 'Ada Admin', payload: { name: 'Grace', role: 'operator' } },
    ]);
  });

  it('who comes back after that does so by a new sign-in', async () => {
    const { workspaceId, visit } = await workspaceWithAdmin();
    const grace = await person(stage, { role: 'operator', workspaceId, name: 'Grace' });
    await visit.post(`/people/${grace.userId}/remove`);
    const again = await person(stage, { role: 'operator', workspaceId, userId: grace.userId, name: 'Grace' });
    expect((await visitor(server.url, grace.sessionId).get('/')).location).toBe('/sign-in');
    expect((await visitor(server.url, again.sessionId).get('/')).status).toBe(200);
  });

  it('who signs out while a change of theirs is under way has made it, and can make no other', async () => {
    const { workspaceId, admin, visit } = await workspaceWithAdmin();
    const grace = await person(stage, { role: 'viewer', workspaceId, name: 'Grace' });
    const { db } = stage.context.ledger;
    let change: Promise<Seen> | undefined;
    await db.transaction(async (tx) => {
      await tx.execute(sql`select from memberships where workspace_id = ${workspaceId} for update`);
      change = visit.post(`/people/${grace.userId}/role`, { role: 'operator' });
      await until('the change waits for the members', async () => {
        const waiting = await db.execute(
          sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return waiting.length > 0;
      });
      await visitor(server.url, admin.sessionId).post('/sign-out');
    });
    expect(await change).toMatchObject({ status: 303, location: '/people' });
    const again = await visitor(server.url, admin.sessionId).post(`/people/${grace.userId}/role`, { role: 'admin' });
    expect(again).toMatchObject({ status: 303, location: '/sign-in' });
    expect(await trail(workspaceId)).toMatchObject([
      { type: 'person.role_changed', who: 'Ada Admin', payload: { before: 'viewer', role: 'operator' } },
    ]);
  });

  it('who is the last admin can be neither removed nor made less, also when two admins try it on each other at once', async () => {
    const { workspaceId, admin, visit } = await workspaceWithAdmin();
    const refused =
      'Nobody would be left who may change people, so nothing was changed; make somebody else an admin first.';
    await visit.post(`/people/${admin.userId}/remove`);
    expect(noticeOf(visit)).toBe(refused);
    await visit.post(`/people/${admin.userId}/role`, { role: 'viewer' });
    expect(noticeOf(visit)).toBe(refused);
    expect((await visit.get('/people')).text).toContain('The last admin stays one: make somebody else an admin first.');
    const grace = await person(stage, { role: 'admin', workspaceId, name: 'Grace' });
    await Promise.all([
      visit.post(`/people/${grace.userId}/remove`),
      visitor(server.url, grace.sessionId).post(`/people/${admin.userId}/remove`),
    ]);
    const admins = await stage.context.ledger.db.execute(
      sql`select count(*)::int as admins from memberships where workspace_id = ${workspaceId} and role = 'admin'`,
    );
    expect(admins).toEqual([{ admins: 1 }]);
  });

  it('of another workspace is not there', async () => {
    const { visit } = await workspaceWithAdmin();
    const other = await workspaceWithAdmin();
    const made = await invite(stage.context.ledger, {
      workspaceId: other.workspaceId,
      email: 'theirs@example.com',
      role: 'viewer',
      actor: { type: 'USER', id: 'x', label: 'x' },
    });
    const id = made.kind === 'invited' ? made.invitation.id : '';
    for (const path of [
      `/people/${other.admin.userId}/remove`,
      `/people/${other.admin.userId}/role`,
      `/people/invitations/${id}/revoke`,
      '/people/no-id/remove',
      '/people/invitations/no-id/revoke',
    ])
      expect((await visit.post(path, { role: 'viewer' })).status).toBe(404);
    expect((await other.visit.get('/people')).text).toContain('theirs@example.com');
  });
});

describe('an API key', () => {
  it('is shown once, works, says when it was used, and lets nobody in once it is revoked', async () => {
    const { workspaceId, visit } = await workspaceWithAdmin();
    const made = await visit.post('/keys', { name: 'nightly', 'scope:schedules:read': 'on' });
    const key = /value="(op_[\w-]{43})"/.exec(made.text)?.[1] ?? '';
    const ask = async () =>
      (await fetch(`${server.url}/api/items`, { headers: { authorization: `Bearer ${key}` } })).status;
    const unused = await visit.get('/keys');
    expect(unused.text).not.toContain(key);
    expect(unused.text).toContain('never');
    expect(await ask()).toBe(200);
    const { text } = await visit.get('/keys');
    expect(text).not.toContain('never');
    const id = /\/keys\/([0-9a-f-]{36})\/revoke/.exec(text)?.[1] ?? '';
    await visit.post(`/keys/${id}/revoke`);
    expect(await ask()).toBe(401);
    expect((await visit.post(`/keys/${id}/revoke`)).status).toBe(404);
    expect(await trail(workspaceId)).toMatchObject([
      { type: 'api_key.created', who: 'Ada Admin', payload: { name: 'nightly', scopes: ['schedules:read'] } },
      { type: 'api_key.revoked', who: 'Ada Admin', payload: { name: 'nightly' } },
    ]);
  });

  it.each([
    { name: 'without scopes' },
    { name: ' ', 'scope:replay': 'on' },
    { name: 'two\nlines', 'scope:replay': 'on' },
  ])('is not made from %j', async (form) => {
    const { workspaceId, visit } = await workspaceWithAdmin();
    expect((await visit.post('/keys', form)).location).toBe('/keys');
    expect(noticeOf(visit)).toMatch(/so none was made; fill in both/);
    expect(await trail(workspaceId)).toEqual([]);
  });

  it('of another workspace is not there', async () => {
    const [{ visit }, other] = [await workspaceWithAdmin(), await workspaceWithAdmin()];
    await other.visit.post('/keys', { name: 'theirs', 'scope:replay': 'on' });
    const id = /\/keys\/([0-9a-f-]{36})\/revoke/.exec((await other.visit.get('/keys')).text)?.[1] ?? '';
    expect((await visit.post(`/keys/${id}/revoke`)).status).toBe(404);
    expect((await other.visit.get('/keys')).text).toContain('theirs');
  });
});

describe('the API', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApi(stage);
  });
  afterAll(() => api.close());

  it('lists people, invitations and keys of its own workspace, without a secret', async () => {
    const { workspaceId, admin, visit } = await workspaceWithAdmin();
    await visit.post('/people/invitations', { email: 'grace@example.com', role: 'viewer' });
    const key = await api.newKey(['admin'], workspaceId);
    const client = api.client(key);
    expect(await client.people()).toEqual({
      people: [
        { userId: admin.userId, name: 'Ada Admin', email: admin.email, role: 'admin', since: expect.any(String) },
      ],
    });
    expect(await client.invitations()).toMatchObject({
      invitations: [{ email: 'grace@example.com', role: 'viewer', invitedBy: 'Ada Admin' }],
    });
    const keys = await client.keys();
    expect(keys).toMatchObject({ keys: [{ name: 'nightly', scopes: ['admin'], prefix: key.slice(0, 9) }] });
    expect(JSON.stringify(keys)).not.toContain(key);
  });
});
