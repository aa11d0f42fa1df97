// The one-time link of a laptop, sessions and their limits, and forms that are not ours.
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeSignInLink } from '../../src/ledger/people/sign-in-links.ts';
import { memberships } from '../../src/ledger/schema/people.ts';
import { auditEvents } from '../../src/ledger/schema/records.ts';
import { csrfToken } from '../../src/pages/session/csrf.ts';
import { startServer } from '../../src/web/server.ts';
import { openApi, type TestApi } from '../api/open-api.ts';
import { shiftClock } from '../harness/shifted-clock.ts';
import { openStage, type Stage } from '../harness/stage.ts';
import { noticeOf, otherWorkspace, person, visitor } from './visitor.ts';

const HOUR_MS = 3_600_000;
const TRIES = 100;

let stage: Stage;
let api: TestApi;
beforeAll(async () => {
  stage = await openStage({ 'limits.sign_in_per_address_per_minute': TRIES });
  api = await openApi(stage);
});
afterAll(async () => {
  await api.close();
  await stage.close();
});
beforeEach(() => shiftClock(stage.folder, 0));

const link = async () => `/sign-in/${(await makeSignInLink(stage.context.ledger, stage.workspaceId)).secret}`;

describe('a link', () => {
  it('signs in once, and being looked at does not use it up', async () => {
    const [path, visit] = [await link(), visitor(api.url)];
    expect((await visit.get(path)).text).toContain('This link signs you in on this browser');
    expect(await visit.post(path)).toMatchObject({ status: 303, location: '/' });
    expect((await visit.get('/')).status).toBe(200);
    const again = await visitor(api.url).post(path);
    expect(again.status).toBe(410);
    expect(again.text).toContain('A sign-in link works once and for ten minutes, so nobody was signed in');
  });

  it('makes the person of this machine an admin once, and the trail says so', async () => {
    const fresh = await otherWorkspace(stage, 'fresh');
    const { ledger } = stage.context;
    for (let n = 0; n < 2; n += 1) await makeSignInLink(ledger, fresh);
    const trail = await ledger.db.select().from(auditEvents).where(eq(auditEvents.workspaceId, fresh));
    const [member] = await ledger.db.select().from(memberships).where(eq(memberships.workspaceId, fresh));
    expect(trail).toMatchObject([
      {
        type: 'person.joined',
        actor: { type: 'SYSTEM' },
        payload: { userId: member?.userId, name: 'You, on this machine', role: 'admin', by: 'sign-in link' },
      },
    ]);
  });

  it('that is used twice at once lets one in', async () => {
    const path = await link();
    const seen = await Promise.all(Array.from({ length: 6 }, () => visitor(api.url).post(path)));
    expect(seen.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410, 410]);
  });

  it('lets nobody in after ten minutes', async () => {
    const path = await link();
    shiftClock(stage.folder, 10 * 60_000 + 1_000);
    expect((await visitor(api.url).post(path)).status).toBe(410);
  });

  it('is not taken from a form of another site', async () => {
    const path = await link();
    const foreign = { headers: { 'sec-fetch-site': 'cross-site' } };
    expect((await visitor(api.url).post(path, {}, foreign)).status).toBe(403);
    expect((await visitor(api.url).post(path)).status).toBe(303);
  });

  it('ends the session that the browser had', async () => {
    const visit = visitor(api.url);
    await visit.post(await link());
    const before = visit.cookies.get('oncepost_session');
    await visit.post(await link());
    expect(visit.cookies.get('oncepost_session')).not.toBe(before);
    expect((await visitor(api.url, before).get('/')).location).toBe('/sign-in');
  });

  it('is of no use where others reach the server', async () => {
    const { context, temporal } = stage;
    const server = await startServer(context, { host: '0.0.0.0', port: 0, client: temporal });
    const url = `http://127.0.0.1:${server.port}`;
    expect((await visitor(url).post(await link())).status).toBe(404);
    expect((await visitor(url).get('/sign-in')).text).toContain('Nobody can sign in here yet');
    await server.close();
  });

  it('cannot be guessed: an address has so many tries a minute, by link and by provider together', async () => {
    const proxied = await openApi(stage, {
      context: { env: { ...stage.context.env, ONCEPOST_TRUSTED_PROXIES: ['127.0.0.1'] } },
    });
    const guess = (from: string) =>
      visitor(proxied.url).post('/sign-in/guess', {}, { headers: { 'x-forwarded-for': from } });
    const statuses = [];
    for (let tries = 0; tries < TRIES + 1; tries += 1) statuses.push((await guess('10.0.0.1')).status);
    expect(statuses).toEqual([...Array.from({ length: TRIES }, () => 410), 429]);
    const refused = await guess('10.0.0.1');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.text).toMatch(/Too many tries came from your address within a minute, so nobody was signed in/);
    expect((await guess('10.0.0.2')).status).toBe(410);
    await proxied.close();
  });
});

