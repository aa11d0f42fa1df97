// Signing in through a provider: what is proven counts, from the first time on.
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userAgent } from '../../src/runtime/user-agent.ts';
import { otherWorkspace, visitor } from '../pages/visitor.ts';
import { begin, comeBack, type IdentityPlace, openIdentityPlace, START, somebody } from './place.ts';

let place: IdentityPlace;
beforeAll(async () => {
  place = await openIdentityPlace();
});
afterAll(() => place.close());
beforeEach(() => place.reset());

async function auditOf(type: string, email: string) {
  return place.stage.context.ledger.db.execute(
    sql`select actor ->> 'label' as who, payload ->> 'role' as role from audit_events where type = ${type} and payload ->> 'email' = ${email}`,
  );
}

describe('the first sign-in with an address that is invited', () => {
  it('makes the person a member with the role of the invitation, and the trail says so', async () => {
    const ada = somebody();
    await place.invited(ada.email, 'approver');
    const visit = visitor(place.server.url);
    expect(await place.signIn({ claims: ada }, visit)).toMatchObject({ status: 303, location: '/' });
    expect((await visit.get('/you')).text).toContain(ada.email);
    expect((await visit.get('/you')).text).toContain('approver');
    expect(await auditOf('person.joined', ada.email)).toEqual([{ who: 'Grace', role: 'approver' }]);
  });

  it('asks with PKCE, under our name, for address and profile', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const visit = visitor(place.server.url);
    const { location } = await visit.get(START);
    const query = new URL(location ?? '').searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      response_type: 'code',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      redirect_uri: `${place.server.url}/sign-in/callback`,
    });
    place.provider.says({ claims: ada });
    await comeBack(visit, { state: query.get('state') ?? '', nonce: query.get('nonce') ?? '' });
    expect(place.provider.lastChallenge()).toBe(query.get('code_challenge'));
    expect([...place.provider.callers]).toEqual([userAgent]);
  });

  it('leads back to the page that was asked for', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const visit = visitor(place.server.url);
    const asked = await visit.get('/people?role=admin');
    expect(asked.location).toBe('/sign-in?back=%2Fpeople%3Frole%3Dadmin');
    expect((await visit.get(asked.location ?? '')).text).toContain(`${START}?back=%2Fpeople%3Frole%3Dadmin`);
    const begun = await begin(visit, '/people?role=admin');
    place.provider.says({ claims: ada });
    expect((await comeBack(visit, begun)).location).toBe('/people?role=admin');
  });

  it('never leads to another site', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const visit = visitor(place.server.url);
    const begun = await begin(visit, '//evil.example/');
    place.provider.says({ claims: ada });
    expect((await comeBack(visit, begun)).location).toBe('/');
  });

  it('finds the address at the user info where the ID token tells none', async () => {
    const { sub, ...told } = somebody();
    await place.invited(told.email);
    place.provider.says({ claims: { sub }, userInfo: { sub, ...told, email: told.email.toUpperCase() } });
    // A server that has asked this provider before knows no user info of it.
    const other = await place.serve();
    const visit = visitor(other.url);
    const begun = await begin(visit);
    expect(await comeBack(visit, begun)).toMatchObject({ status: 303, location: '/' });
    await other.close();
  });

  it('does not take a flag from one place for an address from another', async () => {
    const { sub, ...told } = somebody();
    await place.invited(told.email);
    place.provider.says({ userInfo: {} });
    const other = await place.serve();
    const visit = visitor(other.url);
    const begun = await begin(visit);
    place.provider.says({
      claims: { sub, email: told.email },
      userInfo: { sub, email: 'else@example.com', email_verified: true },
    });
    expect((await comeBack(visit, begun)).text).toContain('The provider knows you as else@example.com');
    await other.close();
  });

  it('into several workspaces opens one of them, and each trail says who joined', async () => {
    const ada = somebody();
    const names = ['north', 'south'].map((name) => `${name} of ${ada.sub}`);
    const ids = await Promise.all(names.map((name) => otherWorkspace(place.stage, name)));
    for (const id of ids) await place.invited(ada.email, 'viewer', id);
    const visit = visitor(place.server.url);
    await place.signIn({ claims: ada }, visit);
    const { text } = await visit.get('/you');
    for (const name of names) expect(text).toContain(name);
    expect(await auditOf('person.joined', ada.email)).toHaveLength(2);
  });

  it('twice at once makes one person', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const visits = [visitor(place.server.url), visitor(place.server.url)];
    const begun = await Promise.all(visits.map((visit) => begin(visit)));
    place.provider.says({ claims: ada });
    const seen = await Promise.all(
      visits.map((visit, index) => comeBack(visit, begun[index] ?? { state: '', nonce: '' })),
    );
    expect(seen.map(({ status }) => status)).toEqual([303, 303]);
    const { db } = place.stage.context.ledger;
    expect(await db.execute(sql`select count(*)::int as people from users where email = ${ada.email}`)).toEqual([
      { people: 1 },
    ]);
  });
});

describe('later sign-ins', () => {
  it('go by the subject, whatever became of the address', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    await place.signIn({ claims: ada });
    expect(await place.signIn({ claims: { sub: ada.sub } })).toMatchObject({ status: 303, location: '/' });
    expect(await place.signIn({ claims: { ...ada, email: 'new@example.com', email_verified: false } })).toMatchObject({
      status: 303,
    });
  });

  it('take what one was invited to meanwhile', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    await place.signIn({ claims: ada });
    const second = await otherWorkspace(place.stage, `second of ${ada.sub}`);
    await place.invited(ada.email, 'admin', second);
    const visit = visitor(place.server.url);
    await place.signIn({ claims: ada }, visit);
    expect((await visit.get('/you')).text).toContain(`second of ${ada.sub}`);
    expect((await visit.get('/people')).status).toBe(200);
  });

  it('end the session that the browser had', async () => {
    const ada = somebody();
    await place.invited(ada.email);
    const visit = visitor(place.server.url);
    await place.signIn({ claims: ada }, visit);
    const before = visit.cookies.get('oncepost_session');
    await place.signIn({ claims: ada }, visit);
    expect(visit.cookies.get('oncepost_session')).not.toBe(before);
    expect((await visitor(place.server.url, before).get('/')).location).toBe('/sign-in');
    expect((await visit.get('/')).status).toBe(200);
  });
});