describe('a session', () => {
  it('ends when it was not used for twelve hours', async () => {
    const { sessionId } = await person(stage, { role: 'viewer' });
    shiftClock(stage.folder, 11 * HOUR_MS);
    expect((await visitor(api.url, sessionId).get('/')).status).toBe(200);
    shiftClock(stage.folder, 22 * HOUR_MS);
    expect((await visitor(api.url, sessionId).get('/')).status).toBe(200);
    shiftClock(stage.folder, 34 * HOUR_MS + 1_000);
    expect((await visitor(api.url, sessionId).get('/')).location).toBe('/sign-in');
  });

  it('ends after fourteen days, however much it was used', async () => {
    const { sessionId } = await person(stage, { role: 'viewer' });
    const visit = visitor(api.url, sessionId);
    for (let hours = 10; hours < 14 * 24; hours += 10) {
      shiftClock(stage.folder, hours * HOUR_MS);
      expect((await visit.get('/')).status).toBe(200);
    }
    shiftClock(stage.folder, 14 * 24 * HOUR_MS);
    expect((await visit.get('/')).location).toBe('/sign-in');
  });

  it('is not known by its digest, its token, or a part of it', async () => {
    const { sessionId } = await person(stage, { role: 'viewer' });
    const { db } = stage.context.ledger;
    const [row] = await db.execute<{ dump: string }>(
      sql`select (select json_agg(s) from sessions s)::text || (select json_agg(a) from audit_events a)::text as dump`,
    );
    expect(row?.dump).not.toContain(sessionId);
    for (const other of [csrfToken(sessionId), sessionId.slice(0, -1), `${sessionId}A`])
      expect((await visitor(api.url, other).get('/')).location).toBe('/sign-in');
  });

  it('is over for every request that comes after signing out, while what was under way ends as one thing', async () => {
    const { sessionId } = await person(stage, { role: 'operator' });
    const visits = Array.from({ length: 8 }, () => visitor(api.url, sessionId));
    const [out, ...seen] = await Promise.all([
      visitor(api.url, sessionId).post('/sign-out'),
      ...visits.map((visit) => visit.get('/you')),
    ]);
    expect(out).toMatchObject({ status: 303, location: '/sign-in' });
    for (const { status } of seen) expect([200, 303]).toContain(status);
    expect((await visitor(api.url, sessionId).get('/you')).location).toBe('/sign-in?back=%2Fyou');
  });

  it('of all browsers ends at once with "sign out everywhere"', async () => {
    const one = await person(stage, { role: 'viewer' });
    const two = await person(stage, { role: 'viewer', userId: one.userId });
    const visit = visitor(api.url, one.sessionId);
    expect((await visit.get('/you')).text).toContain('You are signed in with 2 browsers, this one among them');
    await visit.post('/sign-out-everywhere');
    for (const { sessionId } of [one, two])
      expect((await visitor(api.url, sessionId).get('/')).location).toBe('/sign-in');
  });
});

describe('a form', () => {
  const wanted = { name: 'by a forged form', 'scope:replay': 'on' };

  it.each([
    ['without a token', { csrf: null }],
    ['with a token of another session', { csrf: csrfToken('another session') }],
    ['with our token, sent by another site', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['with our token, sent by another host of the same site', { headers: { 'sec-fetch-site': 'same-site' } }],
  ])('%s changes nothing', async (_what, asked) => {
    const { sessionId } = await person(stage, { role: 'admin' });
    const visit = visitor(api.url, sessionId);
    const seen = await visit.post('/keys', wanted, asked);
    expect(seen.status).toBe(403);
    expect(seen.text).toContain('so nothing was changed; go back, reload the page and send it again');
    expect((await visit.get('/keys')).text).not.toContain('by a forged form');
  });
});

describe('somebody of two workspaces', () => {
  it('switches between them in the header, and sees only one at a time', async () => {
    const second = await otherWorkspace(stage, 'second workspace');
    const { userId } = await person(stage, { role: 'viewer' });
    const { sessionId } = await person(stage, { role: 'admin', userId, workspaceId: second });
    const visit = visitor(api.url, sessionId);
    expect((await visit.get('/people')).status).toBe(200);
    expect((await visit.get('/')).text).toContain('<select name="workspace" aria-label="Workspace">');
    expect(await visit.post('/you/workspace', { workspace: stage.workspaceId })).toMatchObject({
      status: 303,
      location: '/',
    });
    expect(noticeOf(visit)).toBe('You look at sandbox now.');
    expect((await visit.get('/people')).status).toBe(403);
  });

  it('cannot switch to one that they do not belong to', async () => {
    const foreign = await otherWorkspace(stage, 'foreign workspace');
    const { sessionId } = await person(stage, { role: 'admin' });
    const visit = visitor(api.url, sessionId);
    for (const workspace of [foreign, 'no id', ''])
      expect((await visit.post('/you/workspace', { workspace })).status).toBe(404);
    expect((await visit.get('/')).text).not.toContain('foreign workspace');
  });
});
